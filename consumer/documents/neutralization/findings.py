"""What a recogniser finds: where it stands, of which kind, and what stands there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of personal data, as their placeholders name them."""

    PERSON = "PERSON"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    BIRTHDATE = "BIRTHDATE"
    IBAN = "IBAN"
    ACCOUNT = "ACCOUNT"
    CARD = "CARD"
    TAX = "TAX"
    INSURANCE = "INSURANCE"
    IDENTITY = "IDENTITY"
    IP = "IP"
    URL = "URL"
    DATA = "DATA"
    TEXT = "TEXT"
    """What looks like a placeholder and was none: it is put aside, so that it means itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at `start` to `end` of a text; `spread`: to be looked for elsewhere too."""

    start: int
    end: int
    kind: Kind
    spread: bool = True


def united(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order; what overlaps becomes one, of the kind of the longest."""
    merged: list[Finding] = []
    widest = 0
    for found in sorted(findings, key=lambda one: (one.start, -one.end)):
        if not merged or found.start >= merged[-1].end:
            merged.append(found)
            widest = found.end - found.start
            continue
        last = merged[-1]
        if found.end - found.start > widest:
            widest = found.end - found.start
            last = replace(last, kind=found.kind, spread=found.spread)
        merged[-1] = replace(last, end=max(last.end, found.end))
    return merged
