from __future__ import annotations

from collections.abc import Callable

from evolution.elites import elites
from evolution.rows import Row
from evolution.tallies import Evidence

CELL = "category 0", "casual"


def test_a_cell_without_a_success_has_no_elite(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """What scored below the line is no elite; each cell that has one is named once."""
    rows = [row(0, score=89), row(1, score=90, style="kreativ"), row(2, score=95, style="kreativ")]

    found = elites(evidence_of(rows), 90)

    assert {cell: trial.job_id for cell, trial in found.items()} == {
        ("category 0", "kreativ"): "job-000002"
    }


def test_a_family_that_succeeds_again_and_again_beats_a_lucky_one(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """One 99 of a family whose other prompts failed is luck; four times 93 are not."""
    rows = [row(0, family="lucky", score=99), row(1, family="lucky", score=40)]
    rows += [row(10 + n, family="steady", score=92 + (n == 2)) for n in range(4)]
    rows += [row(20 + n, score=70) for n in range(10)]

    assert elites(evidence_of(rows), 90)[CELL].job_id == "job-000012"


def test_a_lucky_first_prompt_is_not_believed_at_once(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A single 98 in a cell of seventies ranks behind a family of twelve around 92."""
    rows = [row(0, family="lucky", score=98)]
    rows += [row(10 + n, family="steady", score=92) for n in range(12)]
    rows += [row(30 + n, score=70) for n in range(10)]

    assert elites(evidence_of(rows), 90)[CELL].family == "steady"


def test_the_order_of_rows_does_not_matter(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """The same evidence gives the same elites."""
    rows = [row(n, score=90 + n % 3, style=f"style {n % 2}") for n in range(12)]

    assert elites(evidence_of(rows), 90) == elites(evidence_of(rows[::-1]), 90)
    assert elites(evidence_of([]), 90) == {}
