"""A UnifiedJsonDocument read as the manuscript that every renderer is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from consumer.documents.generation.models import (
    DocumentStructure,
    SectionStructure,
    UnifiedJsonDocument,
)
from consumer.documents.rendering.blocks import Block, Heading, Items, PageBreak, Paragraph
from consumer.documents.rendering.cleaning import Notes, line, text_of
from consumer.documents.rendering.elements import read_elements
from consumer.documents.rendering.models import Chapter, Manuscript
from consumer.documents.rendering.taking import Element

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ABOUT = ("metadata", "title", "filename", "fileName", "name", "language")


def read(document: UnifiedJsonDocument, title: str | None = None) -> Manuscript:
    """Read a document for rendering; `title` goes before the one in its metadata."""
    notes = Notes()
    about = document.metadata or {}
    chapters = [_chapter(part, notes) for part in document.documents]
    whole = line(text_of(title or about.get("title"), notes))
    if not whole and chapters:
        whole = chapters[0].title
    chapters = [_untitled(chapter, whole) for chapter in chapters]
    return Manuscript(
        title=whole,
        language=_language(about, notes),
        author=line(text_of(about.get("author"), notes)),
        chapters=tuple(chapter for chapter in chapters if chapter.title or chapter.blocks),
        source=document,
        notes=notes.told(),
    )


def _language(about: Mapping[str, object], notes: Notes) -> str:
    told = text_of(about.get("language"), notes).strip().replace("_", "-")
    return told if _LANGUAGE.fullmatch(told) else ""


def _chapter(document: DocumentStructure, notes: Notes) -> Chapter:
    extra = dict(document.model_extra or {})
    about = extra.get("metadata")
    named = about.get("title") if isinstance(about, Mapping) else None
    title = line(text_of(named or extra.get("title"), notes))
    blocks: list[Block] = []
    for section in sorted(document.sections, key=lambda section: section.order):
        open_now = next((each for each in reversed(blocks) if isinstance(each, Heading)), None)
        blocks += _section(section, open_now, notes)
    left = Element({key: held for key, held in extra.items() if key not in _ABOUT}, notes)
    blocks += [Paragraph(text) for text in left.rest()]
    return Chapter(title, tuple(_without_empty_pages(blocks)))


def _without_empty_pages(blocks: list[Block]) -> list[Block]:
    """Drop page breaks before and after everything, and all but one in a row."""
    kept: list[Block] = []
    for block in blocks:
        if not isinstance(block, PageBreak) or (kept and not isinstance(kept[-1], PageBreak)):
            kept.append(block)
    if kept and isinstance(kept[-1], PageBreak):
        kept.pop()
    return kept


def _section(section: SectionStructure, open_now: Heading | None, notes: Notes) -> list[Block]:
    """Read a section; its title is left out where the open heading or its first one says it."""
    title = line(text_of(section.title, notes))
    blocks = read_elements(section.content_type, section.elements, notes)
    blocks = [block for block in blocks if not (isinstance(block, Items) and not block.items)]
    left = Element(section.model_extra or {}, notes)
    blocks += [Paragraph(text) for text in left.rest()]
    beside = (open_now, *blocks[:1])
    if not title or any(isinstance(one, Heading) and one.text == title for one in beside):
        return blocks
    return [Heading(title, 1), *blocks]


def _untitled(chapter: Chapter, title: str) -> Chapter:
    """Drop the title of a chapter, and its first heading, where they only repeat the title."""
    blocks, own = chapter.blocks, chapter.title if chapter.title != title else ""
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and first.text in (title, own):
        blocks = _raised(blocks[1:])
    return Chapter(own, blocks)


def _raised(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Raise headings to level 1 that stood below one which is the title now."""
    below = min((block.level for block in blocks if isinstance(block, Heading)), default=1) - 1
    return tuple(
        replace(block, level=block.level - below) if isinstance(block, Heading) else block
        for block in blocks
    )
