"""The steered arm: the best recipe under each draw of the belief, within limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolution.learner import Array, Belief, topic_level
from evolution.recipes import Space
from syntx.job import Recipe
from syntx.settings.models import Steering

STYLE_SHARE = 0.1
"""The share of a generation each style keeps until it is shown to be worse."""
STYLE_CAP = 7 / 8
"""The share of the steered prompts one of several styles may have."""
INDIFFERENCE = 1.0
"""Score points by which a style must be shown to lie behind before it loses that share."""
SURE = 1.645
"""So many standard deviations show it: 95 %, one-sided."""

Mask = NDArray[np.bool_]
Counts = NDArray[np.intp]
Candidate = tuple[int, int, int, int]
"""Positions of topic, style, wrapper and pattern in the space."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is in the generation already, and one draw per steered prompt to come."""

    taken: Sequence[Recipe]
    draws: Array

    @property
    def size(self) -> int:
        """How many prompts the whole generation will have."""
        return len(self.taken) + len(self.draws)


def steer(space: Space, belief: Belief, batch: Batch, limits: Steering) -> tuple[Recipe, ...]:
    """Return one recipe per draw: the best under that draw which caps and quotas allow."""
    grid = _Grid(space, belief)
    tally = _Tally(space, limits, batch)
    quota = _quota(space, belief, batch.size)
    chosen: list[Recipe] = []
    for number, draw in enumerate(batch.draws):
        styles = _styles_open(quota - tally.styles, len(batch.draws) - number)
        worth = np.where(tally.open(styles)[:, :, None, None], grid.worth(draw), -np.inf)
        topic, style, wrapper, pattern = np.unravel_index(int(np.argmax(worth)), worth.shape)
        candidate = int(topic), int(style), int(wrapper), int(pattern)
        tally.take(*candidate[:2])
        chosen.append(_recipe(space, candidate))
    return tuple(chosen)


class _Grid:
    """Every recipe of the space as one array: topic x style x wrapper x pattern."""

    def __init__(self, space: Space, belief: Belief) -> None:
        topics = space.drawable
        self._category = belief.where("category", [topic.category for topic in topics])
        self._topic = belief.where("topic", [topic_level(t.category, t.name) for t in topics])
        self._style = belief.where("style", space.styles)
        self._wrapper = belief.where("wrapper", space.wrappers)
        self._pattern = belief.where("pattern", tuple(space.patterns))

    def worth(self, draw: Array) -> Array:
        """Return what each recipe is worth under a draw, but for the constant."""
        topic = draw[self._category] + draw[self._topic]
        return np.asarray(
            topic[:, None, None, None]
            + draw[self._style][:, None, None]
            + draw[self._wrapper][:, None]
            + draw[self._pattern]
        )


class _Tally:
    """How often the generation uses each topic and cell, against their caps."""

    def __init__(self, space: Space, limits: Steering, batch: Batch) -> None:
        topics = [(topic.category, topic.name) for topic in space.drawable]
        categories = list(dict.fromkeys(category for category, _ in topics))
        self._category = np.array([categories.index(category) for category, _ in topics])
        self._cell_cap = math.ceil(limits.cell_cap * batch.size)
        self._topic_cap = math.ceil(limits.topic_cap * batch.size)
        self._topics: Counts = np.zeros(len(topics), dtype=np.intp)
        self._cells: Counts = np.zeros((len(categories), len(space.styles)), dtype=np.intp)
        for recipe in batch.taken:
            topic = topics.index((str(recipe.category), str(recipe.topic)))
            self.take(topic, space.styles.index(str(recipe.style)))
        share = STYLE_CAP if len(space.styles) > 1 else 1.0
        self._style_caps = self.styles + math.ceil(share * len(batch.draws))

    @property
    def styles(self) -> Counts:
        """How often each style is used."""
        return np.asarray(self._cells.sum(axis=0))

    def take(self, topic: int, style: int) -> None:
        """Count one more use of a topic in a style."""
        self._topics[topic] += 1
        self._cells[self._category[topic], style] += 1

    def open(self, styles: Mask) -> Mask:
        """Return which topics may be used in which styles; where no pair may, the caps rise."""
        cells = self._cells[self._category]
        extra = 0
        while True:
            free = styles & (self.styles < self._style_caps + extra)
            pairs = (cells < self._cell_cap + extra) & free
            pairs &= (self._topics < self._topic_cap + extra)[:, None]
            if pairs.any():
                return np.asarray(pairs)
            extra += 1


def _quota(space: Space, belief: Belief, size: int) -> Counts:
    """Return how many prompts each style must get: its share, or 0 once shown to be worse."""
    share = min(STYLE_SHARE, 0.5 / len(space.styles))
    behind, spread = belief.deficits("style", space.styles)
    worse = behind - SURE * spread > INDIFFERENCE
    return np.where(worse, 0, math.ceil(share * size)).astype(np.intp)


def _styles_open(owed: Counts, left: int) -> Mask:
    """Leave the choice of style free until what is still owed needs all prompts left."""
    if np.maximum(owed, 0).sum() < left:
        return np.ones(len(owed), dtype=np.bool_)
    return np.asarray(owed > 0) if (owed > 0).any() else np.ones(len(owed), dtype=np.bool_)


def _recipe(space: Space, candidate: Candidate) -> Recipe:
    topic = space.drawable[candidate[0]]
    return Recipe(
        topic=topic.name,
        category=topic.category,
        style=space.styles[candidate[1]],
        wrapper=space.wrappers[candidate[2]],
        pattern=tuple(space.patterns)[candidate[3]],
    )
