"""Documents of the shapes that are generated: prose, long tables, nested lists, many scripts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

_WORDS = (
    *("der", "die", "das", "ein", "eine", "und", "jedoch", "bleibt", "offen", "ob", "weil"),
    *("Bericht", "Vertrag", "Umsatz", "Quartal", "Kosten", "Lieferung", "Prüfung", "Größe"),
    *("steigt", "fällt", "ergibt", "gegenüber", "Vorjahr", "keine", "wesentlichen", "über"),
    *("Abweichungen", "Maßnahme", "Straße", "Übersicht", "the", "revenue", "of", "previous"),
    *("years", "remains", "unchanged"),
)
_SCRIPTS = ("😀", "漢字", "Ελλάδα", "Привет", "naïve", '"wörtlich"', "C:\\Pfad\\neu", "a\tb", "🏳️‍🌈")


def _sentence(draw: random.Random) -> str:
    words = [draw.choice(_WORDS) for _ in range(draw.randint(5, 18))]
    if draw.random() < 0.2:
        words.insert(draw.randrange(len(words)), draw.choice(_SCRIPTS))
    if draw.random() < 0.15:
        words.append(str(draw.randint(1, 99_999)))
    return " ".join(words).capitalize() + "."


def _text(draw: random.Random, sentences: int) -> str:
    return draw.choice((" ", " ", "\n")).join(_sentence(draw) for _ in range(sentences))


def _section(place: int, kind: str, elements: list[Any], title: str = "Abschnitt") -> Any:
    return {
        "id": f"section_{place}",
        "content_type": kind,
        "title": f"{title} {place}",
        "order": place,
        "elements": elements,
    }


def _document(title: str, sections: list[Any]) -> Any:
    return {
        "metadata": {"title": title, "filename": "bericht.docx"},
        "documents": [{"sections": sections}],
    }


def prose(draw: random.Random) -> Any:
    """Headings and paragraphs; now and then a sentence stands twice."""
    sections = []
    for place in range(1, 25):
        text = _text(draw, draw.randint(2, 9))
        text = f"{text} {text.split('.')[0]}." if draw.random() < 0.1 else text
        element = {"text": text, "level": 2} if place % 6 == 1 else {"text": text}
        sections.append(_section(place, "heading" if place % 6 == 1 else "paragraph", [element]))
    return _document("Prüfbericht", sections)


def table(draw: random.Random) -> Any:
    """A table of 1,000 rows; some follow each other unchanged, some hold nulls and 1e-7."""
    rows: list[Any] = []
    for number in range(1000):
        if rows and draw.random() < 0.04:
            rows.append(list(rows[-1]))
            continue
        amount = draw.choice((draw.randint(0, 9), round(draw.random() * 1e4, 2), 1e-7, None))
        rows.append(
            [number, draw.choice(_WORDS), amount, draw.random() < 0.5, _sentence(draw)[:20]]
        )
    laid = {"caption": "Alle", "headers": ["Nr", "Wort", "Wert", "Ja", "Text"], "rows": rows}
    after = _section(3, "paragraph", [{"text": _text(draw, 3)}])
    return _document("Daten", [_section(1, "table", [laid]), after])


def nested(draw: random.Random) -> Any:
    """Lists in lists in objects, of changing width, with the same numbers again and again."""

    def grown(depth: int) -> Any:
        if depth == 0 or draw.random() < 0.15:
            return draw.choice((0, 1, -1, 12.5, True, None, "", "x", _sentence(draw), [], {}))
        if draw.random() < 0.5:
            return [grown(depth - 1) for _ in range(draw.randint(0, 5))]
        return {draw.choice(_WORDS): grown(depth - 1) for _ in range(draw.randint(0, 5))}

    items = [{"text": _sentence(draw), "items": [grown(4) for _ in range(6)]} for _ in range(12)]
    zeros = {"zeros": [0] * 60, "ones": [[1, 1], [1, 1], [1, 1]], "deep": grown(6)}
    sections = [_section(1, "list", [{"items": items}]), _section(2, "code", [zeros])]
    return {"statistics": zeros, **_document("Tief", sections), "after": grown(4)}


def _cell(draw: random.Random) -> str:
    return " ".join(draw.choice(_SCRIPTS) for _ in range(draw.randint(0, 5)))


def scripts(draw: random.Random) -> Any:
    """Short cells of many scripts, quotes and backslashes, and lists of almost equal items."""
    rows = [
        {"名前": _cell(draw), "quote": _cell(draw), "n": draw.randint(0, 3)} for _ in range(150)
    ]
    items = [f"Punkt {number % 7}" for number in range(120)]
    sections = [
        _section(1, "table", [{"rows": rows}]),
        _section(2, "list", [{"items": items, "ordered": True}]),
        _section(3, "quote", [{"text": _text(draw, 6), "source": _cell(draw)}]),
    ]
    return _document("Schriften 漢字", sections)


SHAPES: dict[str, Callable[[random.Random], Any]] = {
    "prose": prose,
    "table": table,
    "nested": nested,
    "scripts": scripts,
}


def laid_out(value: Any, draw: random.Random) -> str:
    """Write a value compactly, with spaces, or indented; in ASCII or not."""
    ascii_only = draw.random() < 0.4
    style = draw.choice(("compact", "spaced", "indented"))
    if style == "indented":
        return json.dumps(value, ensure_ascii=ascii_only, indent=draw.choice((1, 2, 4)))
    separators = (",", ":") if style == "compact" else None
    return json.dumps(value, ensure_ascii=ascii_only, separators=separators)


def large(size: int, draw: random.Random) -> str:
    """Return a document of about `size` characters, half of it tables, half prose."""
    sections: list[Any] = []
    length = 0
    while length < size:
        place = len(sections) + 1
        rows = [[number, _sentence(draw), draw.random()] for number in range(300)]
        laid = {"headers": ["a", "b", "c"], "rows": rows}
        paragraphs = [{"text": _text(draw, 40)} for _ in range(8)]
        kind = draw.choice(("table", "paragraph"))
        sections.append(_section(place, kind, [laid] if kind == "table" else paragraphs))
        length += len(json.dumps(sections[-1], ensure_ascii=False))
    return json.dumps(_document("Groß", sections), ensure_ascii=False)
