"""What the engine claims after a generation, held against the truth of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from evolution_engine import PATTERNS, STYLES, TOPICS, WRAPPERS, Engine
from evolution_worlds import CATEGORY_OF, Array, World

from evolution.claims import Claim, claims
from evolution.learner import topic_level
from evolution.lift import lift

WATCHED = 3
"""From this generation on there is a lift to look at."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was claimed after a generation.

    `statements` counts the levels with enough answers to be claimed about, `made` the claims,
    `right` those that hold; `better` counts the wrong claims that a level is better or best.
    """

    statements: int
    made: int
    right: int
    better: int
    covers_zero: bool


def look(world: World, engine: Engine, generation: int) -> Look:
    """Ask the engine what it claims after a generation, and compare with the truth then."""
    evidence = engine.evidence()
    means = world.means_at(generation)
    said = claims(engine.space, evidence, engine.min_support)
    looked_at = [claim for claim in said if claim.n >= engine.min_support]
    made = [claim for claim in looked_at if claim.kind != "undecided"]
    wrong = [claim for claim in made if not _holds(claim, means)]
    bounds = lift(evidence.arms)
    known = generation >= WATCHED and bounds.low is not None and bounds.high is not None
    covers = not known or (bounds.low or 0.0) <= 0 <= (bounds.high or 0.0)
    better = sum(claim.kind != "worse" for claim in wrong)
    return Look(len(looked_at), len(made), len(made) - len(wrong), better, covers)


def _holds(claim: Claim, means: Array) -> bool:
    values = _true_means(claim.factor, means)
    names = _names(claim.factor)
    own = values[names.index(claim.level)]
    if claim.factor == "topic":
        category = CATEGORY_OF[names.index(claim.level)]
        values = values[category == CATEGORY_OF]
    if claim.kind == "best":
        return bool(own == values.max() > values.min())
    if claim.kind == "better":
        return bool(own > values.mean() + 1e-9)
    return bool(own < values.mean() - 1e-9)


def _names(factor: str) -> Sequence[str]:
    categories = [f"category {number}" for number in range(7)]
    topics = [topic_level(category, topic) for category, topic in TOPICS]
    known = {"category": categories, "topic": topics, "style": STYLES}
    return {**known, "wrapper": WRAPPERS, "pattern": PATTERNS}[factor]


def _true_means(factor: str, means: Array) -> Array:
    """Return what each level is worth, the other factors' levels weighing the same."""
    if factor == "category":
        topics = _true_means("topic", means)
        return np.array([topics[category == CATEGORY_OF].mean() for category in range(7)])
    axis = ("topic", "style", "wrapper", "pattern").index(factor)
    others = tuple(other for other in range(4) if other != axis)
    return np.asarray(means.mean(axis=others))
