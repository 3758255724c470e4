"""All recognisers together; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from consumer.documents.neutralization import (
    addresses,
    contacts,
    identities,
    names,
    numbers,
    phones,
)
from consumer.documents.neutralization.findings import Finding

Recognizer = Callable[[str], Iterator[Finding]]

ANYWHERE: tuple[Recognizer, ...] = (contacts.emails, contacts.urls_with_credentials)
NEAR_DIGITS: tuple[Recognizer, ...] = (
    contacts.network_addresses,
    numbers.ibans,
    numbers.accounts,
    numbers.cards,
    phones.phones,
    identities.identity_numbers,
    identities.dates_of_birth,
    addresses.addresses,
)
"""What needs digits looks only where there are some."""
_AROUND = 120
"""Characters beside digits that such a recogniser may want to see."""
_DIGITS = re.compile(rf"\d(?:[^\d]{{0,{2 * _AROUND}}}\d)*+")
_SPACE = re.compile(r"\s")


def recognised(text: str, *, by_lines: bool = True) -> Iterator[Finding]:
    """Find personal data in a folded text; `by_lines` as for `names.people`."""
    for recognizer in ANYWHERE:
        yield from recognizer(text)
    for start, end in _zones(text):
        zone = text[start:end]
        for recognizer in NEAR_DIGITS:
            for found in recognizer(zone):
                yield replace(found, start=found.start + start, end=found.end + start)
    yield from names.people(text, by_lines=by_lines)


def _zones(text: str) -> Iterator[tuple[int, int]]:
    """Walk through the stretches that hold digits, each from space to space."""
    for match in _DIGITS.finditer(text):
        start = max(0, match.start() - _AROUND)
        if start:
            space = _SPACE.search(text, start, match.start())
            start = space.start() if space else start
        yield start, min(len(text), match.end() + _AROUND)
