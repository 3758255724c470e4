"""A plain answer as a document of headings, paragraphs, lists, tables and code, as in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from consumer.documents.generation.models import (
    DocumentStructure,
    SectionStructure,
    UnifiedJsonDocument,
)

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*\Z")
_BULLET = re.compile(r"\s*[-*+•]\s+(.+)\Z")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(.+)\Z")
_FENCE = re.compile(r"\s*(```|~~~)\s*([\w+-]*)\s*\Z")
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*\Z")
_EMPHASIS = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*|__(\S(?:.*?\S)?)__")

Block = tuple[str, dict[str, Any]]


def document_of(text: str, title: str, language: str) -> UnifiedJsonDocument:
    """Return the text as a document; nothing of it is left out."""
    blocks = _blocks(text.strip().splitlines())
    sections = tuple(
        SectionStructure(id=f"section_{n}", content_type=kind, order=n, elements=(element,))
        for n, (kind, element) in enumerate(blocks, 1)
    )
    return UnifiedJsonDocument(
        metadata={"title": title, "language": language},
        documents=(DocumentStructure(sections=sections),),
    )


def title_of(text: str, request: str) -> str:
    """Return a title for an answer: its own first heading, else how the request begins."""
    lines = text.strip().splitlines()
    heading = _HEADING.match(lines[0]) if lines else None
    if heading:
        return _plain(heading[2])
    words = request.split()
    return " ".join(words[:10]) + (" …" if len(words) > 10 else "")


def _blocks(lines: Sequence[str]) -> list[Block]:
    found: list[Block] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        block, at = _block(lines, at)
        found.append(block)
    return found


def _block(lines: Sequence[str], at: int) -> tuple[Block, int]:
    line = lines[at]
    heading = _HEADING.match(line)
    if heading:
        return ("heading", {"text": _plain(heading[2]), "level": len(heading[1])}), at + 1
    fence = _FENCE.match(line)
    if fence:
        return _code(lines, at, fence)
    if "|" in line and at + 1 < len(lines) and "|" in lines[at + 1] and _RULE.match(lines[at + 1]):
        return _table(lines, at)
    for pattern, ordered in ((_BULLET, False), (_NUMBER, True)):
        if pattern.match(line):
            return _list(lines, at, pattern, ordered)
    return _paragraph(lines, at)


def _code(lines: Sequence[str], at: int, fence: re.Match[str]) -> tuple[Block, int]:
    end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() == fence[1]), len(lines))
    code: dict[str, Any] = {"code": "\n".join(lines[at + 1 : end])}
    if fence[2]:
        code["language"] = fence[2]
    return ("code", code), end + 1


def _table(lines: Sequence[str], at: int) -> tuple[Block, int]:
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    rows = [_cells(line) for line in lines[at + 2 : end]]
    return ("table", {"headers": _cells(lines[at]), "rows": rows}), end


def _list(
    lines: Sequence[str], at: int, pattern: re.Pattern[str], ordered: bool
) -> tuple[Block, int]:
    items: list[str] = []
    while at < len(lines) and (item := pattern.match(lines[at])):
        items.append(_plain(item[1]))
        at += 1
    return ("list", {"items": items, "ordered": ordered}), at


def _paragraph(lines: Sequence[str], at: int) -> tuple[Block, int]:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins_other(lines[end]):
        end += 1
    text = " ".join(line.strip() for line in lines[at:end])
    return ("paragraph", {"text": _plain(text)}), end


def _begins_other(line: str) -> bool:
    return any(one.match(line) for one in (_HEADING, _FENCE, _BULLET, _NUMBER))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [_plain(cell.strip()) for cell in re.split(r"(?<!\\)\|", inner)]


def _plain(text: str) -> str:
    """Take the marks of bold text off; single signs may be meant."""
    return _EMPHASIS.sub(lambda found: found[1] or found[2], text)
