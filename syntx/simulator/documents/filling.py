"""Adding to a document what its targets ask for beyond what the content has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syntx.simulator.documents.targets import Target
from syntx.simulator.documents.tongues import Tongue

Section = dict[str, Any]
_TYPES = {"rows": "table", "items": "list"}


def fill(sections: list[Section], targets: Sequence[Target], tongue: Tongue, subject: str) -> None:
    """Lengthen tables, lists and the document itself until each target is met."""
    for target in sorted(targets, key=lambda target: target.counted == "sections"):
        if target.counted in _TYPES:
            _lengthen(sections, target, tongue, subject)
        elif target.counted == "sections":
            _multiply(sections, target, tongue, subject)


def _lengthen(sections: list[Section], target: Target, tongue: Tongue, subject: str) -> None:
    section = _section_for(sections, target, tongue)
    element, key = section["elements"][0], target.counted
    listed = element[key]
    own, start = len(listed), len(listed)
    for number in range(start + 1, target.amount + 1):
        told = tongue.entry.format(number=number, subject=subject)
        if key == "items":
            listed.append(told)
        else:
            listed.append(_row(listed[(number - 1) % own] if own else None, number, told, element))


def _row(like: list[str] | None, number: int, told: str, element: dict[str, Any]) -> list[str]:
    if like is None:
        cells = [str(number), told, str(number * 10)]
        return (cells + [""] * len(element["headers"]))[: len(element["headers"])]
    return [f"{like[0]} ({number})", *like[1:]]


def _section_for(sections: list[Section], target: Target, tongue: Tongue) -> Section:
    """Return the section a target counts in; one that is missing is added."""
    wanted = _TYPES[target.counted]
    fitting = [section for section in sections if section["content_type"] == wanted]
    if target.place is not None:
        at_place = sections[target.place : target.place + 1]
        if at_place and at_place[0] in fitting:
            return at_place[0]
    elif target.named:
        fitting = [section for section in fitting if section["title"] == target.named]
    if fitting and target.place is None:
        return max(fitting, key=lambda section: len(section["elements"][0][target.counted]))
    added = _empty(wanted, target.named or tongue.data, tongue)
    sections.insert(len(sections) if target.place is None else target.place, added)
    return added


def _empty(content_type: str, title: str, tongue: Tongue) -> Section:
    element: dict[str, Any] = {"caption": title, "headers": list(tongue.headers), "rows": []}
    if content_type == "list":
        element = {"items": [], "ordered": True}
    return {"content_type": content_type, "title": title, "elements": [element]}


def _multiply(sections: list[Section], target: Target, tongue: Tongue, subject: str) -> None:
    wanted = target.typed or "paragraph"
    counted = [each for each in sections if target.typed in ("", each["content_type"])]
    for number in range(len(counted) + 1, target.amount + 1):
        told = tongue.entry.format(number=number, subject=subject)
        element: dict[str, Any] = {"text": f"{told}."}
        if wanted == "heading":
            element = {"text": told, "level": 2}
        elif wanted in _TYPES.values():
            element = _empty(wanted, told, tongue)["elements"][0]
            element["rows" if wanted == "table" else "items"] = (
                [_row(None, number, told, element)] if wanted == "table" else [told]
            )
        sections.append({"content_type": wanted, "title": told, "elements": [element]})
