"""Playing the planner, first: what is asked, and which deliverables it takes."""

from __future__ import annotations

import json
import re
from typing import Any

from syntx.simulator.documents.analysing import subject_of
from syntx.simulator.documents.asked import Asked
from syntx.simulator.documents.tongues import tongue_for

MOST_CRITERIA = 6
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
"""Ends of sentences, paragraphs and items; a line that is merely broken goes on."""
_FORMATS = {
    "docx": r"\bdocx\b|\bword\b",
    "pdf": r"\bpdf\b",
    "xlsx": r"\bxlsx\b|\bexcel",
    "html": r"\bhtml\b|\bweb(?:seite|page)\b",
    "md": r"\bmarkdown\b",
    "csv": r"\bcsv\b",
    "txt": r"\btxt\b|\btextdatei\b|\bplain text\b",
    "json": r"\bjson\b",
}
_DELIVERS = re.compile(
    r"\b(?:als|as|in|im Format|format|und|and|eine?|sowie|plus)\s+(?:\w+\s+){0,2}"
)


def understand(asked: Asked) -> str:
    """Return what was understood as JSON text: one task for each format asked for."""
    tongue = tongue_for(asked.wish("language"), asked.request)
    subject = subject_of(asked.request, tongue)
    formats = _wished(asked) or formats_in(asked.request)
    tasks = [
        _task(asked, number, form, formats[: number - 1]) for number, form in enumerate(formats, 1)
    ]
    found = {
        "intent": tongue.intent.format(subject=subject),
        "language": asked.wish("language") or tongue.code,
        "tasks": tasks,
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def formats_in(request: str) -> list[str | None]:
    """Return the formats a request asks for, in its order; a single None where it names none."""
    named = {
        form: found.start()
        for form, words in _FORMATS.items()
        if (found := re.search(f"{_DELIVERS.pattern}(?:{words})", request, re.IGNORECASE))
    }
    return [*sorted(named, key=named.__getitem__)] or [None]


def _wished(asked: Asked) -> list[str | None]:
    several = asked.wishes.get("formats")
    listed = [str(form) for form in several] if isinstance(several, list) else []
    return [*(listed or filter(None, [asked.wish("format")]))]


def _task(asked: Asked, number: int, form: str | None, before: list[str | None]) -> dict[str, Any]:
    sentences = [" ".join(each.split()) for each in _SENTENCE.split(asked.request)]
    criteria = [each for each in sentences if len(each.split()) > 2][:MOST_CRITERIA]
    objective = criteria[0] if criteria else asked.request
    return {
        "id": f"task_{number}",
        "objective": f"{objective} ({form})" if form and before else objective,
        "successCriteria": criteria or [objective or "?"],
        "dependencies": [f"task_{number - 1}"] if before else [],
        "format": form,
        "kpis": asked.objects("Targets") or asked.wishes.get("kpis") or [],
    }
