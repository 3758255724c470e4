from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from evolution.analyzer import judged
from evolution.choosing import Choice
from evolution.evidence import EvidenceStore
from evolution.generations import new_plan
from evolution.learner import believe
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence, Terms
from syntx.job import Recipe

World = Callable[..., list[list[Row]]]


@pytest.fixture
def store() -> Iterator[EvidenceStore]:
    """Open a store in memory."""
    with EvidenceStore(Path(":memory:")) as opened:
        yield opened


@pytest.fixture
def world(space: Space, row: Callable[..., Row]) -> World:
    """Make generations of twenty rows whose scores fall by so much at one of them."""

    def make(seed: int, generations: int, fall_at: int = 99, fall: float = 12) -> list[list[Row]]:
        dice = random.Random(seed)
        found = []
        for number in range(1, generations + 1):
            mean = 80 - (fall if number >= fall_at else 0)
            rows = []
            for place in range(20):
                topic = dice.choice(space.topics)
                rows.append(
                    row(
                        number * 100 + place,
                        generation=number,
                        arm="steered" if place > 3 else "control",
                        topic=topic.name,
                        category=topic.category,
                        style=dice.choice(space.styles),
                        wrapper=dice.choice(space.wrappers),
                        family=dice.choice([None, f"family {place}"]),
                        score=max(0, min(100, round(dice.gauss(mean, 10)))),
                    )
                )
            found.append(rows)
        return found

    return make


def live(store: EvidenceStore, generations: Sequence[list[Row]], **terms: float) -> Evidence:
    """Learn one generation after the other, with a look after each; return the last."""
    seen = Evidence()
    for rows in generations:
        store.keep_rows(rows)
        seen = judged(store, Terms(**terms))  # type: ignore[arg-type]
    return seen


def where(store: EvidenceStore) -> list[int]:
    """Return the generations at which the evidence is cut."""
    return [cut.generation for cut in store.cuts("")]


def test_a_fall_cuts_the_evidence_there(store: EvidenceStore, world: World) -> None:
    """What is older than the fall fades at once, what came since counts in full."""
    seen = live(store, world(1, 12, fall_at=10))

    assert where(store) == [10]
    assert seen.cut == 10
    assert store.cuts("")[0].z < -2.5
    weights = {trial.generation: trial.weight for trial in seen.trials}
    assert (weights[9], weights[10]) == (0.1, 1.0)


def test_a_rise_cuts_nothing(store: EvidenceStore, world: World) -> None:
    """Better scores than expected are learned from as they are."""
    assert live(store, world(1, 12, fall_at=10, fall=-15)).cut == 0


def test_without_a_fall_hardly_anything_is_cut(world: World) -> None:
    """Of 160 generations that are like those before at most three look as if scores fell."""
    cuts = 0
    for seed in range(8):
        with EvidenceStore(Path(":memory:")) as store:
            live(store, world(seed, 20))
            cuts += len(where(store))

    assert cuts <= 3


def test_two_cuts_lie_three_generations_apart(store: EvidenceStore, world: World) -> None:
    """Scores that go on falling cut again, but not in each generation."""
    falling = [world(number, number, 1, 4 * number)[-1] for number in range(1, 13)]

    live(store, falling)

    assert len(where(store)) >= 2
    assert all(later - cut >= 3 for cut, later in zip(where(store), where(store)[1:], strict=False))


def test_a_long_history_does_not_outweigh_a_fall(store: EvidenceStore, world: World) -> None:
    """After sixty generations one fall is one cut or two, and then it is learned."""
    generations = world(2, 75, fall_at=60)
    live(store, [[row for rows in generations[:59] for row in rows], *generations[59:]])

    found = [number for number in where(store) if number >= 60]
    assert found[0] == 60
    assert len(found) <= 2


