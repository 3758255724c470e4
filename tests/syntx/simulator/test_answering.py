"""Playing the target: answers under the frame's headings, as good as the landscape says."""

from __future__ import annotations

from random import Random
from statistics import mean

import pytest

from syntx.simulator.answering import write_answer
from syntx.simulator.dice import dice
from syntx.simulator.domains import DOMAINS
from syntx.simulator.flaws import Flaws, choose_flaws
from syntx.simulator.frames import Framed, read_frame
from syntx.simulator.words import ADVERBS, GROUPS, THINGS, TRAITS

HEADINGS = ("1. ANFANG", "2. GRUND", "3. KRAFT", "4. ENDE")
FRAME = "\n\n".join(f"{heading}\nSag etwas dazu, und zwar genau." for heading in HEADINGS)
PROMPT = "Angenommen, der Quantencomputer verändert die Verschlüsselung: Was folgt für Banken?"


def framed(prompt: str = PROMPT) -> Framed:
    """Return a request for an answer under four headings."""
    asked = read_frame(f"{FRAME}\n\nDer Auftrag:\n\n{prompt}")
    assert asked is not None
    return asked


def answer(flaws: Flaws, seed: int = 1, max_tokens: int | None = None) -> str:
    """Return an answer with those flaws."""
    return write_answer(framed(), flaws, dice(seed), max_tokens)


def bodies(text: str) -> list[str]:
    """Return the texts under the headings."""
    return [part.partition("\n")[2] for part in text.split("\n\n")]


def four_words(text: str) -> list[tuple[str, ...]]:
    """Return all runs of four words."""
    words = text.split()
    return list(zip(words, words[1:], words[2:], words[3:], strict=False))


def test_a_flawless_answer_fills_every_heading_in_order() -> None:
    """Each heading stands once, in order, with some thirty words or more below it."""
    text = answer(Flaws())

    assert [part.partition("\n")[0] for part in text.split("\n\n")] == list(HEADINGS)
    assert all(30 <= len(body.split()) <= 70 for body in bodies(text))


def test_a_flawless_answer_repeats_nothing_and_keeps_to_the_prompt() -> None:
    """No four words stand twice, and the prompt's own nouns occur."""
    runs = [run for body in bodies(answer(Flaws())) for run in four_words(body)]

    assert len(runs) == len(set(runs))
    assert "Quantencomputer" in answer(Flaws())
    assert "{" not in answer(Flaws())


def test_the_answer_depends_on_the_prompt() -> None:
    """Another prompt gets another answer, about its own words."""
    other = write_answer(
        framed("Erzähle von der Gartenarbeit im Frühling."), Flaws(), dice(1), None
    )

    assert "Frühling" in other
    assert "Quantencomputer" not in other


def test_thin_fields_say_hardly_anything_new() -> None:
    """The thinner an answer, the fewer words of its own it has."""
    own = {word for domain in DOMAINS.values() for word in domain.things + domain.groups}
    own |= {*THINGS, *GROUPS, *TRAITS, *ADVERBS}
    counts = [
        mean(len(own & set(answer(Flaws(thin=thin, words=1), seed).split())) for seed in range(5))
        for thin in (0.0, 0.5, 1.0)
    ]

    assert counts[0] > 2 * counts[1] > 4 * counts[2]


@pytest.mark.parametrize(
    ("flaws", "shows"),
    [
        (Flaws(chatty=True), lambda text: "Sag gern Bescheid" in text),
        (Flaws(dropped=True), lambda text: sum(heading in text for heading in HEADINGS) == 3),
        (Flaws(swapped=True), lambda text: sorted(HEADINGS, key=text.index) != list(HEADINGS)),
        (Flaws(astray=True), lambda text: "Quantencomputer" not in text),
        (Flaws(echo=True), lambda text: text.count("Sag etwas dazu, und zwar genau.") >= 2),
        (
            Flaws(repeated=True),
            lambda text: len(set(four_words(text))) < len(four_words(text)) - 4,
        ),
    ],
)
def test_each_flaw_shows(flaws: Flaws, shows: object) -> None:
    """Every flaw can be seen in the answer."""
    assert callable(shows)
    assert shows(answer(flaws))


def test_better_quality_means_smaller_flaws() -> None:
    """A perfect answer has no flaw, and thinness grows as quality falls."""
    chosen = {
        quality: [choose_flaws(quality, 6, Random(seed)) for seed in range(50)]
        for quality in (50.0, 75.0, 99.5)
    }

    assert set(chosen[99.5]) <= {Flaws(), Flaws(chatty=True), Flaws(repeated=True)}
    assert all(flaws.thin for flaws in chosen[75.0])
    assert mean(flaws.words for flaws in chosen[50.0]) < mean(flaws.words for flaws in chosen[75.0])


def test_an_answer_fits_into_the_token_limit() -> None:
    """With a small limit the sections get shorter."""
    assert len(answer(Flaws(), max_tokens=200)) < len(answer(Flaws()))


def test_a_prompt_that_uses_up_the_vocabulary_is_answered_all_the_same() -> None:
    """Even when every word was said before, there is an answer."""
    everything = " ".join(
        word
        for domain in DOMAINS.values()
        for word in (*domain.things, *domain.groups, *domain.traits, *THINGS, *GROUPS, *TRAITS)
    )

    assert len(write_answer(framed(everything), Flaws(), dice(1), None)) > 400
