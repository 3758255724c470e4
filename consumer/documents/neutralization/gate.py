"""The last look at what is about to leave for a remote model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from consumer.documents.failing import LeakBlocked
from consumer.documents.neutralization.findings import united
from consumer.documents.neutralization.known import Known
from consumer.documents.neutralization.scanning import personal, view


def check(payload: str, known: Known, issued: Container[str]) -> None:
    """Raise LeakBlocked when anything personal stands in a payload, or it cannot be told.

    The error tells kinds and numbers, and never what stands there.
    """
    try:
        seen = view(payload, issued)
        findings = united(personal(seen.text, known, by_lines=False))
    except Exception as error:
        # Whatever goes wrong here must not let the payload pass; its text may quote the payload.
        raise LeakBlocked(
            f"the check for personal data failed ({type(error).__name__}); nothing was sent",
            fix="the job's log tells more; a model marked local needs no check",
        ) from None
    if findings:
        counts = Counter(found.kind for found in findings)
        told = ", ".join(f"{count} × {kind}" for kind, count in sorted(counts.items()))
        raise LeakBlocked(
            f"personal data stood in what was to be sent to a remote model: {told}",
            fix="read it with a model marked local, or add the names to the list of names",
        )
