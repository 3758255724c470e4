from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from evolution.claims import Claim, claims
from evolution.evidence import EvidenceStore
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence, Terms

EvidenceOf = Callable[..., Evidence]
MeanOf = Callable[[dict[str, str]], float]


@pytest.fixture
def generation(space: Space, row: Callable[..., Row]) -> Callable[..., list[Row]]:
    """Make twenty rows of random recipes with scores about a mean."""

    def make(dice: random.Random, number: int, mean_of: MeanOf) -> list[Row]:
        rows = []
        for place in range(20):
            topic = dice.choice(space.topics)
            recipe = {
                "topic": topic.name,
                "category": topic.category,
                "style": dice.choice(space.styles),
                "wrapper": dice.choice(space.wrappers),
                "pattern": dice.choice([*space.patterns]),
            }
            score = round(dice.gauss(mean_of(recipe), 10))
            rows.append(row(number * 100 + place, **recipe, score=max(0, min(100, score))))
        return rows

    return make


def looks(
    space: Space, generation: Callable[..., list[Row]], mean_of: MeanOf, seed: int, every: int = 2
) -> list[tuple[Claim, ...]]:
    """Learn twelve generations, and return what is claimed after every so many."""
    dice = random.Random(seed)
    found = []
    with EvidenceStore(Path(":memory:")) as store:
        for number in range(1, 13):
            store.keep_rows(generation(dice, number, mean_of))
            if number % every == 0:
                found.append(claims(space, store.evidence(Terms())))
    return found


def named(found: Sequence[Claim], factor: str, level: str) -> Claim:
    """Return what is said of a level."""
    (claim,) = (each for each in found if (each.factor, each.level) == (factor, level))
    return claim


def test_without_signal_hardly_anything_is_claimed(
    space: Space, generation: Callable[..., list[Row]]
) -> None:
    """Over sixteen worlds at most 5 % of the levels looked at are claimed to differ, none best."""
    kinds: Counter[str] = Counter()
    for seed in range(16):
        for found in looks(space, generation, lambda _: 78, seed, every=3):
            kinds.update(claim.kind for claim in found if claim.n >= 8)

    assert kinds.total() > 1_500
    assert kinds["better"] + kinds["best"] <= 0.05 * kinds.total()
    assert kinds["worse"] <= 0.05 * kinds.total()
    assert kinds["best"] == 0


def test_what_is_claimed_is_right(space: Space, generation: Callable[..., list[Row]]) -> None:
    """With effects of every factor and pairs among them at least 90 % of the claims are true."""
    right = made = 0
    for seed in range(12):
        dice = random.Random(1_000 + seed)
        truth = {
            (factor, level): dice.gauss(0, 3)
            for factor, levels in (("category", [f"category {n}" for n in range(7)]),
                ("style", space.styles), ("wrapper", space.wrappers), ("pattern", space.patterns))
            for level in levels
        }  # fmt: skip
        pairs = {
            (style, wrapper): dice.gauss(0, 2)
            for style in space.styles
            for wrapper in space.wrappers
        }
        for style in space.styles:
            mean = sum(pairs[style, wrapper] for wrapper in space.wrappers) / 10
            for wrapper in space.wrappers:
                pairs[style, wrapper] -= mean

        def mean_of(recipe: dict[str, str], truth=truth, pairs=pairs) -> float:  # type: ignore[no-untyped-def]
            mains = sum(truth.get(pair, 0) for pair in recipe.items())
            return float(78 + mains + pairs[recipe["style"], recipe["wrapper"]])

        for claim in looks(space, generation, mean_of, seed, every=6)[-1]:
            if claim.kind == "undecided" or claim.factor in ("topic", "wrapper"):
                continue
            rivals = [effect for (factor, _), effect in truth.items() if factor == claim.factor]
            above = truth[claim.factor, claim.level] - sum(rivals) / len(rivals)
            if claim.kind == "best":
                above = truth[claim.factor, claim.level] - max(rivals) + 1e-9
            made += 1
            right += above < 0 if claim.kind == "worse" else above > 0

    assert made >= 40
    assert right >= 0.9 * made


