"""How much a request asks for; pure. Simple ones are answered in one call, without a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass

from consumer.documents.workflow.models import Complexity, RequestContext

SIMPLE_WORDS = 60
"""A simple request is no longer."""
COMPLEX_WORDS = 250
COMPLEX_ATTACHMENTS = 4

_LARGE = re.compile(
    r"\b(report|analys\w*|compar\w*|evaluat\w*|table|chapters?|sections?|detailed|comprehensive|"
    r"bericht\w*|vergleich\w*|auswert\w*|tabelle\w*|kapitel\w*|abschnitt\w*|ausführlich\w*|"
    r"umfassend\w*|protokoll\w*|gutachten|konzept\w*|studie)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """How complex a request is, and why it is held to be so."""

    complexity: Complexity
    reason: str


def decide(
    request: RequestContext, formats: int = 1, override: Complexity | None = None
) -> Decision:
    """Tell simple, moderate and complex requests apart; `override` is the job's own word."""
    if override is not None:
        return Decision(override, "the job says so")
    words = len(request.prompt.split())
    complex_ = _complex(request, words, formats)
    if complex_:
        return Decision("complex", complex_)
    moderate = _moderate(request, words)
    if moderate:
        return Decision("moderate", moderate)
    return Decision("simple", f"{words} words, nothing attached, no measures, one format")


def _complex(request: RequestContext, words: int, formats: int) -> str:
    attached = len(request.attachments)
    reasons = {
        f"{formats} formats are asked for": formats > 1,
        f"{attached} attachments": attached >= COMPLEX_ATTACHMENTS,
        f"{words} words": words > COMPLEX_WORDS,
        f"{len(request.kpis)} measures to reach": len(request.kpis) > 1,
    }
    return ", ".join(reason for reason, holds in reasons.items() if holds)


def _moderate(request: RequestContext, words: int) -> str:
    large = _LARGE.search(request.prompt)
    reasons = {
        f"{len(request.attachments)} attached": bool(request.attachments),
        "a measure to reach": bool(request.kpis),
        f"{words} words": words > SIMPLE_WORDS,
        f"it asks for {large.group()!r}" if large else "": large is not None,
    }
    return ", ".join(reason for reason, holds in reasons.items() if holds)
