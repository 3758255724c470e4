"""The words of one DOCX paragraph, and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consumer.documents.extraction.ooxml import Relation, attribute, elements, local

_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "Fallback", "pPr", "rPr", "sdtPr", "tbl"}
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_REFERENCES = {"footnoteReference": "^", "endnoteReference": "^e", "commentReference": "c"}


@dataclass
class Words:
    """A paragraph read: its text, and the boxes and graphics anchored in it."""

    text: str = ""
    boxes: list[Any] = field(default_factory=list)
    graphics: list[Any] = field(default_factory=list)


def words_of(paragraph: Any, relations: Mapping[str, Relation]) -> Words:
    """Read a paragraph: tracked insertions are in it, deletions are not.

    Notes and comments are marked where they stand (`[^2]`, `[^e1]`, `[c0]`), links are followed
    by their target. The stack is ours, as fields and content controls may nest deeply.
    """
    words = Words()
    out: list[str] = []
    stack: list[Any] = [paragraph]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            out.append(element)
            continue
        name = local(element)
        if name in _SKIPPED:
            continue
        if name == "txbxContent":
            words.boxes.append(element)
        elif name in {"chart", "relIds"}:
            words.graphics.append(element)
        elif name == "t":
            out.append(element.text or "")
        else:
            out.append(_sign(element, name))
            stack.extend(reversed(_within(element, name, relations)))
    words.text = "".join(out).strip()
    return words


def _sign(element: Any, name: str) -> str:
    if name in _SIGNS:
        return _SIGNS[name]
    if name in _REFERENCES:
        return f"[{_REFERENCES[name]}{attribute(element, 'id')}]"
    if name == "docPr" and attribute(element, "descr"):
        return f"[image: {attribute(element, 'descr')}]"
    if name == "sym":
        return _symbol(attribute(element, "char"))
    return ""


def _within(element: Any, name: str, relations: Mapping[str, Relation]) -> list[Any]:
    inside = list(elements(element))
    if name == "hyperlink":
        relation = relations.get(attribute(element, "id") or "")
        if relation and relation.external:
            inside.append(f" <{relation.target}>")
    return inside


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""
