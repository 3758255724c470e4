"""Parsing answers: tolerant in form, strict in identity, never raising."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.prompts.parsing import Parsed, detect, parse
from syntx.terminologies import TERMINOLOGIES

FORMS = (
    "{number}. {heading}\n{text}",
    "{number}) {heading}\n{text}",
    "({number}) {heading}: {text}",
    "{number}. {heading}: {text}",
    "{number}. {heading} - {text}",
    "{number}. {heading} (XY) – {text}",
    "**{number}. {heading}**\n{text}",
    "{number}. **{heading}:** {text}",
    "**{heading}**\n{text}",
    "**{heading}:** {text}",
    "## {number}. {heading}\n{text}",
    "### {heading} ###\n\n{text}",
    "- **{heading}**: {text}",
    "- {heading}: {text}",
    "* {number}. {heading}\n  {text}",
    "{heading}\n{text}",
    "{heading}:\n{text}",
    "> {number}. {heading}\n{text}",
    "---\n{number}. {heading}\n{text}\n---",
)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as asked for": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "umlauts spelled": lambda name: name.translate(
        str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "AE", "Ö": "OE", "Ü": "UE"})
    ),
    "umlauts dropped": lambda name: name.translate(str.maketrans("äöüÄÖÜ", "aouAOU")),
    "Sigma spelled": lambda name: name.replace("Σ-", "Sigma-"),
    "without Sigma": lambda name: name.replace("Σ-", ""),
}
LONG = ("human", "sigma", "syntex_system", "true_raw")


def written(
    terminology: str, form: str = FORMS[0], spell: Callable[[str], str] = str, gap: str = "\n\n"
) -> str:
    """Write an answer with one sentence per field."""
    return gap.join(
        form.format(number=number, heading=spell(field.heading), text=f"Satz {number} sagt etwas.")
        for number, field in enumerate(TERMINOLOGIES[terminology], 1)
    )


@pytest.mark.parametrize("terminology", LONG)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_heading_gives_the_same_fields(
    form: str, spelling: str, terminology: str
) -> None:
    """Numbers, hashes, bold, bullets, case and umlauts are form; the fields stay the same."""
    fields = TERMINOLOGIES[terminology]
    answer = written(terminology, form, SPELLINGS[spelling])

    parsed = parse(answer, fields)

    texts = [(field.key, field.text) for field in parsed.fields]
    assert texts == [(f.key, f"Satz {n} sagt etwas.") for n, f in enumerate(fields, 1)]
    assert (parsed.extras, parsed.duplicates, parsed.missing) == ((), (), ())
    assert parsed.order_ok


@pytest.mark.parametrize("terminology", TERMINOLOGIES)
def test_every_alias_is_read_as_its_field(terminology: str) -> None:
    """Headings in other languages name the same fields."""
    fields = TERMINOLOGIES[terminology]
    for field in fields:
        for alias in field.aliases:
            assert [found.key for found in parse(f"1. {alias}\nText.", fields).fields] == [
                field.key
            ]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_system_are_read(newline: str) -> None:
    """Windows and old Mac line ends change nothing."""
    parsed = parse(written("human").replace("\n", newline), TERMINOLOGIES["human"])

    assert len(parsed.fields) == 6
    assert parsed.fields[0].text == "Satz 1 sagt etwas."


@pytest.mark.parametrize(
    "sentence",
    [
        "Tiefe Gefühle spielen hier eine Rolle.",
        "Drift entsteht, wenn niemand steuert.",
        "Klartext wäre jetzt hilfreich: sag, was ist.",
        "Die Kalibrierung der Driftkörperanalyse zeigt Strömungsverhältnisse.",
        "Wirkung auf beide Seiten hat das allemal.",
        "Σ-DRIFTGRADIENT, Σ-FREQUENZFELD und Σ-KERNEXTRAKT sind nur Namen.",
    ],
)
def test_words_in_a_sentence_are_no_headings(sentence: str) -> None:
    """A field is found by a line formed as its heading, never by its name in the text."""
    assert detect(sentence) is None
    for fields in TERMINOLOGIES.values():
        assert parse(sentence, fields).fields == ()


@pytest.mark.parametrize("terminology", TERMINOLOGIES)
def test_the_terminology_is_detected_by_headings(terminology: str) -> None:
    """Each terminology is told from the others, whatever words stand in the text."""
    answer = written(terminology, "### {heading}\n{text} Kalibrierung, Drift und Klartext.")
    if terminology == "deepsweep":
        parts = "\n".join(f"#### {part}\nText." for part in TERMINOLOGIES["deepsweep"][0].parts)
        answer = written(terminology, "### {heading}\n" + parts)

    assert detect(answer) == terminology


def text_of(parsed: Parsed, key: str) -> str:
    """Return the text of the one field of that key."""
    (text,) = (field.text for field in parsed.fields if field.key == key)
    return text


def test_text_around_the_fields_is_told_apart() -> None:
    """What stands before the first and after the last field belongs to neither."""
    answer = f"Gerne, hier ist sie:\n\n{written('human')}\n\n---\n\n=== META-PROMPT ===\nNoch mehr."

    parsed = parse(answer, TERMINOLOGIES["human"])

    assert parsed.preamble == "Gerne, hier ist sie:"
    assert text_of(parsed, "klartext") == "Satz 6 sagt etwas."
    assert parsed.trailing.endswith("Noch mehr.")


def test_an_outline_after_the_last_field_is_not_swallowed() -> None:
    """A heading that was not asked for ends the last field."""
    answer = written("sigma", "**{number}. {heading}**\n- {text}")
    parsed = parse(
        f"{answer}\n\n**Abschnitt 2: Ursachen**\n1. **Wald**\n - x", TERMINOLOGIES["sigma"]
    )

    assert text_of(parsed, "sigma_extrakt") == "- Satz 6 sagt etwas."
    assert len(parsed.extras) == 1


def test_a_list_inside_a_field_stays_its_text() -> None:
    """Numbered and bulleted lists in a field are neither headings nor extras."""
    answer = written(
        "human", "{number}. {heading}\n{text}\n1. Erstens: ja\n2. Zweitens: nein\n- Drift: kaum"
    )

    parsed = parse(answer, TERMINOLOGIES["human"])

    assert len(parsed.fields) == 6
    assert (parsed.extras, parsed.duplicates) == ((), ())
    assert "Zweitens: nein" in text_of(parsed, "drift")


def test_missing_swapped_doubled_and_extra_headings_are_named() -> None:
    """Every departure from the headings asked for is listed by name."""
    fields = TERMINOLOGIES["human"]
    blocks = written("human").split("\n\n")
    swapped = [blocks[1], blocks[0], *blocks[2:5], blocks[2], "## Fazit\nEnde."]

    parsed = parse("\n\n".join(swapped), fields)

    assert parsed.missing == ("klartext",)
    assert parsed.duplicates == ("druckfaktoren",)
    assert parsed.extras == ("Fazit",)
    assert not parsed.order_ok


def test_spans_point_at_the_text() -> None:
    """The recorded places of a field's text are places in the answer."""
    answer = f"Vorab.\r\n\r\n{written('human', FORMS[3])}\r\n"

    for field in parse(answer, TERMINOLOGIES["human"]).fields:
        assert answer[field.start : field.end] == field.text


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet="12.):#*_-– \t\r\n\0[](„ΣDRIFTdrifttiefeTIEFEKLARTEXT:äöüß.\u2028", max_size=300
    )
)
def test_parsing_never_raises_and_places_are_right(answer: str) -> None:
    """Whatever comes in, fields are disjoint pieces of it, in order."""
    for fields in (TERMINOLOGIES["human"], TERMINOLOGIES["deepsweep"]):
        parsed = parse(answer, fields)
        end = 0
        for field in parsed.fields:
            assert answer[field.start : field.end] == field.text
            assert field.start >= end or not field.text
            end = max(end, field.end)
    detect(answer)


@pytest.mark.parametrize(
    "piece", ["1. DRIFT\n", "\n", "\n ", "---\n", "1. x\n", "*", "(", "TIEFE ", "# ", "word "]
)
def test_time_grows_with_length_only(piece: str) -> None:
    """No repetition makes the parser slow: 300,000 characters take well under two seconds."""
    answer = "1. DRIFT\n" + piece * (300_000 // len(piece)) + "x"

    before = time.process_time()
    parse(answer, TERMINOLOGIES["human"])

    assert time.process_time() - before < 2
