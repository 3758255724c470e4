"""Trying to get personal data past the cleaning and the gate."""

from __future__ import annotations

import base64
import json
import random
import time
from pathlib import Path

import pytest

from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.failing import LeakBlocked
from consumer.documents.neutralization import gate, known, recognizers
from consumer.documents.neutralization.findings import Kind
from consumer.documents.neutralization.neutralizer import Neutralizer

_NAMES = ["Erika Mustermann", "Öztürk"]


@pytest.fixture
def neutralizer(tmp_path: Path) -> Neutralizer:
    """Give a fresh workflow with two known names."""
    return Neutralizer.open(tmp_path / "mapping.json", names=_NAMES)


_WAYS = {
    "invisible characters": ("DE89\u200b3704\u200b0044 0532\u00a00130 00", ["3704", "0532"]),
    "full-width": ("ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００", ["３７０４"]),
    "soft hyphens": ("Muster\u00admann, max.muster\u00admann@example.de", ["mann"]),
    "an IBAN in two cells": ("Name;A;B\nx;DE89 3704 0044;0532 0130 00\n", ["3704", "0532"]),
    "a card in two cells": ("a,b,c\n4111 1111,1111 1111,x\n", ["4111", "1111"]),
    "a phone in two cells": ("Vorwahl;Nummer\n030;1234567\n", ["030", "12345"]),
    "wrong letters of OCR": ("IBAN DE89 37O4 OO44 0532 0l30 00", ["37O4", "0532"]),
    "a wrong checksum": ("DE12 3704 0044 0532 0130 00; 4111 1111 1111 1112", ["3704", "4111"]),
    "JSON": (json.dumps({"a": "Herr Müller", "b": "DE89 3704\n0044 0532 0130 00"}), ["ller", "04"]),
    "JSON in JSON": (json.dumps(json.dumps({"a": "Frau Öztürk"})), ["zt", "rk"]),
    "entities": ("Herr M&uuml;ller, M&#252;ller, max&#64;example.de", ["ller", "example"]),
    "a URL": ("https://x.de/?q=Erika%20Mustermann&m=max%40example.de", ["Muster", "example"]),
    "quoted-printable": ("Herr M=C3=BCller schrieb. Mueller kam.", ["ller"]),
    "line breaks": (
        "DE89 3704 0044\n0532 0130 00, Erika\nMustermann, Muster-\nmann",
        ["05", "mann"],
    ),
    "case": (
        "ERIKA MUSTERMANN, mustermann, erika_mustermann.pdf, ErikaMustermann",
        ["mann", "MANN"],
    ),
    "a genitive": ("Mustermanns Auto, Erika Mustermanns Auto, Erikas Auto", ["Muster", "Erika"]),
    "a double name": ("Mustermann-Schulze", ["Muster"]),
    "the other order": ("Mustermann, Erika", ["Muster", "Erika"]),
    "an initial": ("Gez. E. Mustermann", ["Muster", "E."]),
    "umlauts spelled": ("Oeztuerk Ozturk ÖZTÜRK OEZTUERK", ["ztuerk", "zturk", "ZT"]),
    "combining marks": ("Herr Mu\u0308ller und Mu\u0308ller", ["ller"]),
    "mathematical letters": ("𝐌𝐮𝐬𝐭𝐞𝐫𝐦𝐚𝐧𝐧", ["𝐌"]),
    "direction marks": ("\u202eMustermann\u202c", ["Muster"]),
    "base64": (base64.b64encode(b"Kontakt: erika@example.de").decode(), ["S29u"]),
    "hexadecimal": (b"erika@example.de".hex(), ["6572"]),
    "Markdown": ("**Mustermann** [x](mailto:erika@example.de)", ["Muster", "example"]),
    "tags": ("<td>Mustermann</td><td>DE89 3704 0044 0532 0130 00</td>", ["Muster", "3704"]),
    "words for signs": ("max (at) example (dot) de, max at example dot de", ["max"]),
    "a tag in an address": ("a.b+tag-1@sub.example.co.uk.", ["tag"]),
    "quotes in an address": ('"max muster"@example.de', ["max", "example"]),
    "a path": (r"C:\Users\Mustermann\note.txt", ["Muster"]),
    "spaces everywhere": ("D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0", ["3 7 0 4"]),
    "dashes": ("+49–170–1234567, 0170‑1234567", ["1234567"]),
    "credentials": ("postgres://admin:geheim@db.example.org/x", ["geheim", "admin"]),
}


@pytest.mark.parametrize("way", _WAYS)
def test_nothing_gets_through(neutralizer: Neutralizer, way: str) -> None:
    """However it is written, it is replaced, and what is left passes the gate."""
    text, secrets = _WAYS[way]
    with pytest.raises(LeakBlocked):
        neutralizer.check(text)

    cleaned = neutralizer.clean(text)

    assert [secret for secret in secrets if secret in cleaned] == []
    neutralizer.check(cleaned)


def test_the_gate_tells_kinds_and_numbers_and_no_values(neutralizer: Neutralizer) -> None:
    """Its message may stand in logs."""
    with pytest.raises(LeakBlocked) as raised:
        neutralizer.check("Erika Mustermann, max@example.de, mia@example.de")

    assert "2 × EMAIL, 1 × PERSON" in raised.value.message
    assert not any(one in str(raised.value) for one in ("Erika", "Muster", "example"))
    assert raised.value.reason == "leak_blocked"


def test_what_was_replaced_once_is_blocked_wherever_it_stands(neutralizer: Neutralizer) -> None:
    """Alone, a date is none of birth; once it was one, it does not leave."""
    neutralizer.check("Termin am 03.05.1980")
    neutralizer.clean("geb. am 03.05.1980, Kto. 4711 0815 22")

    for again in ("Termin am 03.05.1980", "03/05/1980", "4711081522", "47 11 08 15 22"):
        with pytest.raises(LeakBlocked):
            neutralizer.check(again)
        neutralizer.check(neutralizer.clean(again))


