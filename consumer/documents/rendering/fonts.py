"""The fonts of a PDF, and the characters they lack."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from consumer.documents.rendering.cleaning import Notes

_SYSTEM = Path("/usr/share/fonts/truetype/dejavu")
_OWN = Path(reportlab.__file__).parent / "fonts"
_DEJAVU = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono")
_VERA = ("Vera", "VeraBd", "VeraIt", "Vera")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names of fonts that are registered, by what they are for."""

    text: str
    bold: str
    italic: str
    mono: str


@cache
def fonts(system: Path = _SYSTEM) -> Fonts:
    """Register DejaVu Sans where the system has it, else what the PDF library brings along."""
    found = all((system / f"{name}.ttf").is_file() for name in _DEJAVU)
    folder, names = (system, _DEJAVU) if found else (_OWN, _VERA)
    for name in names:
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    return Fonts(*names)


def printable(text: str, font: str, notes: Notes) -> str:
    """Return a text in characters that a font has; one it lacks becomes `[U+4E2D]`, noted."""
    if text.isascii():
        return text
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    if _RIGHT_TO_LEFT.search(text):
        notes.add("the PDF writes right-to-left text from left to right")
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    missing = {character for character in text if ord(character) not in glyphs} - {"\n", "\t"}
    for character in sorted(missing):
        code = f"U+{ord(character):04X}"
        notes.add(f"the font {font} lacks {code} {unicodedata.name(character, 'without a name')}")
        text = text.replace(character, f"[{code}]")
    return text
