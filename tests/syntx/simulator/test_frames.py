"""Telling the frame from the prompt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.simulator.frames import read_frame
from syntx.simulator.traits import fragments, read_traits, subject_words

NUMBERED = "Antworte so.\n\n1. ERSTENS\nWas ist es?\n\n2. ZWEITES-FELD\nUnd dann?\n\n"
HASHED = (
    "### Teil A\nDas Ganze.\n#### Ebene 1\nOben.\n#### Ebene 2\nUnten.\n\n### Teil B\nRest.\n\n"
)
PROMPT = "Erkläre die Gezeiten.\n\n### Zusatz\n1. MOND\n2. SONNE"


@pytest.mark.parametrize("frame", [NUMBERED, HASHED])
@pytest.mark.parametrize("hand_over", ["", "Nur das.\n\nDer Auftrag:\n\n", "-----\n\n=== X ===\n"])
def test_the_prompt_is_what_follows_the_frame(frame: str, hand_over: str) -> None:
    """The prompt is found after a rule, a hand-over line or the last heading's paragraph."""
    prompt = PROMPT if hand_over else "Erkläre die Gezeiten."
    framed = read_frame(frame + hand_over + prompt)

    assert framed is not None
    assert framed.prompt == prompt


def test_headings_are_read_in_order_and_grouped() -> None:
    """Headings below a heading belong to its field."""
    framed = read_frame(HASHED + "Der Auftrag:\n\nGezeiten")

    assert framed is not None
    assert [[section.heading for section in field] for field in framed.fields] == [
        ["### Teil A", "#### Ebene 1", "#### Ebene 2"],
        ["### Teil B"],
    ]


def test_a_frame_is_the_same_for_every_prompt() -> None:
    """The name of a frame depends on its headings alone."""
    names = {
        framed.frame
        for prompt in ("Gezeiten", "Etwas\n\nganz anderes: ja", "1. NEIN")
        if (framed := read_frame(f"{NUMBERED}Der Auftrag:\n\n{prompt}"))
    }

    assert len(names) == 1


def test_text_without_headings_has_no_frame() -> None:
    """Sentences and ordinary lists are no frame."""
    assert read_frame("Bitte hilf mir.\n1. zuerst das\n2. dann jenes") is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aÄ1.#:?!=-\n „“AB", max_size=300))
def test_reading_never_fails(text: str) -> None:
    """Any text can be read."""
    read_frame(text)
    read_traits(text)
    subject_words(text)
    fragments(text)


@pytest.mark.parametrize("piece", ["\n", ". ", "A: ", "1. AB\n", "## x\n", "?", "X:\n\n", "--\n"])
@pytest.mark.timeout(20)
def test_reading_a_long_text_takes_time_in_proportion(piece: str) -> None:
    """A hundred thousand characters of anything are read at once, not in minutes."""
    text = piece * (100_000 // len(piece))

    read_frame(text)
    assert read_traits(text).length >= 0
