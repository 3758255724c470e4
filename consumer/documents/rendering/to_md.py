"""The document as Markdown (CommonMark with the tables of GitHub)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consumer.documents.rendering.blocks import (
    Block,
    Code,
    Heading,
    Image,
    Items,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from consumer.documents.rendering.cleaning import Notes, line, shown
from consumer.documents.rendering.models import Manuscript, Rendered

_SPECIAL = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w+;)")
_LEADING = re.compile(r"[#+\-=>:]|\d{1,9}(?=[.)](?:\s|$))")
_NOT_IN_LANGUAGE = re.compile(r"[^\w.+#-]")
_BACKTICKS = re.compile("`+")


def render(manuscript: Manuscript) -> Rendered:
    """Write Markdown that reads as the same text again, whatever marks the text holds."""
    notes = Notes()
    parts = [_heading(manuscript.title, 0)] if manuscript.title else []
    for number, chapter in enumerate(manuscript.chapters):
        if number:
            parts.append("---")
        if chapter.title:
            parts.append(_heading(chapter.title, 0))
        parts += _blocks(chapter.blocks, notes)
    text = "\n\n".join(part for part in parts if part)
    told = (*manuscript.notes, *notes.told())
    return Rendered(f"{text}\n".encode(), "text/markdown; charset=utf-8", ".md", told)


def escape(text: str) -> str:
    """Return a text in which Markdown finds no marks; newlines stay line breaks."""
    rows = [_line(row) for row in text.split("\n")]
    return "\\\n".join(row or "&nbsp;" for row in rows) if len(rows) > 1 else rows[0]


def _line(row: str) -> str:
    row = _SPECIAL.sub(r"\\\g<0>", row.strip())
    found = _LEADING.match(row)
    if not found:
        return row
    start = found.end() if row[0].isdigit() else 0
    return f"{row[:start]}\\{row[start:]}"


def _heading(text: str, level: int) -> str:
    return f"{'#' * min(level + 1, 6)} {escape(text)}"


def _blocks(blocks: tuple[Block, ...], notes: Notes) -> Iterator[str]:
    """Write blocks; two lists in a row get different marks, or they would become one."""
    odd = False
    for before, block in zip((None, *blocks), blocks, strict=False):
        if isinstance(block, Items):
            odd = not odd and isinstance(before, Items)
            yield "\n".join(_items(block, "", odd))
        else:
            yield "\n".join(_block(block, notes))


def _block(block: Block, notes: Notes) -> Iterator[str]:
    match block:
        case Heading(text=text, level=level):
            yield _heading(text, level)
        case Paragraph(text=text):
            yield escape(text)
        case Table():
            yield from _table(block)
        case Code():
            yield from _code(block)
        case Image():
            if block.base64:
                notes.add("a picture is not in the Markdown, its description is")
            yield escape(block.words)
        case Quote():
            source = f"\n— {block.source}" if block.source else ""
            yield from (f"> {row}" for row in escape(block.text + source).split("\n"))
        case PageBreak():
            yield "---"


def _items(items: Items, indent: str, odd: bool) -> Iterator[str]:
    for number, item in enumerate(items.items, 1):
        mark = f"{number}{')' if odd else '.'}" if items.ordered else "*" if odd else "-"
        inner = indent + " " * (len(mark) + 1)
        text = escape(item.text).replace("\n", f"\n{inner}")
        yield f"{indent}{mark} {text or '&nbsp;'}"
        if item.below:
            yield from _items(item.below, inner, False)


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"{escape(table.caption)}\n"
    yield _row(table.headers or ("",) * table.width)
    yield "|" + " --- |" * table.width
    yield from (_row(tuple(map(shown, row))) for row in table.rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return "<br>".join(_SPECIAL.sub(r"\\\g<0>", row.strip()) for row in text.split("\n"))


def _code(code: Code) -> Iterator[str]:
    longest = max((len(run) for run in _BACKTICKS.findall(code.text)), default=0)
    fence = "`" * max(longest + 1, 3)
    yield f"{fence}{_NOT_IN_LANGUAGE.sub('', line(code.language))}"
    yield code.text
    yield fence
