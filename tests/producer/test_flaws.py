from __future__ import annotations

import pytest

from producer.flaws import flaw, unusable
from producer.wording import Asked, Brief, Parent, Words, meta_prompt
from syntx.job import Recipe
from syntx.llm.contract import Answer

WORDS = Words(styles={}, patterns={"question": "Stelle eine offene, präzise Frage dazu."})
LONG_TOPIC = "Die Rolle der Würfel in alten Brettspielen"
BETTER = (
    "Welches Spiel hat dich als Kind am meisten geärgert, und wer saß damals mit dir am Tisch, "
    "als die Regeln plötzlich nicht mehr galten und alle nur noch lachen konnten?"
)
ADVICE = "Bisher gelingen Prompts im Stil „casual“ besser als die meisten; bleib dabei."
PARENT = Parent("ID", "Warum freut man sich über einen Sechser mehr als über drei Zweier?")


def _asked(topic: str = "Brettspiele", brief: Brief | None = None) -> Asked:
    recipe = Recipe(topic=topic, style="casual", pattern="question", language="de")
    return meta_prompt(recipe, WORDS, brief)


def _answer(text: str, *, cut: bool = False, refused: bool = False) -> Answer:
    finish = "length" if cut else "stop"
    return Answer(text=text, model="m", endpoint="e", finish_reason=finish, refused=refused)


def test_a_good_draft_has_no_flaw() -> None:
    """A prompt on the topic passes."""
    text = "Welches Brettspiel würdest du einem Freund empfehlen, und was macht es besonders?"
    assert flaw(text, _asked(brief=Brief((ADVICE,)))) is None
    assert unusable(_answer(text)) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_answer("Ein Satz, der mitten im", cut=True), "truncated"),
        (_answer("Das kann ich nicht.", refused=True), "refused"),
        (_answer("  \n"), "empty_draft"),
    ],
)
def test_an_answer_that_is_no_prompt_is_named(answer: Answer, reason: str) -> None:
    """Cut, refused and empty answers never become a job."""
    assert unusable(answer) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Basierend auf erfolgreichen Patterns (98/100): schreib etwas",
        "Ziel ist 100 % Field Completeness in sechs Feldern.",
        "Der Kontrollarm fragt nach Würfeln.",
        "Dank Pattern Learning fragst du besser nach Würfeln.",
        "Mit einem Score von 97 war das gut.",
        "feedback_strength: 0.8 – frag nach Würfeln",
        "Bisher gelingen Prompts so.",
    ],
)
def test_words_of_the_learner_are_caught(text: str) -> None:
    """A draft that talks of learning never becomes a job."""
    assert flaw(text, _asked()) == "echo"


def test_a_topic_may_be_about_learning() -> None:
    """The words of the topic itself are no jargon; others still are."""
    asked = _asked("Pattern Learning")
    assert flaw("Was ist Pattern Learning für dich?", asked) is None
    assert flaw("Was ist Pattern Learning im Kontrollarm?", asked) == "echo"


@pytest.mark.parametrize(
    "brief", [None, Brief((ADVICE,)), Brief((ADVICE,), "a", "mutate", PARENT, BETTER)]
)
def test_an_echo_of_the_request_is_caught(brief: Brief | None) -> None:
    """A model that repeats what it was asked, or a part of it, wrote no prompt."""
    asked = _asked(brief=brief)
    assert flaw(asked.messages[-1].content, asked) == "echo"
    assert flaw(f"Gerne! {asked.messages[0].content}", asked) == "echo"


def test_an_echo_of_the_advice_is_caught() -> None:
    """Advice is for the model that words the prompt, not for the one that answers it."""
    assert flaw(f"Erzähl mir etwas. {ADVICE}", _asked(brief=Brief((ADVICE,)))) == "echo"


def test_a_copied_example_is_caught() -> None:
    """An example taken over is no prompt; a shared turn of phrase is none of our business."""
    asked = _asked(brief=Brief(operator="mutate", parent=PARENT, better=BETTER))
    assert flaw(f"{BETTER} Und warum?", asked) == "echo"
    own = "Denk an einen Abend im Winter: und wer saß damals mit dir am Tisch, und was blieb?"
    assert (
        flaw(f"{own} Erzähl es so, dass man die Würfel hört und den Streit spürt.", asked) is None
    )


def test_a_long_topic_may_be_named() -> None:
    """A topic of many words stands in the request, and may stand in the prompt."""
    text = f"Erzähl mir, warum {LONG_TOPIC} bis heute unterschätzt wird."
    assert flaw(text, _asked(LONG_TOPIC, Brief((ADVICE,)))) is None


@pytest.mark.parametrize(
    "topic", ["Verantwortung in der Wissenschaft", "Die Zukunft der Arbeit", LONG_TOPIC]
)
def test_a_topic_may_be_called_one(topic: str) -> None:
    """To write "zum Thema …" with the topic behind it is no echo, whatever the advice says."""
    told = f"Bisher gelingen Prompts zum Thema „{topic}“ besser als die meisten; bleib dabei."
    text = f'Schreib einen Aufsatz zum Thema "{topic}", der zwei Fälle gegeneinander hält.'
    assert flaw(text, _asked(topic, Brief((told,)))) is None
    assert flaw(f"{text} {told}", _asked(topic, Brief((told,)))) == "echo"
    assert flaw(text, _asked(topic)) is None
