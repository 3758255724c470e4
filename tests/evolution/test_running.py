from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evolution.drift import Judgement
from evolution.evidence import EvidenceStore
from evolution.rows import Row
from evolution.summing import add_up
from evolution.tallies import Evidence, Terms


def rows_of(row: Callable[..., Row], dice: random.Random) -> list[Row]:
    """Make endings of thirty jobs: scored or not, of either version, by either model, retried."""
    found = []
    for _ in range(60):
        scored = dice.random() < 0.8
        made = row(
            dice.randint(1, 30),
            attempt=dice.randint(1, 3),
            score=dice.randint(0, 100) if scored else None,
            outcome="low_score" if scored else dice.choice(["failed", "refused"]),
            completeness=dice.choice([None, 50, 100]),
            style=dice.choice(["plain", "wild"]),
            generation=dice.choice([None, 1, 2, 3, 4]),
            arm=dice.choice(["control", "steered", None]),
            model=dice.choice(["m", "m", "n"]),
            pattern=dice.choice(["question", "question", None]),
            fields=dice.choice([(), (("drift", True),), (("drift", False),)]),
        )
        found.append(replace(made, score_version=dice.choice(["1", "1", "2"])))
    return found


def from_rows(store: EvidenceStore, terms: Terms) -> Evidence:
    """Add up the rows themselves, as for terms the running sums are not kept for."""

    def read(query: str, *values: object) -> list[tuple[object, ...]]:
        return store.read("SELECT 1, 1, 1" if query == "SELECT * FROM bounds" else query, *values)

    return add_up(read, terms)


KEPT_AND_COUNTED = (
    (
        "SELECT measure, generation, arm, n, total, squares FROM arm_sums WHERE n <> 0",
        "SELECT measure, generation, arm, COUNT(*), SUM(score), SUM(score * score) FROM evidence "
        "WHERE latest = 1 AND complete = 1 AND measure NOT NULL AND generation NOT NULL "
        "AND arm IN ('control', 'steered') GROUP BY measure, generation, arm",
    ),
    (
        "SELECT measure, shape, n FROM shape_sums WHERE n <> 0",
        "SELECT measure, shape, COUNT(*) FROM evidence "
        "WHERE latest = 1 AND measure NOT NULL GROUP BY measure, shape",
    ),
)


@pytest.mark.parametrize("seed", range(20))
def test_running_sums_are_those_of_the_rows(row: Callable[..., Row], seed: int) -> None:
    """Whatever came, was retried, recorded again, archived or forgotten, wherever a cut was."""
    dice = random.Random(seed)
    with EvidenceStore(Path(":memory:")) as store:
        for floor in (50, 50, 62.5, 50):
            terms = Terms(floor=floor)
            if dice.random() < 0.2:
                store.forget()
            rows = rows_of(row, dice)
            store.keep_rows(rows)
            store.mark_archived({each.job_id for each in rows[::2]})
            measure = store.evidence(terms).learned_by or ""
            if dice.random() < 0.7:
                fall = Judgement(dice.randint(1, 4), -3.0, cuts=True)
                store.keep_judgements(measure, [fall], fall.generation)
            else:
                store.forget_judgements(measure)

            assert store.evidence(terms) == from_rows(store, terms)
            store.prepare(terms)
            running = store.evidence(terms)

            assert store.read("SELECT * FROM bounds") == [(floor, 90, running.cut)]
            assert running == from_rows(store, terms)
            assert running.learned > 0
            for kept, counted in KEPT_AND_COUNTED:
                assert sorted(store.read(kept)) == sorted(store.read(counted))


def test_adding_up_reads_no_rows_but_the_newest(
    row: Callable[..., Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No query scans the evidence, so a million rows cost what a thousand do."""
    with EvidenceStore(Path(":memory:")) as store:
        store.keep_rows(row(n, generation=n, arm="control") for n in range(1_000))
        store.prepare(Terms())
        asked: list[tuple[str, tuple[object, ...]]] = []
        real = store.read

        def listen(query: str, *values: object) -> list[tuple[object, ...]]:
            asked.append((query, values))
            return real(query, *values)

        with monkeypatch.context() as patched:
            patched.setattr(store, "read", listen)
            store.evidence(Terms())

        plans = [store.read(f"EXPLAIN QUERY PLAN {query}", *values) for query, values in asked]

    steps = [str(step[3]) for plan in plans for step in plan]
    assert not [step for step in steps if step.startswith("SCAN e ") or "SCAN evidence" in step]
    assert [step for step in steps if "SEARCH e USING INDEX evidence_trials" in step]


def test_a_store_that_may_only_be_read_tells_all_the_same(row: Callable[..., Row]) -> None:
    """Whoever looks with other terms than the producer's needs to write nothing."""
    with EvidenceStore(Path(":memory:")) as store:
        store.keep_rows(row(n, score=40 + n) for n in range(30))
        store.read("PRAGMA query_only = ON")

        strata = store.evidence(Terms(floor=60, min_score=65)).strata

        assert (strata[0].good, strata[0].floored) == (5, 20 * 60 + sum(range(60, 70)))
