"""The fixed words of the parts, in the two languages they speak."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENGLISH = re.compile(r"\b(the|and|of|with|please|from|write|which|this|for)\b", re.IGNORECASE)
_GERMAN = re.compile(
    r"\b(der|die|das|und|mit|bitte|aus|für|eine[nrsm]?|über|dem|den|ist|von|zu)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """What is said around the content of others."""

    code: str
    title: str
    summary: str
    findings: str
    conclusion: str
    data: str
    about: str
    sources: str
    nothing: str
    rows: str
    total: str
    numbers: str
    closing: str
    headers: tuple[str, str, str]
    entry: str
    intent: str
    bare: str


GERMAN = Tongue(
    code="de",
    title="Bericht",
    summary="Zusammenfassung",
    findings="Erkenntnisse",
    conclusion="Fazit",
    data="Daten",
    about="Der Auftrag lautet: {request}",
    sources="Ausgewertet wurden diese Unterlagen: {files}.",
    nothing="Unterlagen lagen nicht vor.",
    rows="{label}: {count} Zeilen mit den Spalten {columns}.",
    total="{label}: Die Summe der Spalte {column} beträgt {total}.",
    numbers="{label}: Genannt werden die Zahlen {numbers}.",
    closing="Damit ist beantwortet, was zu {subject} gefragt war.",
    headers=("Nr.", "Thema", "Angabe"),
    entry="Angabe {number} zu {subject}",
    intent="Ein Dokument zu {subject}",
    bare="Zu {subject} lässt sich sagen: {thought}.",
)
ENGLISH = Tongue(
    code="en",
    title="Report",
    summary="Summary",
    findings="Findings",
    conclusion="Conclusion",
    data="Data",
    about="The task is: {request}",
    sources="These documents were read: {files}.",
    nothing="There were no documents.",
    rows="{label}: {count} rows with the columns {columns}.",
    total="{label}: The column {column} adds up to {total}.",
    numbers="{label}: It states the numbers {numbers}.",
    closing="This answers what was asked about {subject}.",
    headers=("No.", "Subject", "Statement"),
    entry="Statement {number} about {subject}",
    intent="A document about {subject}",
    bare="About {subject} it can be said: {thought}.",
)
THOUGHTS = {
    "de": (
        "Das Wesentliche steht am Anfang, die Einzelheiten folgen",
        "Wer damit beginnt, prüft zuerst die Grundlagen und danach die Folgen",
        "Entscheidend ist der Zusammenhang, nicht die einzelne Beobachtung",
        "Offen bleibt, wie weit sich die Aussage verallgemeinern lässt",
    ),
    "en": (
        "The essence comes first, the details follow",
        "Whoever begins with it checks the foundations first and then the consequences",
        "The connection decides, not the single observation",
        "How far the statement can be generalised remains open",
    ),
}


def tongue_for(wished: str, text: str) -> Tongue:
    """Return the language wished for, or the one a text is written in."""
    if wished:
        return GERMAN if wished.casefold().startswith(("de", "ger")) else ENGLISH
    return ENGLISH if len(_ENGLISH.findall(text)) > len(_GERMAN.findall(text)) else GERMAN
