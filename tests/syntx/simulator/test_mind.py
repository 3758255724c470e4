"""Recognising what is asked, and answering the same the same way."""

from __future__ import annotations

import pytest

from syntx.simulator.mind import Mind
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.questions import Question

FRAMED = "1. ANFANG\nSo.\n\n2. ENDE\nUnd so.\n\nDer Auftrag:\n\nErkläre die Gezeiten der Nordsee."
DRAFT = "Thema: Gezeiten\nStil: casual\nForm: Frage"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (Question(FRAMED), "target"),
        (Question(FRAMED, model="anything"), "target"),
        (Question(DRAFT), "draft"),
        (
            Question(f"{DRAFT}\n\n## Beispiel\nA\n\n## Noch eins\nB", model="simulator-writer"),
            "draft",
        ),
        (Question("Was sind Gezeiten?"), "plain"),
        (Question(""), "plain"),
    ],
)
def test_the_request_says_what_is_asked(question: Question, kind: str) -> None:
    """Frames ask for answers, labelled lines for drafts; anything else gets a paragraph."""
    found, reply = Mind(SimulatorOptions()).reply(question, 0)

    assert found == kind
    assert len(reply.text) > 60


def test_the_same_seed_text_and_occurrence_give_the_same_answer() -> None:
    """Two minds of one seed agree; a retry, or another seed, gets something else."""
    one, two = Mind(SimulatorOptions(seed=4)), Mind(SimulatorOptions(seed=4))
    said = one.reply(Question(FRAMED), 0)

    assert said == two.reply(Question(FRAMED), 0)
    assert said != one.reply(Question(FRAMED), 1)
    assert said != Mind(SimulatorOptions(seed=5)).reply(Question(FRAMED), 0)


def test_the_landscape_changes_after_the_drift() -> None:
    """After so many answers another landscape holds, and it stays."""
    mind = Mind(SimulatorOptions(drift_after=2))
    before = mind.landscape
    for occurrence in range(3):
        mind.reply(Question(FRAMED), occurrence)

    assert mind.landscape is not before


def test_the_instant_profile_answers_every_heading_in_few_words() -> None:
    """It is short, valid and about the prompt."""
    _, reply = Mind(SimulatorOptions(profile="instant")).reply(Question(FRAMED), 0)

    assert "1. ANFANG\n" in reply.text
    assert reply.text.count("Erkläre die Gezeiten der Nordsee") == 2
