"""Choosing the recipes of a generation: a control arm, and a steered arm beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evolution.exploring import explore
from evolution.learner import Belief, believe
from evolution.parents import Nursery
from evolution.recipes import Space, random_language
from evolution.steering import Batch, steer
from evolution.tallies import Evidence
from syntx.job import Recipe
from syntx.settings.models import Steering

Arm = Literal["control", "steered"]


@dataclass(frozen=True, slots=True)
class Options:
    """How strongly a generation follows what was learned (0..1), and within which limits."""

    strength: float
    steering: Steering


@dataclass(frozen=True, slots=True)
class Choice:
    """One recipe of a generation, the arm it stands in, and how it came about."""

    recipe: Recipe
    arm: Arm
    operator: str = "fresh"
    parents: tuple[str, ...] = ()
    family: str | None = None


def dice(seed: int, number: int) -> np.random.Generator:
    """Return the random source of generation `number`: the same for the same seed."""
    return np.random.default_rng([seed, number])


def control_size(size: int, scored: int, options: Options) -> int:
    """Return how many of `size` prompts are unsteered.

    All of them while fewer than `min_rows` prompts are `scored` (exploration), or at strength 0;
    else at most half of a small generation, so that some is always steered.
    """
    if scored < options.steering.min_rows or options.strength == 0:
        return size
    share = round((1 - options.strength) * size)
    return max(share, min(options.steering.min_control, size // 2))


def choose(
    space: Space,
    evidence: Evidence,
    size: int,
    options: Options,
    rng: np.random.Generator,
    belief: Belief | None = None,
) -> tuple[Choice, ...]:
    """Choose `size` recipes, the control arm first; the same input gives the same choice.

    `belief` is the one in this evidence, where it was worked out before.
    """
    unsteered = control_size(size, _current(evidence), options)
    control = explore(space, evidence.strata, unsteered, rng)
    choices = [Choice(recipe, "control") for recipe in control]
    if unsteered < size:
        belief = belief or believe(space, evidence)
        draws = belief.draw(options.steering.temper, size - unsteered, rng)
        steered = steer(space, belief, Batch(control, draws), options.steering)
        nursery = Nursery(evidence, belief, options.steering.family_cap)
        for recipe, draw in zip(steered, draws, strict=True):
            promises = belief.families.draw(draw, options.steering.temper, rng)
            descent = nursery.descent(recipe, promises)
            spoken = _spoken(recipe, space, rng)
            choices.append(
                Choice(spoken, "steered", descent.operator, descent.parents, descent.family)
            )
    return tuple(choices)


def _current(evidence: Evidence) -> int:
    """Return how many scored prompts tell of the world as it is now.

    After a drift cut these are the ones that were chosen knowing of it: exploration begins anew.
    """
    if not evidence.cut:
        return evidence.learned
    return sum(trial.generation > evidence.cut for trial in evidence.trials)


def _spoken(recipe: Recipe, space: Space, rng: np.random.Generator) -> Recipe:
    return recipe.model_copy(update={"language": random_language(space, rng)})