@pytest.mark.parametrize("singly", [5_000, 50])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_read_anew_all_at_once_it_is_the_same(
    store: EvidenceStore, world: World, space: Space, seed: int, singly: int
) -> None:
    """Cuts, evidence and belief after a rebuild equal those that came one by one."""
    generations = world(seed, 20, fall_at=8 + seed)
    before = live(store, generations, singly=singly)
    cuts = store.cuts("")

    store.forget()
    assert store.cuts("") == ()
    store.keep_rows(random.Random(seed).sample([row for rows in generations for row in rows], 400))
    after = judged(store, Terms(singly=singly))

    assert cuts
    assert store.cuts("") == cuts
    assert after == before
    one, other = believe(space, before), believe(space, after)
    assert np.array_equal(one.mean, other.mean)
    assert np.array_equal(one.cholesky, other.cholesky)


def test_a_verdict_that_comes_late_is_judged_with_the_others(
    store: EvidenceStore, world: World
) -> None:
    """Generations are judged anew from there on: the cuts follow from the evidence alone."""
    *generations, last = world(1, 12, fall_at=10)
    late, generations[9] = generations[9][10:], generations[9][:10]
    live(store, generations)
    store.keep_rows(late)
    live(store, [last])
    found = store.cuts("")

    store.forget()
    live(store, world(1, 12, fall_at=10))

    assert found == store.cuts("")


def test_a_retry_can_take_a_cut_back(store: EvidenceStore, world: World) -> None:
    """When all of a bad generation ends well at last, nothing fell."""
    generations = world(1, 11)
    bad = [
        Row(**{**{name: getattr(row, name) for name in row.__slots__}, "score": 50})
        for row in generations[9]
    ]
    live(store, [*generations[:9], bad])
    assert where(store) == [10]

    better = [
        Row(**{**{name: getattr(row, name) for name in row.__slots__}, "attempt": 2})
        for row in generations[9]
    ]
    assert live(store, [better]).cut == 0


def test_a_generation_is_judged_when_all_of_it_has_ended(
    store: EvidenceStore, world: World, recipe: Recipe, row: Callable[..., Row]
) -> None:
    """The quick failures of a generation are no fall; after three more it is judged as it is."""
    live(store, world(1, 9))
    plan = new_plan(10, [Choice(recipe, "steered")] * 20, datetime(2026, 11, 20, tzinfo=UTC))
    store.save_plan(plan)
    ids = [item.job_id for item in plan.items]
    quick = [
        row(1_000 + n, job_id=ids[n], generation=10, arm="steered", score=50) for n in range(9)
    ]

    assert live(store, [quick]).cut == 0

    others = [[row(n * 100, generation=n, arm="steered", score=80)] for n in (11, 12, 13)]
    assert live(store, others[:2]).cut == 0
    assert live(store, others[2:]).cut == 10


def test_each_measure_has_cuts_of_its_own(store: EvidenceStore, world: World) -> None:
    """A new score version starts without any; the older one's stay where they were."""
    live(store, world(1, 12, fall_at=10))
    newer = [
        Row(
            **{
                **{name: getattr(row, name) for name in row.__slots__},
                "job_id": f"new-{row.job_id}",
                "settled_at": f"2027-{row.job_id}",
                "score_version": "2",
            }
        )
        for row in world(5, 13)[-1]
    ]

    seen = live(store, [newer])

    assert (seen.learned_by, seen.cut) == ("2", 0)
    assert where(store) == [10]


def test_what_was_dropped_by_hand_is_not_judged(
    store: EvidenceStore, world: World, row: Callable[..., Row]
) -> None:
    """Bad scores outside of any generation cut nothing, and fade when a cut comes."""
    by_hand = [
        row(5 + n, generation=None, arm=None, score=50, job_id=f"hand {n}") for n in range(30)
    ]
    generations = world(1, 12, fall_at=10)

    assert live(store, [*generations[:9], by_hand]).cut == 0
    seen = live(store, generations[9:])

    assert seen.cut == 10
    assert max(trial.weight for trial in seen.trials if trial.generation == 0) < 0.1
