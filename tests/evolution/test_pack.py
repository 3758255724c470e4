from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolution.learner import believe
from evolution.pack import Example, pack
from evolution.recipes import Space
from evolution.rows import Row
from evolution.tallies import Evidence, Trial

Packed = Callable[..., tuple[Example, ...]]


@pytest.fixture
def packed(space: Space, evidence_of: Callable[..., Evidence]) -> Packed:
    """Pack the evidence of rows."""

    def make(rows: Sequence[Row], most: int = 50) -> tuple[Example, ...]:
        evidence = evidence_of(rows)
        return pack(evidence, believe(space, evidence), most)

    return make


def test_the_largest_surprises_come_first_both_ways(
    packed: Packed, row: Callable[..., Row]
) -> None:
    """Better and worse take turns, and what was as expected comes last."""
    styles = [f"style {n}" for n in range(5)]
    rows = [row(n, style=styles[n % 5], score=75) for n in range(40)]
    rows += [row(50, style="style 0", score=100), row(51, style="style 1", score=52)]

    better, worse, *rest = packed(rows)

    assert (better.trial.job_id, worse.trial.job_id) == ("job-000050", "job-000051")
    assert better.surprise > 15
    assert worse.surprise < -15
    assert all(abs(example.surprise) < 15 for example in rest)


def test_no_cell_shows_more_than_three(packed: Packed, row: Callable[..., Row]) -> None:
    """Many surprises of one category and style leave room for others."""
    rows = [row(n, score=100 if n % 2 else 50) for n in range(30)]
    rows += [row(100 + n, category="category 1", topic="topic 1.0", score=75) for n in range(10)]

    cells = Counter((each.trial.category, each.trial.style) for each in packed(rows))

    assert cells == {("category 0", "casual"): 3, ("category 1", "casual"): 3}


@pytest.mark.parametrize("most", [0, 1, 4])
def test_it_has_at_most_so_many(packed: Packed, row: Callable[..., Row], most: int) -> None:
    """The size is the caller's."""
    rows = [row(n, style=f"style {n % 8}", score=60 + n) for n in range(30)]

    assert len(packed(rows, most)) == most


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 100)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_evidence_packs(made: list[tuple[int, int, int]]) -> None:
    """However scores lie, no example repeats, no cell has more than three, signs are true."""
    space = Space.of({f"c{c}": [("t", 1.0)] for c in range(4)}, ["a", "b", "c"], ["w"])
    trials = tuple(
        Trial(f"{n}", 1, "t", f"c{c}", "abc"[s], "w", "question", "control", "fresh", f"{n}", score)
        for n, (c, s, score) in enumerate(made)
    )
    evidence = Evidence(trials=trials)
    belief = believe(space, evidence)

    examples = pack(evidence, belief, 50)

    assert len({each.trial.job_id for each in examples}) == len(examples)
    cells = Counter((each.trial.category, each.trial.style) for each in examples)
    assert max(cells.values(), default=0) <= 3
    for each in examples:
        by = max(each.trial.score, 50) - belief.expected(each.trial)
        assert each.surprise == pytest.approx(by)
