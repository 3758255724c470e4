"""Numbers of accounts and cards, also where OCR misread them or table cells divide them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from consumer.documents.needing import need
from consumer.documents.neutralization.choices import one_of
from consumer.documents.neutralization.findings import Finding, Kind

_COUNTRIES = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28"
    " EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26"
    " IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30"
    " NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23"
    " TN24 TR26 UA29 VA22 VG24 XK20"
)
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _COUNTRIES.split()}
_CELL = r"[ \t.\-/|;,\"'\n]"
_CELL_SIGNS = re.compile(r"[|;,\"'\t/]")
_IBAN = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=[Ii][Bb][Aa][Nn]))[A-Za-z][ ]?[A-Za-z]{_CELL}?[0-9OoIlSB][ ]?"
    rf"[0-9OoIlSB](?:{_CELL}{{0,4}}[A-Za-z0-9]){{11,30}}+"
)
_IBAN_SAID = re.compile(
    r"\bIBAN\b[^\w\n]{0,6}(?:(?:ist|is|lautet)[^\w\n]{1,3})?"
    r"((?:[A-Za-z]{2}[ ]?)?(?=.{0,3}\d)[0-9OoIlSB]{2}(?:[ .\-]{0,2}[A-Za-z0-9]){8,30}+)",
    re.IGNORECASE,
)
_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_READ_WRONG = str.maketrans("OoIlSBZ", "0011582")
_ACCOUNT = re.compile(
    rf"\b{one_of('kto konto-?(?:nummer|nr)? account(?:_(?:no|number|nr))? a/c')}\b"
    r"[.:#\s-]{0,4}(?:(?:nr|no)[.:\s]{0,3})?(\d(?:[ .\-]?\d){6,15}+)",
    re.IGNORECASE,
)
_CARD = re.compile(rf"(?<![\w.,])[0-9OIl](?:{_CELL}{{0,3}}[0-9OIlSB]){{13,18}}(?![\w])")
_FOUR = r"[\dOIlSB]{4}"
_CARD_GROUPS = re.compile(
    rf"[3-6][\dOIlSB]{{3}}([ \-.]){_FOUR}\1{_FOUR}\1{_FOUR}\Z"
    r"|3[47][\dOIl]{2}([ \-.])[\dOIlSB]{6}\2[\dOIlSB]{5}\Z"
)
_CARD_SAID = re.compile(
    r"(?:karte|kartennummer|kartennr\.?|card|visa|mastercard|amex|maestro|kreditkarte|credit)\W{0,3}"
    r"(?:no|nr|number|nummer)?[.:#\s]{0,4}\Z",
    re.IGNORECASE,
)
_BRAND = re.compile(
    r"4\d{15}(?:\d{3})?\Z|5[1-5]\d{14}\Z|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}\Z"
    r"|3[47]\d{13}\Z|3(?:0[0-5]|[689]\d)\d{11}\Z|6(?:011|4[4-9]\d|5\d\d)\d{12}\Z|35\d{14}\Z"
    r"|(?:50|5[6-9]|6[37])\d{14}\Z"
)


def ibans(text: str) -> Iterator[Finding]:
    """Find IBANs; a wrong checksum counts as long as country and length are right."""
    for match in _IBAN.finditer(text):
        end = _iban_end(match[0])
        if end:
            yield Finding(match.start(), match.start() + end, Kind.IBAN)
    for match in _IBAN_SAID.finditer(text):
        start, end = match.span(1)
        if sum(one.isdigit() for one in match[1]) >= 8:
            yield Finding(start, start + _until_word(match[1]), Kind.IBAN)


def accounts(text: str) -> Iterator[Finding]:
    """Find account numbers where the text says that it is one."""
    for match in _ACCOUNT.finditer(text):
        yield Finding(*match.span(1), Kind.ACCOUNT)


def cards(text: str) -> Iterator[Finding]:
    """Find card numbers: by checksum, by their groups of four, or where the text says so."""
    for match in _CARD.finditer(text):
        digits = _NOT_ALNUM.sub("", match[0]).translate(_READ_WRONG)
        if not digits.isdigit() or len(digits) > 19:
            continue
        said = _CARD_SAID.search(text[max(0, match.start() - 40) : match.start()])
        grouped = _CARD_GROUPS.match(match[0])
        if said or grouped or (_BRAND.match(digits) and _luhn(digits)):
            yield Finding(match.start(), match.end(), Kind.CARD)


def _iban_end(candidate: str) -> int | None:
    """Return how much of the candidate is an IBAN, or None."""
    country = (candidate[0] + candidate[1:3].strip()[0]).upper()
    length = _IBAN_LENGTHS.get(country)
    if length is None:
        return None
    written = _first_alnum(candidate, length)
    if written is None:
        return None
    compact = _NOT_ALNUM.sub("", candidate[:written]).upper()
    checked = _checked(compact)
    if checked:
        return written
    if written < len(candidate) and candidate[written].isalnum():
        return None
    divided = _CELL_SIGNS.search(candidate[:written])
    digits = sum(one.isdigit() for one in compact)
    misread = compact[2:].translate(_READ_WRONG)
    german = compact[:2] in ("DE", "AT", "CH")
    clear = digits >= 12 and (misread.isdigit() if german else compact[2:4].isdigit())
    return written if clear and not divided else None


def _first_alnum(candidate: str, count: int) -> int | None:
    """Return where the first `count` letters and digits end, or None when there are fewer."""
    for position, one in enumerate(candidate):
        count -= one.isalnum()
        if not count:
            return position + 1
    return None


def _checked(compact: str) -> bool:
    if not compact.isascii():
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def _until_word(said: str) -> int:
    """Return where a spoken-of number ends, before a word that follows it."""
    word = re.search(r"[\s.\-]+[A-Za-z]{3,}", said)
    return word.start() if word else len(said)


def _luhn(digits: str) -> bool:
    luhn: Any = need("stdnum.luhn", "recognising card numbers")
    return bool(luhn.is_valid(digits))
