"""How the parts of a PDF look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle

from consumer.documents.rendering.fonts import fonts

_SIZES = (20, 16, 13.5, 12, 11, 10.5, 10)
_STEP = 14


@dataclass(frozen=True, slots=True)
class Styles:
    """A style for each kind of text."""

    text: Any
    code: Any
    quote: Any
    caption: Any
    cell: Any
    header: Any


@cache
def styles() -> Styles:
    """Return the styles, in the fonts of this machine."""
    use = fonts()
    text = ParagraphStyle("text", fontName=use.text, fontSize=10, leading=14, spaceAfter=6)
    cell = ParagraphStyle("cell", fontName=use.text, fontSize=8.5, leading=11, allowOrphans=1)
    return Styles(
        text=text,
        code=ParagraphStyle(
            "code",
            text,
            fontName=use.mono,
            fontSize=8,
            leading=10.5,
            leftIndent=8,
            backColor=HexColor("#f3f3f3"),
            borderPadding=(3, 3, 3, 3),
            spaceBefore=4,
            spaceAfter=8,
        ),
        quote=ParagraphStyle(
            "quote", text, fontName=use.italic, leftIndent=18, rightIndent=18, spaceBefore=4
        ),
        caption=ParagraphStyle(
            "caption", text, fontName=use.italic, fontSize=9, spaceAfter=3, keepWithNext=1
        ),
        cell=cell,
        header=ParagraphStyle("header", cell, fontName=use.bold),
    )


@cache
def heading_style(level: int) -> Any:
    """Return the style of a heading; level 0 is the title."""
    size = _SIZES[level]
    return ParagraphStyle(
        f"heading{level}",
        fontName=fonts().bold,
        fontSize=size,
        leading=size * 1.25,
        spaceBefore=size * 0.8,
        spaceAfter=size * 0.4,
        keepWithNext=1,
    )


@cache
def indented(depth: int) -> Any:
    """Return the style of a list item; depth 1 is the outermost list."""
    left = _STEP * min(depth, 15) + 6
    return ParagraphStyle(
        f"item{depth}", styles().text, leftIndent=left, bulletIndent=left - _STEP, spaceAfter=2
    )
