from __future__ import annotations

from collections.abc import Callable

import pytest

from evolution.reporting import report
from evolution.rows import Row
from evolution.tallies import Evidence


@pytest.fixture
def planted(row: Callable[..., Row]) -> list[Row]:
    """Give 100 rows of a style that succeeds in 95 % after 100 of one that does in 40 %."""
    bad = [row(n, style="B", score=92 if n % 10 < 4 else 60) for n in range(100)]
    good = [row(100 + n, style="A", score=92 if n % 20 else 60) for n in range(100)]
    return bad + good


def test_the_better_style_is_ranked_first_with_its_interval(
    planted: list[Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Rank follows evidence, not the order of files, and success shares are the planted ones."""
    first, second = report(evidence_of(planted)).levels["style"]

    assert (first.name, first.n, first.success) == ("A", 100, 0.95)
    assert (second.name, second.n, second.success) == ("B", 100, 0.4)
    assert first.low < first.mean < first.high
    assert first.low > second.high


def test_one_lucky_answer_does_not_lead(
    planted: list[Row], row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A single score of 100 has so wide an interval that proven styles stay ahead."""
    told = report(evidence_of([*planted, row(999, style="C", score=100)]))

    assert told.leaders("style")[0] == "A"


def test_top_samples_are_the_best_and_bounded(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """At most 50 rows of at least 90 are summarised, the best of them."""
    rows = [row(n, score=n % 101, completeness=n % 101, style=f"s{n % 2}") for n in range(606)]

    top = report(evidence_of(rows)).top

    assert top.sample_count == 50
    assert top.avg_score is not None
    assert top.avg_score > 95
    assert top.avg_field_completeness == top.avg_score
    assert sum(top.styles.values()) == sum(top.wrappers.values()) == 50
    assert report(evidence_of(rows[:95])).top.sample_count == 5


def test_field_rates_are_shares_of_the_answers_asked_for_them(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """A field counts only where its wrapper asked for it."""
    rows = [row(1, fields=(("drift", True), ("depth", False))), row(2, fields=(("drift", False),))]

    assert report(evidence_of(rows)).fields == {"depth": 0.0, "drift": 0.5}


def test_an_empty_queue_reports_nothing_learned() -> None:
    """Sample count 0, no means, no leaders, no generation."""
    told = report(Evidence(), (("bad.json", "not JSON"),))

    assert told.learned.sample_count == told.top.sample_count == 0
    assert told.learned.avg_score is None
    assert told.leaders("style") == []
    assert told.latest is None
    assert told.unreadable == (("bad.json", "not JSON"),)


def test_prompts_without_a_recipe_are_described_and_not_learned(
    row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Hand-dropped prompts stand among the top samples, and apart from what was learned."""
    told = report(evidence_of([row(1, score=95), row(2, score=95, pattern=None)]))

    assert told.top.sample_count == 2
    assert told.learned.sample_count == 1
    assert told.set_aside == {"incomplete": 1}
