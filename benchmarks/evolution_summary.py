"""Many runs in simulated worlds, summed up: one JSON object, and a table of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from evolution_figures import Figures
from evolution_looks import Look
from evolution_worlds import WORLDS

OURS = "ours"
OLDER = "older"
NO_SIGNAL = "no_signal"
TUNED_ON = "seeds below 5040"
WITH_SIGNAL = tuple(name for name in WORLDS if name != NO_SIGNAL)
WITHIN = 10
"""Generations within which the new best style should lead after the shift."""

Run = tuple[str, str, int]
"""Scenario, policy and seed."""


@dataclass
class Found:
    """The figures of all runs, and what the engine claimed, by scenario."""

    runs: dict[tuple[str, str], list[Figures]] = field(default_factory=lambda: defaultdict(list))
    looks: dict[str, list[list[Look]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, run: Run, values: Figures, looks: list[Look]) -> None:
        """Add one run."""
        scenario, policy, _ = run
        self.runs[scenario, policy].append(values)
        if looks:
            self.looks[scenario].append(looks)

    def mean(self, scenario: str, policy: str, key: str) -> float:
        """Return the mean of a figure over the seeds."""
        return fmean(values[key] for values in self.runs[scenario, policy])

    def all(self, policy: str, key: str, scenarios: Iterable[str] = WORLDS) -> list[float]:
        """Return a figure of every run of a policy."""
        return [values[key] for name in scenarios for values in self.runs[name, policy]]


def summary(
    found: Found, policies: Sequence[str], seeds: range, size: Mapping[str, int]
) -> dict[str, Any]:
    """Return everything as one JSON object; ratios are of the older rule's regret to others'."""
    total = {
        policy: sum(found.mean(name, policy, "regret") for name in WITH_SIGNAL)
        for policy in policies
    }
    return {
        "seeds": len(seeds),
        "first_seed": seeds.start,
        "tuned_on": TUNED_ON,
        **size,
        "scenarios": {
            name: {policy: _told(found.runs[name, policy]) for policy in policies}
            for name in WORLDS
        },
        "regret_ratio": {
            name: round(found.mean(name, OLDER, "regret") / found.mean(name, OURS, "regret"), 3)
            for name in WITH_SIGNAL
        },
        "regret_ratio_of": {policy: round(total[OLDER] / total[policy], 3) for policy in policies},
        "regret_ratio_vs_older": round(total[OLDER] / total[OURS], 3),
        "coverage_min": round(min(found.all(OURS, "coverage_min")), 4),
        "coverage_min_equal": round(min(found.all(OURS, "coverage_min", [NO_SIGNAL])), 4),
        "worst_entropy": round(min(found.all(OURS, "worst_entropy")), 4),
        "mono_style": round(sum(found.all(OURS, "mono_style"))),
        **_recovery(found),
        **_claims(found),
    }


def _told(runs: list[Figures]) -> dict[str, float]:
    """Return the mean of each figure, and the worst of what must hold for every seed."""
    told = {key: round(fmean(values[key] for values in runs), 3) for key in runs[0]}
    told["worst_entropy_of_all"] = round(min(values["worst_entropy"] for values in runs), 3)
    told["coverage_min_of_all"] = round(min(values["coverage_min"] for values in runs), 3)
    return told


def _recovery(found: Found) -> dict[str, float]:
    generations = sorted(found.all(OURS, "recovery", ["shift"]))
    return {
        "recovery_median": generations[len(generations) // 2],
        "recovered_in_time": round(fmean(each <= WITHIN for each in generations), 3),
    }


def _claims(found: Found) -> dict[str, float | None]:
    """Return how honest the claims were.

    Without signal every generation is a look: the rate is of wrong claims that something is
    better, of all statements that had enough answers. With signal it is the last generation.
    Lift is looked at after the last generation, and after every one.
    """
    blind = found.looks[NO_SIGNAL]
    every = [one for run in blind for one in run]
    made = [one for name in WITH_SIGNAL for run in found.looks[name] for one in run]
    return {
        "false_claim_rate": _share(sum(one.better for one in every), _n(every, "statements")),
        "false_claims_of_any_kind": _share(_n(every, "made"), _n(every, "statements")),
        "right_claims": _share(_n(made, "right"), _n(made, "made")),
        "claims_per_run": round(_n(made, "made") / max(1, len(made)), 1),
        "lift_covers_zero": round(fmean(run[-1].covers_zero for run in blind), 3),
        "lift_always_covers_zero": round(
            fmean(all(o.covers_zero for o in run) for run in blind), 3
        ),
    }


def _n(looks: Iterable[Look], what: str) -> int:
    return sum(getattr(one, what) for one in looks)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


_COLUMNS = {
    "mean_score": "mean",
    "regret": "regret",
    "share_90": ">= 90",
    "style_entropy": "entropy",
    "worst_entropy": "worst",
    "cells": "cells",
    "mono_style": "mono",
    "coverage_min": "least",
    "recovery": "recovery",
}


def table(result: Mapping[str, Any]) -> str:
    """Return the figures per scenario and policy as text."""
    head = f"{'world':<12} {'policy':<20}" + "".join(f"{name:>9}" for name in _COLUMNS.values())
    lines = [head]
    for scenario, policies in result["scenarios"].items():
        for policy, figures in policies.items():
            cells = "".join(_cell(figures.get(key)) for key in _COLUMNS)
            lines.append(f"{scenario:<12} {policy:<20}{cells}")
    rest = {key: value for key, value in result.items() if key != "scenarios"}
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in rest.items()), ""])


def _cell(value: float | None) -> str:
    if value is None:
        return f"{'-':>9}"
    return f"{value:>9.0f}" if abs(value) >= 100 else f"{value:>9.2f}"
