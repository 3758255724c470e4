from __future__ import annotations

import pytest

from producer.drafting import Words, flaw, meta_prompt
from syntx.job import Recipe
from syntx.llm.contract import Answer, FinishReason

WORDS = Words(styles={"barock": "ausschweifend"}, patterns={"question": "Stelle eine Frage."})
RECIPE = Recipe(topic="Brettspiele", style="casual", pattern="question", language="de")


def _answer(text: str, finish: FinishReason = "stop", *, refused: bool = False) -> Answer:
    return Answer(text=text, model="m", endpoint="e", finish_reason=finish, refused=refused)


def _asked(recipe: Recipe = RECIPE, *, steered: bool = True) -> str:
    return meta_prompt(recipe, WORDS, steered=steered)[-1].content


def test_a_steered_prompt_names_topic_style_and_goal() -> None:
    """The generator model is told what it is about, in which style, and what for."""
    asked = _asked()
    assert "Brettspiele" in asked
    assert "casual" in asked
    assert "Ziel:" in asked


def test_a_control_prompt_is_plain() -> None:
    """An unsteered prompt names no goal."""
    assert "Ziel:" not in _asked(steered=False)


@pytest.mark.parametrize("style", ["technisch", "kreativ", "akademisch", "casual", "barock", "neu"])
def test_each_style_changes_what_is_asked(style: str) -> None:
    """Every style, a new one by config too, leaves its mark on the request."""
    asked = _asked(RECIPE.model_copy(update={"style": style}))
    assert f"Stil: {style}" in asked


def test_a_style_of_the_config_is_described_in_its_words() -> None:
    """The words of the config describe a style."""
    assert "ausschweifend" in _asked(RECIPE.model_copy(update={"style": "barock"}))


def test_a_good_draft_has_no_flaw() -> None:
    """A prompt on the topic passes."""
    text = "Welches Brettspiel würdest du einem Freund empfehlen, und was macht es besonders?"
    assert flaw(_answer(text), meta_prompt(RECIPE, WORDS, steered=True)) is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_answer("Ein Satz, der mitten im", "length"), "truncated"),
        (_answer("Das kann ich nicht.", refused=True), "refused"),
        (_answer("  \n"), "empty_draft"),
        (_answer("Basierend auf erfolgreichen Patterns (98/100): schreib etwas"), "echo"),
        (_answer("Ziel ist 100 % Field Completeness in sechs Feldern."), "echo"),
    ],
)
def test_a_flawed_draft_never_becomes_a_job(answer: Answer, reason: str) -> None:
    """Cut, refused and empty drafts, and those that talk of the learner, are named."""
    assert flaw(answer, meta_prompt(RECIPE, WORDS, steered=True)) == reason


@pytest.mark.parametrize("steered", [True, False])
def test_an_echo_of_the_instructions_is_caught(steered: bool) -> None:
    """A model that repeats what it was asked wrote no prompt."""
    asked = meta_prompt(RECIPE, WORDS, steered=steered)
    assert flaw(_answer(asked[-1].content), asked) == "echo"
    assert flaw(_answer(f"Gerne! {asked[0].content}"), asked) == "echo"
