"""Playing the judge of a document: how much of each criterion does it speak of?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from syntx.simulator.documents.asked import Asked

_WORD = re.compile(r"[^\W\d_]{5,}")
_STEM = 6
_ENOUGH = 0.4


def appraise(asked: Asked) -> str:
    """Return the verdict as JSON text."""
    document = asked.json("Document")
    text = " ".join(_texts(document)).casefold()
    criteria = asked.lines("Criteria")
    verdicts = [_verdict(index, criterion, text) for index, criterion in enumerate(criteria)]
    missing = [verdict for verdict in verdicts if not verdict["met"]]
    hollow = len(text) < 80
    share = 1 - len(missing) / len(verdicts) if verdicts else 1.0
    return json.dumps(
        {
            "overallSuccess": not missing and not hollow,
            "qualityScore": round((0.3 if hollow else 0.6) + 0.35 * share, 3),
            "criteriaMapping": verdicts,
            "gapType": "missing_data" if hollow or missing else "no_gap",
            "gapAnalysis": "; ".join(str(verdict["reason"]) for verdict in missing),
            "improvementSuggestions": [f"Say more about: {each['criterion']}" for each in missing],
        },
        ensure_ascii=False,
    )


def _verdict(index: int, criterion: str, text: str) -> dict[str, Any]:
    stems = {word.casefold()[:_STEM] for word in _WORD.findall(criterion)}
    found = sum(stem in text for stem in stems)
    met = not stems or found >= _ENOUGH * len(stems)
    reason = f"{found} of {len(stems)} words of the criterion occur in the document"
    return {"index": index, "criterion": criterion, "met": met, "reason": reason}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
