"""What a score says about an answer, in words for the generator model."""

from __future__ import annotations

from collections.abc import Mapping

from syntx.job import Score

WEAK_BELOW = 0.85
"""A part of the score (0..1) below this is worth a word."""

_MOST = 2
_WEAK: Mapping[str, str] = {
    "structure": "Die Antwort darauf hielt die verlangte Gliederung nicht ganz ein.",
    "substance": "Die Antwort darauf blieb in mindestens einem Abschnitt dünn.",
    "non_redundancy": "Die Antwort darauf wiederholte sich an mehreren Stellen.",
    "relevance": "Die Antwort darauf entfernte sich streckenweise vom Thema.",
    "wording": "Die Antwort darauf war über weite Strecken eintönig formuliert.",
    "length": "Die Antwort darauf war für die Aufgabe zu kurz oder zu lang.",
    "consistency": "Mehrere Antworten darauf fielen recht verschieden aus.",
    "language": "Die Antwort darauf blieb nicht in der gewünschten Sprache.",
    "complete": "Die Antwort darauf brach vor dem Ende ab.",
    "no_echo": "Die Antwort darauf gab vor allem die Aufgabe wieder.",
}
_MISSING = "In der Antwort darauf fehlte mindestens ein verlangter Abschnitt."
_GOOD = "Die Antwort darauf war in allen Abschnitten vollständig und gehaltvoll."


def remarks(score: Score | None) -> tuple[str, ...]:
    """Say what was weak about an answer, the weakest first, at most two things and what missed."""
    if score is None:
        return ()
    weak = sorted(
        (value, name) for name, value in score.parts.items() if name in _WEAK and value < WEAK_BELOW
    )
    said = [_WEAK[name] for _, name in weak[:_MOST]]
    if not all(score.fields.values()):
        said.insert(0, _MISSING)
    return tuple(said) or (_GOOD,)
