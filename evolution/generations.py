"""A generation is a plan: what is to be drafted, and how far that has come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Literal

from evolution.choosing import Choice
from evolution.claims import Claim
from evolution.lift import GenerationMean, Lift
from evolution.reporting import Report
from syntx.ids import new_ids
from syntx.job import Recipe
from syntx.journal.generation import (
    Arms,
    ClaimTold,
    Coverage,
    Duplicates,
    Generation,
    LearnedFrom,
    LiftTold,
    Previous,
)

OPERATORS = ("fresh", "mutate", "cross")
"""How a planned prompt may come about: from scratch, from a parent, from one of another topic."""
MOST_CLAIMS = 20
"""So many claims stand in one line of the log."""

ItemState = Literal["planned", "drafted", "submitted", "failed"]


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One prompt to be: `envelope` holds the drafted job's bytes until it is submitted."""

    job_id: str
    recipe: Recipe
    arm: Literal["control", "steered"]
    operator: str = "fresh"
    state: ItemState = "planned"
    envelope: bytes | None = None
    reason: str | None = None
    parents: tuple[str, ...] = ()
    family: str | None = None
    advice_id: str | None = None
    redraws: int = 0
    similarity: float | None = None
    """How like the nearest known prompt the draft is, 0..1; None before there is one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One generation; `logged` and `archived` tell how far its end has come.

    `forced` says that somebody wanted it whatever the state of the queue.
    """

    number: int
    plan_id: str
    created_at: datetime
    items: tuple[PlanItem, ...]
    logged: bool = False
    archived: bool = False
    forced: bool = False

    def in_state(self, state: ItemState) -> tuple[PlanItem, ...]:
        """Return the items that stand at `state`, in order."""
        return tuple(item for item in self.items if item.state == state)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn was made with, beside its plan and what was learned.

    `strength` is the one asked for, `styles` how many there are, `cost` that of the drafts (USD, if
    known), `elites` the number of cells with an elite; evidence of generations below `cut` hardly
    counts any more, since one lay `drift_z` standard errors off what was expected.
    """

    strength: float
    styles: int
    cost: float | None = None
    claims: Sequence[Claim] = ()
    elites: int = 0
    cut: int | None = None
    drift_z: float | None = None


def new_plan(
    number: int, choices: Sequence[Choice], now: datetime, *, forced: bool = False
) -> Plan:
    """Make the plan of a generation; its job IDs are fixed from here on."""
    ids = new_ids([(choice.recipe.topic, choice.recipe.style) for choice in choices])
    items = tuple(
        PlanItem(
            job_id,
            choice.recipe,
            choice.arm,
            choice.operator,
            parents=choice.parents,
            family=choice.family or job_id,
        )
        for job_id, choice in zip(ids, choices, strict=True)
    )
    stamp = now.strftime("%Y%m%dT%H%M%S%f")
    return Plan(number, f"g{number}-{stamp}", now, items, forced=forced)


def log_line(plan: Plan, report: Report, lift: Lift, turn: Turn) -> Generation:
    """Return what evolution.jsonl records of a generation, the older names among it."""
    submitted, failed = plan.in_state("submitted"), plan.in_state("failed")
    return {
        "generation": plan.number,
        "plan_id": plan.plan_id,
        "forced": plan.forced,
        "learned_from": _learned_from(report),
        "prompts_generated": len(submitted),
        "feedback_strength": turn.strength,
        "arms": _arms(submitted, lift),
        "lift": _lift(lift),
        "previous": _previous(report.latest),
        "coverage": _coverage(submitted),
        "style_entropy": entropy((item.recipe.style for item in submitted), turn.styles),
        "styles": dict(Counter(item.recipe.style or "unknown" for item in submitted)),
        "operators": _operators(submitted),
        "claims": _claims(turn.claims),
        "elites": turn.elites,
        "drift": {"cut": turn.cut, "z": None if turn.drift_z is None else round(turn.drift_z, 2)},
        "duplicates": _duplicates(plan.items),
        "similarity": _similarity(submitted),
        "cost": turn.cost,
        "failed_drafts": len(failed),
        "failed_reasons": dict(Counter(item.reason or "unknown" for item in failed)),
        "set_aside": dict(report.set_aside),
        "unreadable": len(report.unreadable),
    }


def _operators(submitted: Sequence[PlanItem]) -> dict[str, int]:
    return dict.fromkeys(OPERATORS, 0) | Counter(item.operator for item in submitted)


def _claims(claims: Sequence[Claim]) -> list[ClaimTold]:
    """Tell what is decided, the largest effects first."""
    decided = [claim for claim in claims if claim.kind != "undecided"]
    decided.sort(key=lambda claim: (-abs(claim.effect), claim.id))
    return [_claim(claim) for claim in decided[:MOST_CLAIMS]]


def _claim(claim: Claim) -> ClaimTold:
    return {
        "id": claim.id,
        "factor": claim.factor,
        "level": claim.level,
        "kind": claim.kind,
        "effect": round(claim.effect, 2),
        "low": round(claim.low, 2),
        "high": round(claim.high, 2),
        "n": claim.n,
    }


def _duplicates(items: Sequence[PlanItem]) -> Duplicates:
    redrawn = sum(item.redraws for item in items)
    drafts = redrawn + sum(1 for item in items if item.state in ("drafted", "submitted"))
    return {"redrawn": redrawn, "rate": round(redrawn / drafts, 4) if drafts else 0.0}


def _similarity(submitted: Sequence[PlanItem]) -> float | None:
    known = [item.similarity for item in submitted if item.similarity is not None]
    return round(fmean(known), 4) if known else None


def entropy(values: Iterable[str | None], kinds: int) -> float:
    """Return how evenly `values` are spread over `kinds`, from 0 (one only) to 1 (even)."""
    counts = Counter(values)
    total = counts.total()
    if kinds < 2 or total == 0:
        return 0.0
    nats = -sum(n / total * math.log(n / total) for n in counts.values())
    return round(max(0.0, min(1.0, nats / math.log(kinds))), 4)


def _learned_from(report: Report) -> LearnedFrom:
    return {
        "sample_count": report.learned.sample_count,
        "avg_score": report.learned.avg_score,
        "avg_field_completeness": report.learned.avg_field_completeness,
        "top_categories": report.leaders("category"),
        "top_styles": report.leaders("style"),
    }


def _arms(submitted: Sequence[PlanItem], lift: Lift) -> Arms:
    prompts = Counter(item.arm for item in submitted)
    return {
        "control": {
            "n": lift.n_control,
            "mean": lift.control_mean,
            "prompts": prompts["control"],
        },
        "steered": {
            "n": lift.n_steered,
            "mean": lift.steered_mean,
            "prompts": prompts["steered"],
        },
    }


def _lift(lift: Lift) -> LiftTold:
    return {
        "difference": lift.difference,
        "low": lift.low,
        "high": lift.high,
        "n_steered": lift.n_steered,
        "n_control": lift.n_control,
    }


def _previous(point: GenerationMean | None) -> Previous | None:
    if point is None:
        return None
    return {
        "generation": point.generation,
        "n": point.n,
        "mean": point.mean,
        "control": point.control,
        "steered": point.steered,
    }


def _coverage(submitted: Sequence[PlanItem]) -> Coverage:
    recipes = [item.recipe for item in submitted]
    return {
        "styles": len({recipe.style for recipe in recipes}),
        "categories": len({recipe.category for recipe in recipes}),
        "topics": len({(recipe.category, recipe.topic) for recipe in recipes}),
        "cells": len({(recipe.category, recipe.style) for recipe in recipes}),
    }
