from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evolution.choosing import Choice
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


@pytest.mark.parametrize(
    ("values", "expected"),
    [("aaaa", 0.0), ("abcd", 1.0), ("aabb", 0.5), ("", 0.0)],
)
def test_entropy_runs_from_one_style_to_all_alike(values: str, expected: float) -> None:
    """One of four styles is 0, two are a half, four alike are 1."""
    assert entropy(values, 4) == expected
