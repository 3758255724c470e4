"""What a run in a simulated world comes to, in figures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from evolution_runs import Outcome
from evolution_worlds import CATEGORY_OF, KINDS, SHIFT, World

WINDOW = 5
"""Generations over which a style's share is looked at."""
Figures = dict[str, float]


def figures(world: World, outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of one run."""
    generations = _by_generation(outcomes)
    scores = [each.score for each in outcomes if each.score is not None]
    entropies = [style_entropy(members) for members in generations]
    found = {
        "mean_score": fmean(scores),
        "regret": sum(each.regret for each in outcomes),
        "share_90": sum(score >= 90 for score in scores) / len(scores),
        "style_entropy": fmean(entropies),
        "worst_entropy": min(entropies),
        "cells": float(len({_cell(each) for each in outcomes})),
        "mono_style": float(sum(entropy == 0 for entropy in entropies)),
        "coverage_min": coverage(generations),
    }
    if world.later is not None:
        found["recovery"] = float(recovery(world, generations))
    return found


def style_entropy(members: Sequence[Outcome]) -> float:
    """Return how evenly the styles are used, from 0 (one only) to 1."""
    counts = Counter(each.proposal.levels[1] for each in members)
    shares = [n / len(members) for n in counts.values()]
    return abs(sum(share * math.log(share) for share in shares)) / math.log(KINDS[1])


def coverage(generations: Sequence[Sequence[Outcome]]) -> float:
    """Return the least share any style has in any window of five generations."""
    least = 1.0
    for start in range(len(generations) - WINDOW + 1):
        window = [each for members in generations[start : start + WINDOW] for each in members]
        counts = Counter(each.proposal.levels[1] for each in window)
        least = min(least, *(counts[style] / len(window) for style in range(KINDS[1])))
    return least


def recovery(world: World, generations: Sequence[Sequence[Outcome]]) -> int:
    """Return after how many generations of the shifted world its best style leads.

    It leads when it is the commonest of the steered prompts (of all where nothing is steered) in
    two of three generations; one more than there are when it never does.
    """
    best = world.best_style(SHIFT)
    led: list[bool] = []
    for members in generations[SHIFT - 1 :]:
        chosen = [each for each in members if each.proposal.arm in (None, "steered")]
        counts = Counter(each.proposal.levels[1] for each in chosen)
        led.append(bool(counts) and counts[best] == max(counts.values()))
        if sum(led[-3:]) >= 2:
            return len(led)
    return len(led) + 1


def _by_generation(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    generations: dict[int, list[Outcome]] = {}
    for each in outcomes:
        generations.setdefault(each.generation, []).append(each)
    return [*generations.values()]


def _cell(outcome: Outcome) -> tuple[int, int]:
    topic, style, *_ = outcome.proposal.levels
    return int(CATEGORY_OF[topic]), style
