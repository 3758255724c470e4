"""What counts as a refusal, and what does not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.llm.refusals import is_refusal

REFUSALS = [
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "Tut mir leid, aber darüber kann ich nicht sprechen.",
    "Es tut mir sehr leid, aber ich kann keine Inhalte zu diesem Thema generieren.",
    "Leider kann ich dir bei dieser Anfrage nicht weiterhelfen.",
    "Ich kann Ihnen bei der Herstellung von Sprengstoff nicht helfen.",
    "Ich kann keine Anleitungen zur Herstellung von Waffen geben.",
    "Ich darf dazu keine Auskunft geben.",
    "Ich bin nicht in der Lage, dazu etwas zu schreiben.",
    "Es ist mir leider nicht möglich, diese Anfrage zu bearbeiten.",
    "Als KI-Sprachmodell kann ich keine Inhalte erstellen, die Gewalt verherrlichen.",
    "**Es tut mir leid**, aber ich kann dazu nichts schreiben.",
    "Danke für deine Anfrage, aber ich kann dazu keine Inhalte erstellen.",
    "Ich muss diese Anfrage ablehnen.",
    "I'm sorry, but I can't assist with that request.",
    "I’m sorry, but I can’t help with that.",
    "I`m really sorry, but I can´t help with that.",
    "Sorry, I cannot provide instructions for building a weapon.",
    "I am unable to fulfill this request.",
    "I won't be able to assist with that.",
    "I cannot and will not provide this information.",
    "As an AI language model, I cannot create content that promotes violence.",
    "I must decline this request.",
    "Your request violates our policy.",
    '"I can\'t discuss that."',
    "I can’t help with creating explosives, but I can discuss their history.",
]

ANSWERS = [
    "",
    "   ",
    "I can't wait to share this with you: write about cats.",
    "I can't believe how cats write history.",
    "Ich kann nicht aufhören zu schreiben, wenn der Frühling kommt.",
    "Ich kann nicht nur kochen, sondern auch schreiben.",
    "Ich kann es kaum erwarten!",
    "Leider wissen nur wenige, dass Katzen nicht immer allein sein wollen. Erkläre das.",
    "Unfortunately, many people cannot read. Write about that.",
    "Nein, ich will dir keine Angst machen, aber der Klimawandel ist real.",
    "Write a story in which the robot says: I'm sorry, I can't do that.",
    "Schreibe über „Es tut mir leid, ich kann nicht helfen“, die häufigste Ausrede.",
    "We cannot create peace without justice: discuss this thesis with sources.",
    "Warum können wir nicht in die Zukunft sehen?",
    "Entschuldigung als Kulturtechnik: Wie erstellen Gesellschaften Regeln?",
    "I'm sorry, but I can't help with that. " + "That is how the story begins. " * 40,
]


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_recognised(text: str) -> None:
    """German or English, straight or curly apostrophes, with or without an apology."""
    assert is_refusal(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_not_taken_for_a_refusal(text: str) -> None:
    """Words of refusal inside a text, or before a long one, refuse nothing."""
    assert not is_refusal(text)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_a_longer_preface_never_hangs(text: str) -> None:
    """Any text gets a verdict, and the same one with blanks around it."""
    assert is_refusal(text) == is_refusal(f"\n {text} \n")


def test_the_longest_openings_are_judged_quickly() -> None:
    """Repetition does not make the pattern backtrack without end."""
    import time

    nasty = ["ich kann " * 60, "leider, " * 80, "danke " * 100, "i can't be able to " * 30]
    started = time.perf_counter()
    verdicts = [is_refusal(text) for text in nasty]

    assert verdicts == [False] * 4
    assert time.perf_counter() - started < 0.5


def recorded() -> list[dict[str, Any]]:
    """What was recorded of a real generator; skips the test when it is not there."""
    folder = os.environ.get("SYNTX_REAL_RECORDS")
    if not folder:
        pytest.skip("SYNTX_REAL_RECORDS is not set")
    lines = (Path(folder) / "gpt_prompts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_recorded_refusals_are_found_and_no_success_is_lost() -> None:
    """On what a real model said: every refusal, and not one of the good prompts."""
    rows = [(row, row.get("prompt_generated") or row.get("prompt_out")) for row in recorded()]
    said = [(row, text) for row, text in rows if text]
    refused = [text for row, text in said if row.get("refusal_attempts")]
    good = [text for row, text in said if row["success"]]

    assert refused
    assert good
    assert [text for text in refused if not is_refusal(text)] == []
    assert [text for text in good if is_refusal(text)] == []
