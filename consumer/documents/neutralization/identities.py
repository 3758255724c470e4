"""Tax, insurance and identity numbers, and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from consumer.documents.needing import need
from consumer.documents.neutralization.choices import one_of
from consumer.documents.neutralization.findings import Finding, Kind

_BEFORE = 60
_S = r"[ .\-/]?"


def _said(words: str) -> re.Pattern[str]:
    after = r"\b[^\w\n]{0,4}(?:nr|no|nummer|number|id|ist|is|lautet)?[^\w\n]{0,4}\Z"
    return re.compile(rf"(?<!\w){one_of(words)}{after}", re.IGNORECASE)


_NO = "(?:nummer|nr)"
_NUMBER = "(?:_(?:no|number|id|reg))?"
_TAX_SAID = _said(
    f"steuer-?(?:identifikations-?|id-?)?{_NO}? st[.]?-?nr id-?nr tin tax_(?:id|number|no)"
    f" steuer-id ust-?id(?:-?nr)? vat{_NUMBER} uid abgabenkonto{_NO}"
)
_INSURANCE_SAID = _said(
    "(?:sozial|renten|kranken|pflege|unfall)?-?versicher(?:ungs|ten|tenn)?-?(?:nummer|nr|kennung)"
    f" sv-?{_NO} svnr rv-?{_NO} kv-?{_NO} vsnr ahv(?:-?(?:nr|nummer|n13))? avs ssn nino ni_number"
    f" social_security{_NUMBER} national_insurance{_NUMBER} policen?-?{_NO}? policy{_NUMBER}"
    " insurance_(?:no|number|id) vers[.]?-?nr"
)
_IDENTITY_SAID = _said(
    f"(?:personal)?ausweis-?{_NO}? reisepass-?{_NO}? pass-?{_NO} passport{_NUMBER} personal-?{_NO}"
    f" führerschein-?{_NO}? driver'?s?_licen[cs]e{_NUMBER} id_card{_NUMBER} employee_id"
    f" patienten-?(?:nummer|nr|id) matrikel-?{_NO}"
)
_LONG = re.compile(r"(?<![\w.,])\d(?:[ ./\-]?\d){8,12}+(?![\w]|[.,]\d)")
_CODE = re.compile(r"(?<![\w.,])(?=[A-Z0-9]*\d)[A-Z0-9][A-Z0-9 .\-/]{4,18}[A-Z0-9](?!\w)")
_STNR = re.compile(
    r"(?<![\w/.])\d{2,3}[/ ]\d{3,4}/\d{4,5}(?![\w/])|(?<![\w/-])\d{2}-\d{3}/\d{4}(?![\w/])"
)
_VAT = re.compile(
    r"(?<!\w)(?:DE[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}|ATU[ ]?\d{8}|CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3})"
    r"(?!\w)"
)
_SHAPES = (
    re.compile(r"(?<![\w.])756[. ]\d{4}[. ]\d{4}[. ]\d{2}(?![\w])"),
    re.compile(
        r"(?<!\w)\d{2}[ ]?(?:0[1-9]|[12]\d|3[01]|[4-7]\d)(?:0[1-9]|1[0-2])\d{2}"
        r"[ ]?[A-Z][ ]?\d{2}[ ]?\d(?!\w)"
    ),
    re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"),
    re.compile(
        r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
        r"[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D](?!\w)"
    ),
)
"""Numbers told by their shape alone: AHV, RVNR, SSN, NINO."""
_AHV = re.compile(r"(?<!\d)756\d{10}(?!\d)")
_KVNR = re.compile(r"(?<!\w)[A-Z]\d{9}(?!\w)")
_MONTH = one_of(
    "jan(?:uary|uar|[.])? jän(?:ner|[.])? feb(?:ruary|ruar|[.])? mar(?:ch|[.])? märz? ma[iy]"
    " apr(?:il|[.])? jun[ei]? jul[yi]? aug(?:ust|[.])? sep(?:t(?:ember)?)?[.]? o[ck]t(?:ober|[.])?"
    " nov(?:ember|[.])? de[cz](?:ember|[.])?"
)
_DATE = (
    r"\d{1,2}[ ]?[./\-][ ]?\d{1,2}[ ]?[./\-][ ]?\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?[ ](?:of[ ])?{_MONTH}[, ]{{1,2}}\d{{2,4}}"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}"
)
_BIRTH = re.compile(
    r"(?:\bgeb(?:oren(?:e[rn]?)?|\.|[ ](?=am|\d))|\bgeburts(?:datum|tag|dat)\b"
    r"|\bgeb\.?-?dat(?:um|\.)?|\bborn\b|\bdate[ ]of[ ]birth\b|\bbirth[ ]?da(?:te|y)\b"
    r"|\bd\.?o\.?b\b\.?|(?<![\w*])\*(?=[ ]?\d))"
    r"[\s:,*\"';|=()]{0,6}(?:(?:am|on|ist|is|war|was|der|the|den)[ ]){0,2}"
    rf"(?:in[ ][\w .-]{{2,30}}?[ ](?:am|on)[ ])?({_DATE})(?!\d)",
    re.IGNORECASE,
)
_FOUR_AND_SIX = re.compile(r"\d{4} ?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-3])\d{2}")
_PLAIN_OR_GROUPED = re.compile(r"\d{11}|\d{2} \d{3} \d{3} \d{3}|\d{3} \d{3} \d{3} \d{2}")


def dates_of_birth(text: str) -> Iterator[Finding]:
    """Find dates after words such as `geb.`; other dates stay."""
    for match in _BIRTH.finditer(text):
        yield Finding(*match.span(1), Kind.BIRTHDATE)


def identity_numbers(text: str) -> Iterator[Finding]:
    """Find tax and insurance numbers by checksum, by shape, or where the text says so."""
    yield from _said_numbers(text)
    yield from _checked_numbers(text)
    for match in _VAT.finditer(text):
        if not match[0].startswith("DE") or _valid("stdnum.de.vat", match[0]):
            yield Finding(*match.span(), Kind.TAX)
    for match in _STNR.finditer(text):
        yield Finding(*match.span(), Kind.TAX)
    for pattern in _SHAPES:
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.INSURANCE)


def _said_numbers(text: str) -> Iterator[Finding]:
    for match in _CODE.finditer(text):
        if sum(one.isdigit() for one in match[0]) < 5:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        for said, kind in (
            (_TAX_SAID, Kind.TAX),
            (_INSURANCE_SAID, Kind.INSURANCE),
            (_IDENTITY_SAID, Kind.IDENTITY),
        ):
            if said.search(before):
                yield Finding(*match.span(), kind)


def _checked_numbers(text: str) -> Iterator[Finding]:
    for match in _LONG.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _PLAIN_OR_GROUPED.fullmatch(match[0]) and _valid("stdnum.de.idnr", digits):
            yield Finding(*match.span(), Kind.TAX)
        elif _FOUR_AND_SIX.fullmatch(match[0]) and _valid("stdnum.at.vnr", digits):
            yield Finding(*match.span(), Kind.INSURANCE)
    for match in _AHV.finditer(text):
        if _valid("stdnum.ch.ssn", match[0]):
            yield Finding(*match.span(), Kind.INSURANCE)
    for match in _KVNR.finditer(text):
        if _insured(match[0]):
            yield Finding(*match.span(), Kind.INSURANCE)


def _insured(number: str) -> bool:
    """Whether the check digit of a German health insurance number is right."""
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits))
    return total % 10 == int(number[9])


def _valid(module: str, number: str) -> bool:
    checker: Any = need(module, "recognising tax and insurance numbers")
    is_valid: Callable[[str], bool] = checker.is_valid
    return bool(is_valid(number))