def test_what_two_messages_hold_together_is_blocked(neutralizer: Neutralizer) -> None:
    """The gate sees the payload as one text."""
    parts = [neutralizer.clean("Die Karte 4111 1111"), neutralizer.clean("1111 1111 gilt.")]

    with pytest.raises(LeakBlocked):
        neutralizer.check("\n".join(parts))


def test_a_tail_of_a_cut_answer_is_clean(neutralizer: Neutralizer) -> None:
    """A continuation that quotes a cut placeholder holds nothing personal."""
    cleaned = neutralizer.clean("Der Vertrag mit Erika Mustermann gilt.")

    for cut in range(len(cleaned)):
        neutralizer.check(f'{{"characters": {cut}, "tail": {json.dumps(cleaned[:cut])}}}')


def test_a_recogniser_that_fails_blocks(
    neutralizer: Neutralizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it cannot be told, nothing leaves."""

    def broken(text: str) -> list[object]:
        raise ValueError(text)

    monkeypatch.setattr(recognizers, "ANYWHERE", (broken,))
    with pytest.raises(LeakBlocked) as raised:
        neutralizer.check("Mustermann")
    assert "Mustermann" not in str(raised.value)
    with pytest.raises(ValueError):
        neutralizer.clean("Mustermann")


def test_a_table_with_hostile_cells_keeps_its_shape(neutralizer: Neutralizer) -> None:
    """Quoted signs, line breaks in cells and stray quotes neither leak nor break a row."""
    table = (
        'Name,E-Mail,Notiz\n"Mustermann, Erika",e@x.example,"ruft an:\n0171 2345678"\n'
        'Ivo "Kralj,k@x.example,ok\nZora Kralj,,"geb. 1.2.1990, DE89 3704 0044\n0532 0130 00"\n'
    )
    part = ContentPart(
        id="t", label="t", type_group=TypeGroup.TABLE, mime_type="text/csv", data=table
    )

    (cleaned,) = neutralizer.parts([part])

    for sign in ',"\n':
        assert cleaned.data.count(sign) == table.count(sign)
    for secret in ("Muster", "Erika", "x.example", "0171", "1990", "3704", "0532", "Zora"):
        assert secret not in cleaned.data
    neutralizer.check(cleaned.data)


_BITS = [
    "DE89 3704 0044 0532 0130 00",
    "max@example.de",
    "Tel. 030 1234567",
    "Herr Kowalski",
    "4111 1111 1111 1111",
    "[[PERSON_1]]",
    "[EMAIL 2]",
    "geb. 1.2.1990",
    "Lindenweg 5, 50674 Köln",
    "192.168.3.77",
    "Mustermann",
    "\n",
    ",",
    ";",
    " ",
    "-",
    "/",
    '"',
    "\\n",
    "1",
    "0049",
    "(",
    "a",
    "ß",
    "&uuml;",
    "https://u:p@x.de/",
    "Mit freundlichen Grüßen\n",
    "&#",
    "%4",
    "\xad",
    "=\n",
]


def test_whatever_stands_side_by_side_is_replaced_to_the_end(neutralizer: Neutralizer) -> None:
    """Random mixtures: what is clean passes the gate and stays as it is."""
    random_one = random.Random(7)
    for _ in range(400):
        text = "".join(random_one.choices(_BITS, k=random_one.randint(1, 9)))
        cleaned = neutralizer.clean(text)
        neutralizer.check(cleaned)
        assert neutralizer.clean(cleaned) == cleaned


_REPEATED = [
    "a",
    "1",
    "@",
    "a@",
    "1 ",
    "A.",
    "Herr ",
    "A ",
    "DE89",
    "[",
    "[[",
    "\\",
    "&",
    "%4",
    ":",
    "::1",
    "1.",
    "+",
    "(",
    "0 ",
    "Dr. ",
    "Straße ",
    "Max ",
    "Max M. ",
    '"',
    ";",
    "://",
    "a.",
    "-\n",
    "\n",
    "&#1",
    "u:p@",
    "a/b+",
    "ab ",
    "12/",
    "Von: ",
    "=C3",
    "Am Alten ",
    "ä",
    "\u200b",
    "1 Main ",
    "Konto ",
    "IBAN ",
    "geb. ",
    "0 0",
    "ff",
    "0-",
    "Max-",
    "o'",
]


@pytest.mark.parametrize("bit", _REPEATED)
def test_no_text_makes_it_slow(neutralizer: Neutralizer, bit: str) -> None:
    """40,000 characters take about a second; what grows with the square takes minutes."""
    begun = time.process_time()

    neutralizer.clean(bit * (40_000 // len(bit)))

    assert time.process_time() - begun < 8


def test_many_people_of_one_given_name_are_found_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is compared with the names that begin as it does, and not with all others."""
    compared = []
    real = known._end_of
    monkeypatch.setattr(known, "_end_of", lambda *all_: compared.append(1) or real(*all_))
    letters = "bcdfghklmn"
    names = [
        f"Anna {one.upper()}{two}{three}" for one in letters for two in letters for three in letters
    ]
    everybody = known.Known((Kind.PERSON, name) for name in names)

    found = list(everybody.find("; ".join(names)))

    assert len(found) == len(names)
    assert len(compared) < 5 * len(names)


def test_the_gate_alone_needs_no_mapping() -> None:
    """It stands on its own: nothing known, nothing given out, and still it blocks."""
    with pytest.raises(LeakBlocked):
        gate.check("IBAN DE89 3704 0044 0532 0130 00", gate.Known(), ())
