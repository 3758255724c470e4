"""Telephone numbers: of Germany, Austria and Switzerland, and international ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from consumer.documents.needing import need
from consumer.documents.neutralization.choices import one_of
from consumer.documents.neutralization.findings import Finding, Kind

_REGIONS = ("DE", "AT", "CH", "GB")
_CANDIDATE = re.compile(
    r"(?<![\w+])(?<!\d[.,/:-])(?:\+[ \t]?|\([ \t]?\+?|00)?\(?\d"
    r"(?:[ \t/().-]{0,3}\d){5,16}+(?![\w]|[.,:]\d)"
)
_NORTH_AMERICAN = re.compile(
    r"(?<![\w.-])(?:\+?1[ .-])?(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[.-])[2-9]\d\d[ .-]\d{4}(?![\w-]|\.\d)"
)
_IN_CELLS = re.compile(r"(?<![\w.,])\"?(0[2-9]\d{1,3}|01[567]\d)\"?[;,|\t]\"?(\d{5,9})(?![\w.])")
_SAID = re.compile(
    r"\b"
    + one_of(
        "tel(?:efon)?(?:nummer|nr)? fon phone(?:_number)? ph call ring fax telefax hotline whatsapp"
        " mobil(?:e|nummer|telefon)? handy(?:nummer|nr)? cell ruf(?:nummer|nr)? durchwahl dw signal"
        " erreichbar_unter erreichen_sie_(?:mich|uns)_unter anruf(?:en)? rückruf reach_me_at privat"
        " dienstlich [tmfp]"
    )
    + r"\b(?:[ ]?\([^)\n]{1,20}\))?[ .:#/\-]{0,4}"
    r"(?:nr|no|unter|at|number|gerne|ist|is|lautet)?[ .:]{0,3}\Z",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"(?:^|[^\w])"
    + one_of(
        "artikel art bestell(?:ung)? rechnungs? kunden auftrags? liefer(?:ung|schein)? material"
        " teile serien vorgangs? projekt order item invoice part serial ticket ref referenz"
        " reference sku isbn issn ean gtin az aktenzeichen nummer mat doi zähler chargen? batch lot"
        " customer id buchung(?:s)? po position pos"
    )
    + r"[-.\s]{0,3}(?:nummern?|nr|no|number|#)?[.:#\s-]{0,4}\Z",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"(?<!\d)\d{1,2}[./-][ ]?\d{1,2}[./-][ ]?(?:\d{4}|\d{2})(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d-\d\d(?:-\d\d)?(?!\d)"
)
_TIMES = re.compile(r"\d{1,2}[.:]\d{2}[ ]?-[ ]?\d{1,2}[.:]\d{2}|\d{1,2}/(?:19|20)\d\d")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d{3})+\Z|0\.\d+\Z|\d+(?:\.\d+){2,}\Z")
_NOT_DIGIT = re.compile(r"\D+")


def phones(text: str) -> Iterator[Finding]:
    """Find telephone numbers: valid ones, and whatever is said to be one."""
    for match in _CANDIDATE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _is_phone(match[0], before):
            yield Finding(match.start(), match.end(), Kind.PHONE)
    for match in _NORTH_AMERICAN.finditer(text):
        yield Finding(match.start(), match.end(), Kind.PHONE)
    for match in _IN_CELLS.finditer(text):
        if _valid(match[1] + match[2], "DE"):
            yield Finding(match.start(1), match.end(2), Kind.PHONE)


def _is_phone(written: str, before: str) -> bool:
    digits = _NOT_DIGIT.sub("", written)
    if _DATES.search(written) or _TIMES.search(written):
        return False
    if _SAID.search(before):
        return len(digits) <= 16
    if _OTHER_NUMBER.search(before):
        return False
    if "+" in written or written.startswith("00"):
        return 8 <= len(digits) <= 17 and _possible(digits.removeprefix("00"))
    if not digits.startswith("0") or _DECIMAL.match(written):
        return False
    return 8 <= len(digits) <= 14 and any(_valid(digits, region) for region in _REGIONS)


@lru_cache(maxsize=65536)
def _valid(digits: str, region: str) -> bool:
    numbers = _numbers()
    try:
        parsed = numbers.parse(digits, region)
    except numbers.NumberParseException:
        return False
    return bool(numbers.is_valid_number_for_region(parsed, region))


@lru_cache(maxsize=65536)
def _possible(digits: str) -> bool:
    """Whether it is an international number by its country and length."""
    numbers = _numbers()
    # A zero between country and area, `+49 (0) 30 …`, is not dialled.
    tries = (digits, re.sub(r"^(4[0-9]|3[0-9]|[1-9]\d?)0", r"\1", digits))
    for one in tries:
        try:
            parsed = numbers.parse("+" + one, None)
        except numbers.NumberParseException:
            continue
        if numbers.is_possible_number(parsed):
            return True
    return False


def _numbers() -> Any:
    return need("phonenumbers", "recognising telephone numbers")
