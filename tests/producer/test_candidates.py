from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from turning import text_of

from producer.candidates import candidates

ONE, TWO, THREE = (text_of(number, 30) for number in (1, 2, 3))


@pytest.mark.parametrize(
    "answer",
    [
        f"1. {ONE}\n\n2. {TWO}\n\n3. {THREE}",
        f"Hier sind drei Varianten:\n\n1) {ONE}\n2) {TWO}\n3) {THREE}\n",
        f"**1.** {ONE}\n\n**2.** {TWO}\n\n**3.** {THREE}",
        f"### Variante 1:\n{ONE}\n\n### Variante 2:\n{TWO}\n\n### Variante 3:\n„{THREE}“",
        f"Kandidat 1: {ONE}\r\nKandidat 2: {TWO}\r\nKandidat 3: {THREE}",
    ],
)
def test_numbered_candidates_are_told_apart(answer: str) -> None:
    """However a model numbers its candidates, each is found bare."""
    assert candidates(answer, 3) == (ONE, TWO, THREE)


def test_a_model_that_ignores_the_numbering_is_fine() -> None:
    """A text without numbers is the one candidate, byte for byte."""
    assert candidates(f" {ONE}\r\n", 3) == (f" {ONE}\r\n",)


def test_a_list_inside_one_prompt_is_no_list_of_candidates() -> None:
    """A prompt that asks for short numbered points stays whole."""
    prompt = f"{ONE}\n1. Nenne Ursachen.\n2. Nenne Folgen.\n3. Zieh ein Fazit."
    assert candidates(prompt, 3) == (prompt,)


def test_one_prompt_is_never_split() -> None:
    """Where one prompt was asked for, numbers mean nothing."""
    answer = f"1. {ONE}\n2. {TWO}"
    assert candidates(answer, 1) == (answer,)


def test_what_was_cut_off_is_left_out() -> None:
    """Of a cut answer the whole candidates count; without any there is none."""
    assert candidates(f"1. {ONE}\n2. {TWO}\n3. Und der", 3, cut=True) == (ONE, TWO)
    assert candidates(ONE, 3, cut=True) == ()


def test_more_candidates_than_asked_for_are_left_out() -> None:
    """The last one asked for ends where the next begins; a short list of its own stays in it."""
    many = "\n".join(f"{number}. {text_of(number, 30)}" for number in range(1, 51))
    assert candidates(many, 3) == (ONE, TWO, THREE)
    assert candidates(many, 9) == tuple(text_of(number, 30) for number in range(1, 10))
    points = f"{THREE}\n1. Ursachen\n2. Folgen\n3. Auswege\n4. Fazit"
    assert candidates(f"1. {ONE}\n2. {TWO}\n3. {points}", 3) == (ONE, TWO, points)


@given(st.text(alphabet='123.):#*„“" \n\nab', max_size=300), st.integers(1, 9), st.booleans())
def test_any_text_can_be_read(text: str, asked: int, cut: bool) -> None:
    """Whatever was answered, there are no more candidates than text, and all come from it."""
    for found in candidates(text, asked, cut=cut):
        assert found in text


def test_a_long_row_of_marks_takes_no_time() -> None:
    """Whatever a model prints, it is read in linear time."""
    assert candidates("-" * 50_000 + "x", 3) == ("-" * 50_000 + "x",)
    assert candidates("# * " * 20_000, 3) == ("# * " * 20_000,)