def test_a_clear_winner_is_best(space: Space, generation: Callable[..., list[Row]]) -> None:
    """A style that is far better is called the best, the others worse, with their intervals."""
    found = looks(space, generation, lambda r: 88 if r["style"] == "kreativ" else 72, 1)[-1]

    best = named(found, "style", "kreativ")
    assert (best.kind, best.id) == ("best", "style-kreativ-best")
    assert best.low < best.effect < best.high
    assert 9 < best.effect < 15
    assert best.probability >= 0.95
    assert best.n >= 40
    for style in ("technisch", "akademisch", "casual"):
        worse = named(found, "style", style)
        assert worse.kind == "worse"
        assert worse.high < 0


def test_one_lucky_answer_claims_nothing(
    space: Space, row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """A single 98 leaves everything undecided; so do seven where eight are asked for."""
    rows = [row(n, style="technisch", score=60) for n in range(30)]

    lucky = claims(space, evidence_of([*rows, row(99, style="casual", score=98)]))
    seven = claims(space, evidence_of([*rows, *(row(99 + n, score=98) for n in range(7))]))
    eight = claims(space, evidence_of([*rows, *(row(99 + n, score=98) for n in range(8))]))

    assert {claim.kind for claim in lucky if claim.level == "casual"} == {"undecided"}
    assert named(lucky, "style", "casual").n == 1
    assert named(seven, "style", "casual").kind == "undecided"
    assert named(eight, "style", "casual").kind == "better"


def test_best_needs_every_rival_to_be_known(
    space: Space, row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """While one style was tried seven times the far better one is better, not best."""
    styles = [("casual", 98, 60), ("technisch", 60, 60), ("kreativ", 60, 60), ("akademisch", 60, 7)]
    rows = [
        row(100 * place + n, style=style, score=score)
        for place, (style, score, count) in enumerate(styles)
        for n in range(count)
    ]

    known = claims(space, evidence_of([*rows, row(999, style="akademisch", score=60)]))

    assert named(claims(space, evidence_of(rows)), "style", "casual").kind == "better"
    assert named(known, "style", "casual").kind == "best"


def test_everything_on_offer_is_told_of(space: Space, evidence_of: EvidenceOf) -> None:
    """Without any evidence each level is undecided, once, under an ID of its own."""
    found = claims(space, evidence_of([]))

    assert Counter(claim.factor for claim in found) == {
        "category": 7, "topic": 33, "style": 4, "wrapper": 10, "pattern": 6
    }  # fmt: skip
    assert {(claim.kind, claim.n) for claim in found} == {("undecided", 0)}
    assert len({claim.id for claim in found}) == len(found)


def test_ids_tell_levels_apart_that_look_alike(evidence_of: EvidenceOf) -> None:
    """Names that differ in signs and letters only have IDs of their own, always the same."""
    styles = ["a b", "a-b", "A B", "ä", "ae", "?", "!", "日本"]
    space = Space.of({"c": [("t", 1.0)]}, styles, ["w"])

    one, other = (claims(space, evidence_of([])) for _ in range(2))

    assert [claim.id for claim in one] == [claim.id for claim in other]
    assert len({claim.id for claim in one if claim.factor == "style"}) == len(styles)


def test_a_topic_is_compared_with_those_of_its_category(
    space: Space, row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """In a good category a topic as good as its others is not better."""
    rows = [
        row(100 * place + n, topic=topic.name, category=topic.category, score=score)
        for place, topic in enumerate(space.topics)
        for score in [90 if topic.category == "category 2" else 70]
        for n in range(12)
    ]

    found = claims(space, evidence_of(rows))

    assert named(found, "category", "category 2").kind == "best"
    assert {claim.kind for claim in found if claim.factor == "topic"} == {"undecided"}


def test_outdated_evidence_supports_as_little_as_it_weighs(
    space: Space, row: Callable[..., Row], evidence_of: EvidenceOf
) -> None:
    """Seventy answers of the model before count as seven: nothing is claimed from them."""
    rows = [row(n, style="technisch", score=60, model="old") for n in range(100)]
    rows += [row(200 + n, style="casual", score=98, model="old") for n in range(70)]
    rows += [row(900, style="kreativ", score=80, model="new")]

    claim = named(claims(space, evidence_of(rows)), "style", "casual")

    assert (claim.kind, claim.n) == ("undecided", 7)
