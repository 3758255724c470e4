"""Playing the writer: a document made of the content, as full as its targets ask."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import groupby
from random import Random
from typing import Any

from syntx.simulator.documents.analysing import findings, subject_of
from syntx.simulator.documents.asked import Asked
from syntx.simulator.documents.contents import Part, read_parts
from syntx.simulator.documents.filling import fill
from syntx.simulator.documents.targets import read_targets
from syntx.simulator.documents.tongues import Tongue, tongue_for

FINDINGS = "findings.md"
"""How the content is named that an analyst wrote before."""
ROWS = {"data": 5_000}
OTHER_ROWS = 200
SENTENCES_PER_PARAGRAPH = 5
FLAW_SHARE = 0.3
"""How often a first version falls short; one that was told what is missing never does."""

Section = dict[str, Any]
_QUOTED = re.compile(r"[„\"“»]([^„\"“”«»\n]{2,60})[\"“”«]")
_FILE_NAME = re.compile(r"[^\w.-]+")
_SUFFIX = re.compile(r"\.(?:docx|pdf|xlsx|html|md|csv|txt|json)$", re.IGNORECASE)


def write(asked: Asked, chance: Random, *, flawless: bool = False) -> str:
    """Return a document as JSON text; the same chance gives the same text."""
    document = compose(asked)
    told = bool(asked.lines("Suggestions"))
    if chance.random() < FLAW_SHARE and not flawless and not told:
        _fall_short(document["documents"][0]["sections"], chance)
    indent = chance.choice((None, 1, 2))
    return json.dumps(document, ensure_ascii=False, indent=indent)


def compose(asked: Asked) -> dict[str, Any]:
    """Return the whole document, without a flaw."""
    tongue = tongue_for(asked.wish("language"), asked.request)
    title = asked.wish("title") or _title(asked.request, tongue)
    targets = read_targets(asked)
    sections = _sections(asked, tongue, title)
    fill(sections, targets, tongue, subject_of(asked.request, tongue))
    wished = {target.key: target.value for target in targets if target.counted == "metadata"}
    metadata = {"title": title, "filename": _file_name(title, asked), "language": tongue.code}
    return {"metadata": {**metadata, **wished}, "documents": [{"sections": _numbered(sections)}]}


def heading(text: str, level: int) -> Section:
    """Return a section that is a heading."""
    return _section("heading", text, {"text": text, "level": level})


def paragraph(title: str, text: str) -> Section:
    """Return a section that is a paragraph."""
    return _section("paragraph", title, {"text": text})


def _section(content_type: str, title: str, *elements: dict[str, Any]) -> Section:
    return {"content_type": content_type, "title": title, "elements": list(elements)}


def _sections(asked: Asked, tongue: Tongue, title: str) -> list[Section]:
    carried = read_parts(asked)
    parts = [part for part in carried if part.label != FINDINGS]
    files = ", ".join(dict.fromkeys(part.file for part in parts))
    request = " ".join(asked.request.split())
    told = tongue.sources.format(files=files) if parts else tongue.nothing
    summary = f"{tongue.about.format(request=_closed(request))} {told}"
    subject = subject_of(asked.request, tongue)
    return [
        heading(title, 1),
        heading(tongue.summary, 2),
        paragraph(tongue.summary, summary),
        *_named(asked, title, parts, tongue),
        *_of_parts(parts, asked.wish("kind")),
        *_findings(asked, carried, tongue),
        heading(tongue.conclusion, 2),
        paragraph(tongue.conclusion, tongue.closing.format(subject=subject)),
    ]


def _named(asked: Asked, title: str, parts: Sequence[Part], tongue: Tongue) -> list[Section]:
    """Return the sections whose names the request quotes, with what the content says to them."""
    found: list[Section] = []
    for name in dict.fromkeys(_QUOTED.findall(asked.request)):
        if name == title or _SUFFIX.search(name):
            continue
        stem = name.casefold()[:6]
        sentences = [each for part in parts for each in part.sentences() if stem in each.casefold()]
        text = " ".join(sentences[:SENTENCES_PER_PARAGRAPH]) or tongue.closing.format(subject=name)
        found += [heading(name, 2), paragraph(name, text)]
    return found


def _of_parts(parts: Sequence[Part], kind: str) -> list[Section]:
    """Return what the parts hold; those of one name stand below one heading."""
    return [
        section
        for name, run in groupby(parts, lambda part: part.name)
        for section in (heading(name, 2), *(_of_part(part, kind) for part in run))
    ]


def _of_part(part: Part, kind: str) -> Section:
    table = part.table()
    if table is not None and table.rows:
        rows = [list(row) for row in table.rows[: ROWS.get(kind, OTHER_ROWS)]]
        headers = [header or f"({place})" for place, header in enumerate(table.headers, 1)]
        element = {"caption": part.file, "headers": headers, "rows": rows}
        return _section("table", part.name, element)
    sentences = part.sentences()
    starts = range(0, len(sentences), SENTENCES_PER_PARAGRAPH)
    texts = [" ".join(sentences[start : start + SENTENCES_PER_PARAGRAPH]) for start in starts]
    elements = [{"text": text} for text in texts]
    return _section("paragraph", part.name, *elements)


def _findings(asked: Asked, parts: Sequence[Part], tongue: Tongue) -> list[Section]:
    found: list[str] = []
    for part in parts:
        found += part.items() if part.label == FINDINGS else findings(part, tongue)
    items = list(dict.fromkeys([*found, *asked.lines("Learnings")]))
    if not items:
        return []
    element = {"items": items, "ordered": False}
    return [heading(tongue.findings, 2), _section("list", tongue.findings, element)]


def _fall_short(sections: list[Section], chance: Random) -> None:
    """Leave out rows of the longest table or, without one, what is said last."""
    elements = [element for section in sections for element in section["elements"]]
    tables: list[list[Any]] = [element["rows"] for element in elements if "rows" in element]
    longest = max(tables, key=len, default=[])
    if len(longest) > 2:
        del longest[round(len(longest) * chance.uniform(0.3, 0.7)) :]
    else:
        sections[-1]["elements"] = [{"text": ""}]


def _numbered(sections: list[Section]) -> list[Section]:
    return [
        {"id": f"section_{number}", **section, "order": number}
        for number, section in enumerate(sections, 1)
    ]


def _title(request: str, tongue: Tongue) -> str:
    words = [word for word in subject_of(request, tongue).split(", ") if word != tongue.title]
    return ": ".join(filter(None, (tongue.title, ", ".join(words))))[:80]


def _file_name(title: str, asked: Asked) -> str:
    stem = _FILE_NAME.sub("_", title).strip("_.") or "document"
    return f"{stem[:60]}.{asked.wish('format') or 'json'}"


def _closed(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
