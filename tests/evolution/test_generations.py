from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from evolution.choosing import Choice
from evolution.claims import Claim, Kind
from evolution.generations import ItemState, Plan, Turn, entropy, log_line, new_plan
from evolution.lift import lift
from evolution.reporting import report
from evolution.rows import Row
from evolution.tallies import Evidence
from syntx.ids import is_job_id
from syntx.job import Recipe

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


@pytest.fixture
def written(recipe: Recipe) -> Plan:
    """Give a generation of four prompts, three submitted and one failed."""
    other = recipe.model_copy(update={"style": "kreativ", "topic": "topic 0.1"})
    choices = [
        Choice(recipe, "control"),
        *[Choice(recipe, "steered")] * 2,
        Choice(other, "steered"),
    ]
    plan = new_plan(7, choices, NOW)
    states: tuple[ItemState, ...] = ("submitted", "failed", "submitted", "submitted")
    items = [
        replace(item, state=state, reason="truncated" if state == "failed" else None)
        for item, state in zip(plan.items, states, strict=True)
    ]
    return replace(plan, items=tuple(items))


def test_a_new_plan_fixes_ids_in_order(recipe: Recipe) -> None:
    """Every prompt has its own job ID from the start, and they sort in the plan's order."""
    plan = new_plan(1, [Choice(recipe, "control")] * 20, NOW)
    ids = [item.job_id for item in plan.items]

    assert all(is_job_id(each) for each in ids)
    assert ids == sorted(set(ids))
    assert {item.state for item in plan.items} == {"planned"}
    assert plan.plan_id != new_plan(2, [], NOW).plan_id


def test_the_first_line_is_logged_with_nothing_learned(written: Plan) -> None:
    """With no evidence the sample count is 0 and no mean or leader is invented."""
    line = log_line(written, report(Evidence()), lift(()), Turn(0.8, 4))

    assert line["generation"] == 7
    assert line["learned_from"] == {
        "sample_count": 0,
        "avg_score": None,
        "avg_field_completeness": None,
        "top_categories": [],
        "top_styles": [],
    }
    assert line["lift"]["difference"] is None
    assert json.loads(json.dumps(line, allow_nan=False)) == line


def test_a_line_tells_what_was_written_and_what_failed(written: Plan) -> None:
    """Prompts, arms, coverage and entropy count submitted prompts; failures are apart."""
    line = log_line(written, report(Evidence()), lift(()), Turn(0.8, 4, 0.02))

    assert (line["prompts_generated"], line["failed_drafts"]) == (3, 1)
    assert line["failed_reasons"] == {"truncated": 1}
    assert (line["arms"]["control"]["prompts"], line["arms"]["steered"]["prompts"]) == (1, 2)
    assert line["coverage"] == {"styles": 2, "categories": 1, "topics": 2, "cells": 2}
    assert line["style_entropy"] == pytest.approx(0.4591)
    assert (line["feedback_strength"], line["cost"]) == (0.8, 0.02)


def test_a_line_tells_what_was_learned(
    written: Plan, row: Callable[..., Row], evidence_of: Callable[..., Evidence]
) -> None:
    """Sample count, means, leaders, both arms and the lift's interval come from the evidence."""
    scores = [("steered", "kreativ", 90)] * 16 + [("control", "casual", 70)] * 8
    rows = [
        row(n, arm=arm, style=style, score=score, completeness=80, generation=6)
        for n, (arm, style, score) in enumerate(scores)
    ]

    evidence = evidence_of(rows)
    line = log_line(written, report(evidence), lift(evidence.arms), Turn(0.8, 4))

    learned = line["learned_from"]
    assert (learned["sample_count"], learned["avg_field_completeness"]) == (24, 80)
    assert learned["top_styles"] == ["kreativ", "casual"]
    assert learned["top_categories"] == ["category 0"]
    assert line["arms"]["steered"] == {"n": 16, "mean": 90, "prompts": 2}
    assert line["lift"]["difference"] == 20
    assert line["previous"]["generation"] == 6


def _claim(number: int, kind: Kind = "better") -> Claim:
    effect = number + 0.123456
    return Claim(f"c{number}", "style", f"s{number}", kind, effect, effect - 2, effect + 2, 9, 0.97)


def test_a_line_tells_what_is_decided_and_no_more(written: Plan) -> None:
    """The twenty largest effects that are decided, rounded; what is undecided is left out."""
    claims = [_claim(number) for number in range(30)] + [_claim(99, "undecided")]
    line = log_line(written, report(Evidence()), lift(()), Turn(0.8, 4, claims=claims, elites=3))

    assert [claim["id"] for claim in line["claims"]] == [f"c{n}" for n in range(29, 9, -1)]
    assert line["claims"][0] == {
        "id": "c29", "factor": "style", "level": "s29", "kind": "better",
        "effect": 29.12, "low": 27.12, "high": 31.12, "n": 9,
    }  # fmt: skip
    assert line["elites"] == 3


def test_a_line_tells_how_prompts_came_about_and_how_new_they_are(written: Plan) -> None:
    """Operators are counted over submitted prompts, redraws over all, likeness is their mean."""
    changes: list[dict[str, Any]] = [
        {"operator": "mutate", "redraws": 2, "similarity": 0.4},
        {"redraws": 7, "reason": "near_repeat"},
        {"similarity": 0.2},
        {"operator": "cross"},
    ]
    items = [replace(item, **change) for item, change in zip(written.items, changes, strict=True)]
    plan = replace(written, items=tuple(items))
    line = log_line(plan, report(Evidence()), lift(()), Turn(0.8, 4, cut=5, drift_z=-3.2001))

    assert line["operators"] == {"fresh": 1, "mutate": 1, "cross": 1}
    assert line["duplicates"] == {"redrawn": 9, "rate": 0.75}
    assert line["similarity"] == pytest.approx(0.3)
    assert line["drift"] == {"cut": 5, "z": -3.2}


def test_a_plan_keeps_where_its_prompts_come_from(recipe: Recipe) -> None:
    """A child carries its parents and their family; a fresh prompt founds one of its own."""
    child = Choice(recipe, "steered", "mutate", ("parent",), "line")
    plan = new_plan(3, [Choice(recipe, "control"), child], NOW)

    assert [(item.parents, item.operator) for item in plan.items] == [
        ((), "fresh"),
        (("parent",), "mutate"),
    ]
    assert [item.family for item in plan.items] == [plan.items[0].job_id, "line"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [("aaaa", 0.0), ("abcd", 1.0), ("aabb", 0.5), ("", 0.0)],
)
def test_entropy_runs_from_one_style_to_all_alike(values: str, expected: float) -> None:
    """One of four styles is 0, two are a half, four alike are 1."""
    assert entropy(values, 4) == expected
