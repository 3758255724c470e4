"""Columns of a table that hold personal data by what their header says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consumer.documents.neutralization.choices import one_of
from consumer.documents.neutralization.findings import Finding, Kind
from consumer.documents.neutralization.names import as_name

_CELL = {
    sign: re.compile(rf'("(?:[^"]|"")*+"|[^{re.escape(sign)}\r\n"]*+)({re.escape(sign)}|\r?\n|\Z)')
    for sign in ",;\t|"
}
_NO = "(?:nummer|nr[.]?)"
_COLUMNS: tuple[tuple[Kind, bool, str], ...] = (
    (
        Kind.PERSON,
        True,
        "(?:vor|nach|familien|geburts|ehe)namen? (?:first|last|full|given|family|middle)_?name"
        " surname maiden_name (?:ansprech|kontakt)(?:partner(?:in)?|person) name,_?vorname"
        " vor-_und_nachname mitarbeiter(?:in)?(?:name)? patient(?:in)?(?:enname)? author"
        " (?:sach)?bearbeiter(?:in)? autor(?:in)? contact(?:_person|_name)? employee(?:_name)?"
        " kontoinhaber(?:in)? teilnehmer(?:in)?",
    ),
    (Kind.EMAIL, True, "e-?mail(?:-?adresse|_address)?"),
    (
        Kind.PHONE,
        True,
        f"telefon{_NO}? tel[.]? phone(?:_?number)? mobil(?:nummer|e)? handy fax rufnummer durchwahl"
        " vorwahl cell",
    ),
    (
        Kind.BIRTHDATE,
        True,
        "geburts(?:datum|tag) geb[.]?-?datum date_of_birth dob birthda(?:te|y)",
    ),
    (Kind.IBAN, True, "iban"),
    (Kind.ACCOUNT, True, f"konto{_NO} kto[.]?-?nr[.]? account_?(?:no|number)[.]?"),
    (Kind.CARD, True, "kartennummer card_?(?:no|number) kreditkarte"),
    (Kind.TAX, True, f"steuer-?(?:id|{_NO}) tax_?(?:id|number)"),
    (
        Kind.INSURANCE,
        True,
        f"(?:sv|ahv|rv|kv)-?{_NO} (?:sozial|renten|kranken)?versicherungs-?{_NO} ssn svnr",
    ),
    (
        Kind.ADDRESS,
        True,
        "stra(?:ß|ss)e(?:_?(?:und|/|&|[+])_?(?:haus)?nr[.]?)? str[.] anschrift adresse wohnort"
        " street(?:_address)? address(?:_?line_?[0-9])?",
    ),
    (
        Kind.ADDRESS,
        False,
        f"plz postleitzahl ort stadt plz_?/?_?(?:und_)?ort haus{_NO} zip(?:_?code)? post_?code city"
        " town",
    ),
    (Kind.PERSON, True, "name kunde kundin customer client mieter(?:in)? empfänger(?:in)?"),
)
_HEADERS = tuple(
    (kind, spread, re.compile(one_of(words), re.IGNORECASE)) for kind, spread, words in _COLUMNS
)
_ONLY_AMONG_OTHERS = 2
"""How many kinds at the end of the list count only beside a column of another kind."""
_EMPTY = re.compile(r"[\s\-–/.]*|n/?a|null|none|unbekannt|unknown", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at its place, without its quotes."""

    row: int
    column: int
    start: int
    end: int


def cells(table: str) -> Iterator[Cell]:
    """Walk through the cells of a table in CSV, its sign taken from the header line."""
    header = table.split("\n", 1)[0]
    pattern = _CELL[max(",;\t|", key=header.count)]
    position = row = column = 0
    while position < len(table):
        match = pattern.match(table, position)
        if match is None:
            # A stray quote: the line is left to the recognisers.
            position = (table.find("\n", position) + 1) or len(table)
            row, column = row + 1, 0
            continue
        quoted = match[1].startswith('"')
        yield Cell(row, column, match.start(1) + quoted, match.end(1) - quoted)
        position = match.end()
        row, column = (row, column + 1) if match[2] in ",;\t|" and match[2] else (row + 1, 0)


def by_columns(table: str) -> Iterator[Finding]:
    """Find the cells below headers such as `Nachname`; positions are those of the table."""
    columns: dict[int, tuple[Kind, bool]] = {}
    named: dict[int, str] = {}
    for cell in cells(table):
        text = table[cell.start : cell.end]
        if cell.row == 0:
            named[cell.column] = text.strip(" \ufeff*:")
            continue
        if not columns:
            columns = _columns(named)
            if not columns:
                return
        if cell.column in columns and not _EMPTY.fullmatch(text):
            kind, spread = columns[cell.column]
            # A company or a department is replaced here, and not all over the document.
            spread = spread and (kind is not Kind.PERSON or as_name(text) is not None)
            lead = len(text) - len(text.lstrip())
            yield Finding(cell.start + lead, cell.start + len(text.rstrip()), kind, spread)


def _columns(named: dict[int, str]) -> dict[int, tuple[Kind, bool]]:
    found: dict[int, tuple[Kind, bool]] = {}
    weak: dict[int, tuple[Kind, bool]] = {}
    for column, text in named.items():
        for index, (kind, spread, pattern) in enumerate(_HEADERS):
            if pattern.fullmatch(text):
                among = index >= len(_HEADERS) - _ONLY_AMONG_OTHERS
                (weak if among else found)[column] = (kind, spread)
                break
    return {**found, **weak} if found else {}
