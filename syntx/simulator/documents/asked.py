"""What a prompt of a document job asks for: its role, its order, and its named sections."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ROLES = ("planner", "analyst", "writer", "judge")
_OPENING = re.compile(r'^<([a-z]+)((?: [A-Za-z_]+="(?:[^"\\]|\\.)*")*)>$')
_ATTRIBUTE = re.compile(r' ([A-Za-z_]+)=("(?:[^"\\]|\\.)*")')
_ESCAPED = re.compile(r"<\\(?=/[a-z]+>)")
_ITEM = re.compile(r"^(?:[-*]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Text between tags, as its author wrote it, and what the tag says of it."""

    tag: str
    attributes: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One order to one role."""

    role: str
    order: str
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def request(self) -> str:
        """The request of the user who started it all."""
        section = self.sections.get("Request", "")
        return "\n".join(piece.text for piece in foreign(section)).strip() or section.strip()

    @property
    def wishes(self) -> dict[str, Any]:
        """Format, title, language and kind, as far as somebody wished for them."""
        found = self.json("Wishes")
        return found if isinstance(found, dict) else {}

    def wish(self, name: str) -> str:
        """Return what is wished under a name, or an empty text."""
        found = self.wishes.get(name)
        return found.strip() if isinstance(found, str) else ""

    def json(self, title: str) -> Any:
        """Return the value a section holds, or None."""
        try:
            return json.loads(self.sections.get(title, ""))
        except ValueError:
            return None

    def objects(self, title: str) -> list[dict[str, Any]]:
        """Return the JSON objects of a section that holds one or a list of them."""
        found = self.json(title)
        listed = found if isinstance(found, list) else [found]
        return [each for each in listed if isinstance(each, dict)]

    def lines(self, title: str) -> list[str]:
        """Return the lines of a section without their bullets or numbers."""
        said = self.sections.get(title, "").splitlines()
        return [_ITEM.sub("", line).strip() for line in said if line.strip()]

    def foreign(self, title: str) -> list[Foreign]:
        """Return the tagged texts of a section."""
        return foreign(self.sections.get(title, ""))


def read_asked(text: str) -> Asked | None:
    """Return what a prompt asks for, or None if it is none of a document job."""
    if not text.startswith("# Role\n"):
        return None
    sections = _sections(text.splitlines())
    role, order = sections.pop("Role", ""), sections.pop("Order", "")
    return Asked(role, order, sections) if role in ROLES and order.isalpha() else None


def foreign(section: str) -> list[Foreign]:
    """Return the tagged texts of a text, in their order."""
    found: list[Foreign] = []
    lines = iter(section.splitlines())
    for line in lines:
        opening = _OPENING.match(line)
        if opening:
            tag, attributes = opening.groups()
            inside = _until(f"</{tag}>", lines)
            told = {name: json.loads(value) for name, value in _ATTRIBUTE.findall(attributes)}
            found.append(Foreign(tag, told, _ESCAPED.sub("<", "\n".join(inside))))
    return found


def _until(closing: str, lines: Any) -> list[str]:
    inside: list[str] = []
    for line in lines:
        if line == closing:
            break
        inside.append(line)
    return inside


def _sections(lines: Sequence[str]) -> dict[str, str]:
    """Split a prompt at its headings; those between tags are somebody else's."""
    kept: dict[str, list[str]] = {}
    current: list[str] = []
    closing = ""
    for line in lines:
        if not closing and line.startswith("# "):
            current = kept.setdefault(line[2:].strip(), [])
            continue
        if closing:
            closing = "" if line == closing else closing
        elif opening := _OPENING.match(line):
            closing = f"</{opening[1]}>"
        current.append(line)
    return {title: "\n".join(said).strip() for title, said in kept.items()}
