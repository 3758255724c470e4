"""Key figures, measured."""

from __future__ import annotations

from typing import Any

import pytest

from consumer.documents.generation.kpis import (
    check_path,
    measure,
    progression,
    said_percent,
)
from consumer.documents.generation.models import KpiDefinition
from syntx.errors import BadRequest

ROWS = "$.documents[0].sections[?(@.content_type=='table')].elements[0].rows"


def kpi(path: str = ROWS, target: Any = 100, tolerance: float = 0.0) -> KpiDefinition:
    """Return a key figure."""
    return KpiDefinition(id="rows", json_path=path, target_value=target, tolerance=tolerance)


def tables(*lengths: int) -> Any:
    """Return a document with tables of these lengths, and a count of its own."""
    sections = [
        {"content_type": "table", "elements": [{"rows": [[n] for n in range(length)]}]}
        for length in lengths
    ]
    return {"count": 7.5, "state": "final", "documents": [{"sections": sections}]}


def test_lists_count_by_length_and_add_up() -> None:
    """A filter that finds several tables counts the rows of all."""
    (one,) = measure(tables(40, 5), [kpi()])

    assert (one.value, one.progress, one.met) == (45, 0.45, False)
    assert one.kept().current_value == 45


def test_an_object_counts_as_one() -> None:
    """Two sections are two, however many keys each has."""
    document = {"sections": [{"id": "a", "title": "A"}, {"id": "b", "title": "B", "order": 2}]}
    kpi = KpiDefinition(id="k", json_path="$.sections[*]", target_value=2)

    assert measure(document, (kpi,))[0].value == 2


def test_numbers_are_read_and_words_compared() -> None:
    """A number counts as itself; a word is met where it stands."""
    number, word, other = measure(
        tables(), [kpi("$.count", 10), kpi("$.state", "final"), kpi("$.state", "draft")]
    )

    assert (number.value, number.progress) == (7.5, 0.75)
    assert word.met
    assert not other.met
    assert "draft" in other.reason


@pytest.mark.parametrize("path", ["$.nowhere[*].rows", "$[?(", ""])
def test_what_is_not_found_is_zero_and_says_why(path: str) -> None:
    """A path that finds nothing, or cannot be read, gives 0 with a reason."""
    (one,) = measure(tables(3), [kpi(path, 5)])

    if path:
        assert one.value == 0
        assert one.reason
    assert not one.met


def test_tolerance_is_honoured() -> None:
    """Two rows short are enough where two may lack."""
    (strict,) = measure(tables(98), [kpi()])
    (tolerant,) = measure(tables(98), [kpi(tolerance=2)])

    assert not strict.met
    assert tolerant.met


@pytest.mark.parametrize(
    ("before", "rows", "grown", "status"),
    [
        (None, 0, 0, "continue"),
        (None, 100, 0, "done"),
        ({"rows": 40}, 39, 50, "error"),
        ({"rows": 40}, 40, 0, "stalled"),
        ({"rows": 40}, 40, 3, "continue"),
        ({"rows": 40}, 41, 0, "continue"),
        ({"rows": 99}, 100, 1, "done"),
        ({"other": 99}, 1, 0, "continue"),
    ],
)
def test_figures_decide_whether_to_go_on(
    before: dict[str, int] | None, rows: int, grown: int, status: str
) -> None:
    """A fall is an error, no rise a stall, targets met is done, a first step never fails."""
    told = progression(before, measure(tables(rows), [kpi()]), grown)

    assert told.status == status
    assert told.reason


def test_one_figure_that_falls_outweighs_others_that_rise() -> None:
    """Nothing makes up for what was lost."""
    count = KpiDefinition(id="count", json_path="$.count", target_value=10)
    told = progression({"rows": 1, "count": 9}, measure(tables(50), [kpi(), count]))

    assert told.status == "error"
    assert "count" in told.reason


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("45 %", 45),
        ("45 percent", 45),
        ("45", 45),
        ("about 45% so far", 45),
        ("100", 100),
        ("0 Prozent", 0),
        ("145 %", None),
        ("-5 %", None),
        ("half", None),
        ("", None),
        ("chapter 45 is next", None),
    ],
)
def test_a_models_own_percentage_is_read_or_ignored(text: str, percent: int | None) -> None:
    """0 to 100 in its usual writings; all else is no percentage."""
    assert said_percent(text) == percent


def test_a_path_that_cannot_be_read_is_refused_by_name() -> None:
    """A plan with such a path fails before it is carried out."""
    check_path(ROWS)

    with pytest.raises(BadRequest, match="cannot be read"):
        check_path("$[?(")
