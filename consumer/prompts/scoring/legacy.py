"""The older score, kept so that old and new results can be compared."""

from __future__ import annotations

import re
from typing import Literal

from syntx.terminologies import TERMINOLOGIES

Format = Literal["HUMAN", "SIGMA", "SYNTEX_SYSTEM"]

_NUMBERED: dict[Format, tuple[tuple[str, int], ...]] = {
    "HUMAN": (
        ("DRIFT", 15),
        ("HINTERGRUND-MUSTER", 20),
        ("DRUCKFAKTOREN", 15),
        ("TIEFE", 20),
        ("WIRKUNG AUF BEIDE SEITEN", 20),
        ("KLARTEXT", 10),
    ),
    "SIGMA": (
        ("Σ-DRIFTGRADIENT", 15),
        ("Σ-MECHANISMUSKNOTEN", 20),
        ("Σ-FREQUENZFELD", 15),
        ("Σ-DICHTELEVEL", 20),
        ("Σ-ZWEISTRÖME", 20),
        ("Σ-KERNEXTRAKT", 10),
    ),
}
_HASHED = (("Driftkörperanalyse", 33), ("Kalibrierung", 34), ("Strömungsverhältnisse", 33))


def legacy_format(answer: str) -> Format:
    """Return the format the older scorer took an answer for, by words anywhere in it."""
    if "Σ-DRIFTGRADIENT" in answer or "Σ-MECHANISMUSKNOTEN" in answer:
        return "SIGMA"
    return "SYNTEX_SYSTEM" if any(name in answer for name, _ in _HASHED) else "HUMAN"


def legacy_score(answer: str) -> int:
    """Return the older scorer's total of 0-100, its weaknesses included."""
    found = legacy_format(answer)
    return int(0.7 * _completeness(answer, found) + 0.3 * _structure(answer, found))


def legacy_fields(answer: str) -> frozenset[str]:
    """Return the keys of the fields that the older parser found with text."""
    found = legacy_format(answer)
    keys = {field.heading: field.key for fields in TERMINOLOGIES.values() for field in fields}
    return frozenset(keys[name] for name in _filled(answer, found))


def _filled(answer: str, found: Format) -> list[str]:
    if found == "SYNTEX_SYSTEM":
        return [name for name, _ in _HASHED if _after_hashes(answer, name)]
    return [
        name
        for number, (name, _) in enumerate(_NUMBERED[found], 1)
        if _after_number(answer, number, name, found)
    ]


def _completeness(answer: str, found: Format) -> int:
    weights = dict(_HASHED if found == "SYNTEX_SYSTEM" else _NUMBERED[found])
    return sum(weights[name] for name in _filled(answer, found))


def _after_hashes(answer: str, name: str) -> str:
    match = re.search(rf"###\s*{re.escape(name)}(.*?)(?=###|\Z)", answer, re.DOTALL)
    return match[1].strip() if match else ""


def _after_number(answer: str, number: int, name: str, found: Format) -> str:
    following = r"\d+\." if found == "SIGMA" else rf"{number + 1}\."
    pattern = rf"{number}\.\s*{re.escape(name)}(.*?)(?=\n\s*{following}|\Z)"
    match = re.search(pattern, answer, re.DOTALL | re.IGNORECASE)
    return match[1].strip(" \n\r\t:") if match else ""


def _structure(answer: str, found: Format) -> int:
    if found == "SYNTEX_SYSTEM":
        return 100 if "###" in answer else 0
    return sum(16 for number in range(1, 7) if f"{number}." in answer)
