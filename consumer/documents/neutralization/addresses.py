"""Postal addresses: street and number, postcode and town; German and English shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consumer.documents.neutralization.choices import one_of
from consumer.documents.neutralization.findings import Finding, Kind
from consumer.documents.neutralization.places import CITIES, NO_STREETS

_UNIT = one_of(
    "km m cm mm Meter Metern Kilometer Uhr Prozent Euro EUR Grad Stück Min Minuten Std Stunden kg"
)
_NUMBER = (
    r"\d{1,4}(?:[ ]?[a-hA-H](?![\w]))?(?:[ ]?[-/+][ ]?\d{1,4}[a-h]?)?"
    rf"(?![\w%]|[.,]\d|[ ]{_UNIT}\b)"
)
_NUMBER_ANYWHERE = (
    r"\d{1,4}(?:[ ]?[a-hA-H](?![\w]))?(?:[ ]?[-/+][ ]?\d{1,4}[a-h]?)?(?![\w%]|[.,]\d)"
)
_ENDING = one_of(
    "straße strasse str weg platz allee gasse damm ufer chaussee stieg steig pfad promenade ring"
    " graben kai markt wall zeile winkel"
)
_COMPOUND = re.compile(
    rf"(?<![\w])([A-ZÄÖÜ][A-Za-zÄÖÜäöüß-]{{1,40}}?{_ENDING})\.?,?\s{{1,2}}({_NUMBER})",
    re.IGNORECASE,
)
_ROAD = one_of(
    "Straße Strasse Str[.] STRASSE STRAẞE Weg Platz Allee Gasse Damm Ufer Ring Chaussee Promenade"
    " Markt Landstraße"
)
_NO_PREFIX = one_of(
    "Auf Am Im In An Der Die Das Den Dem Ein Eine Einen Zum Zur Vom Beim Dieser Diese Jeder Jede"
    " Von Mit Kein Keine Letzter Erster Zweiter Freier"
)
_APART = re.compile(
    rf"(?<![\w])(?!{_NO_PREFIX}[ ]{_ROAD})(?:[A-ZÄÖÜ][\wäöüß.-]{{1,30}}[ ]){{1,3}}{_ROAD}"
    rf"[ ]{{1,2}}{_NUMBER}"
)
_ROAD_OF = re.compile(
    r"(?<![\w])(?:Straße|Strasse|Str\.|Platz|Allee|Weg)[ ](?:des|der|zum|zur|am|im)[ ]"
    rf"(?:\d{{1,2}}\.[ ])?[A-ZÄÖÜ]\w{{2,20}}(?:[ ][A-ZÄÖÜ]\w{{2,20}})?[ ]{_NUMBER}"
)
_AT = one_of(
    "Am An_der An_den Auf_der Auf_dem Im In_der In_den Unter_den Zum Zur Hinter_der Hinter_dem Beim"
    " Alter Alte Neuer"
)
_AT_SOMETHING = re.compile(
    rf"(?<![\w]){_AT}(?:[ ][A-ZÄÖÜ][a-zäöüß]{{2,20}}){{1,3}}[ ]{_NUMBER_ANYWHERE}"
    r"(?=[ ]?[,\n][ \n]{0,2}(?:[A-Z]{1,2}-)?\d{4,5}[ ]+[A-ZÄÖÜ])"
)
_ENGLISH_ROAD = one_of(
    "Street St Avenue Ave Road Rd Lane Ln Drive Dr Boulevard Blvd Court Ct Square Sq Terrace"
    " Crescent Gardens Mews Parkway Pkwy Highway Hwy Close Place Pl Way"
)
_ENGLISH = re.compile(
    r"(?<![\w.,-])\d{1,5}[A-Za-z]?[ ](?!Hour|Star|Day|Step|Year)"
    r"(?:(?:North|South|East|West|[NSEW]\.)[ ])?(?:[A-Z][\w'’.-]{0,20}[ ]){1,3}"
    rf"{_ENGLISH_ROAD}\b\.?(?![ ][a-z]{{4,}}s\b)(?:,?[ ](?:Apt|Suite|Unit|Flat|#)\.?[ ]?\w{{1,6}})?"
    r"(?:,?[ \n]{1,2}[A-Z][A-Za-z. '’-]{2,25},?[ ]"
    r"(?:[A-Z]{2}[ ]\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2})\b)?"
)
_BOX = re.compile(r"\b(?:Postfach|P\.?[ ]?O\.?[ ]?Box)[ ]\d[\d ]{0,9}\d\b", re.IGNORECASE)
_TOWN = (
    r"[A-ZÄÖÜ][a-zäöüß]{2,24}"
    r"(?:[ -](?:[A-ZÄÖÜ][a-zäöüß]+|am|an|der|im|bei|ob|in|a\.|b\.|d\.|M\.)){0,3}"
)
_TOWN_NEXT = re.compile(
    rf"[ ]?[,;\n|·•/\"-]{{0,3}}[ \n]{{0,3}}((?:[A-Z]{{1,2}}-)?\d{{4,5}}[ ]{{1,2}}{_TOWN})"
)
_TOWN_CODED = re.compile(rf"(?<!\w)(?:D|DE|A|AT|CH|L|FL)-\d{{4,5}}[ ]{{1,2}}{_TOWN}")
_TOWN_SAID = re.compile(
    rf"\b{one_of('wohnhaft wohnt wohnort anschrift adresse address plz zugestellt')}\b"
    r"[^\d\n]{0,30}?"
    rf"((?:[A-Z]{{1,2}}-)?\d{{4,5}}[ ]{{1,2}}(?!{_UNIT}\b)(?-i:{_TOWN}))",
    re.IGNORECASE,
)
_TOWN_KNOWN = re.compile(
    rf"(?<![\w.,/-])\d{{4,5}}[ ]{{1,2}}{one_of(CITIES)}\b"
    r"(?:[ ](?:am|an der|im)[ ][A-ZÄÖÜ][a-zäöüß]+)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def addresses(text: str) -> Iterator[Finding]:
    """Find streets with their numbers, and the postcode and town that follow or stand alone."""
    for street in _streets(text):
        yield street
        town = _TOWN_NEXT.match(text, street.end)
        if town:
            yield Finding(*town.span(1), Kind.ADDRESS, spread=False)
    for pattern in (_TOWN_CODED, _TOWN_KNOWN):
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.ADDRESS, spread=False)
    for match in _TOWN_SAID.finditer(text):
        yield Finding(*match.span(1), Kind.ADDRESS, spread=False)


def _streets(text: str) -> Iterator[Finding]:
    for match in _COMPOUND.finditer(text):
        if match[0][0].isupper() and _is_street(match[1]) and not _YEAR.fullmatch(match[2]):
            yield Finding(*match.span(), Kind.ADDRESS)
    for pattern in (_APART, _ROAD_OF, _AT_SOMETHING, _ENGLISH, _BOX):
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.ADDRESS)


def _is_street(word: str) -> bool:
    return word.lower() not in NO_STREETS
