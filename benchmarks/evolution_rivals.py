"""Other ways to choose the prompts of a generation, to compare with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from evolution_runs import Outcome, Policy, Proposal
from evolution_worlds import CATEGORY_OF, KINDS, Array, Levels

GOOD = 90
"""What counts as a success."""


class Random:
    """Every level by chance."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([3, seed])

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Draw every level evenly."""
        return [Proposal(self._any()) for _ in range(count)]

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Learn nothing."""

    def _any(self) -> Levels:
        topic, style, wrapper, pattern = (int(self._rng.integers(kind)) for kind in KINDS)
        return topic, style, wrapper, pattern


class Older(Random):
    """The older system's rule: copy what the best had in common, then forget them.

    The 50 best jobs that scored 90 or more are read and archived; the styles of the first three
    of them and their two commonest categories make the next generation. Without such jobs
    everything is drawn evenly.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._best: list[Outcome] = []

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Copy styles and categories; draw the rest."""
        if not self._best:
            return super().propose(generation, count)
        styles = [each.proposal.levels[1] for each in self._best[:3]]
        topics = Counter(int(CATEGORY_OF[each.proposal.levels[0]]) for each in self._best)
        liked = [category for category, _ in topics.most_common(2)]
        offered = np.flatnonzero(np.isin(CATEGORY_OF, liked))
        made = []
        for _ in range(count):
            _, _, wrapper, pattern = self._any()
            levels = int(self._rng.choice(offered)), int(self._rng.choice(styles))
            made.append(Proposal((*levels, wrapper, pattern)))
        return made

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Read the successes of this generation alone: the earlier ones are archived."""
        good = [each for each in outcomes if each.score is not None and each.score >= GOOD]
        self._best = sorted(good, key=lambda each: -(each.score or 0))[:50]


class BetaThompson(Random):
    """A Beta belief about the success of every level, and the best level under a draw each."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._beliefs = [np.ones((kind, 2)) for kind in KINDS]

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Take the best level of each factor under a draw of its own."""
        made = []
        for _ in range(count):
            draws = [self._rng.beta(belief[:, 0], belief[:, 1]) for belief in self._beliefs]
            topic, style, wrapper, pattern = (int(np.argmax(draw)) for draw in draws)
            made.append(Proposal((topic, style, wrapper, pattern)))
        return made

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Count successes and failures of every level."""
        for each in outcomes:
            if each.score is not None:
                for belief, level in zip(self._beliefs, each.proposal.levels, strict=True):
                    belief[level, 0 if each.score >= GOOD else 1] += 1


class LinUcb(Random):
    """Ridge regression on all levels, and the recipe with the best upper bound.

    The bounds shrink with every prompt proposed, so that a generation is not one recipe only.
    """

    ALPHA = 1.0
    """The bound's width in standard errors."""
    NOISE = 10.0
    PRIOR = 5.0

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._starts = np.cumsum([1, 7, *KINDS])
        size = int(self._starts[-1])
        self._precision = np.diag(np.full(size, self.PRIOR**-2))
        self._precision[0, 0] = 25.0**-2
        self._pull = np.zeros(size)

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Take the recipes with the best upper bounds, one after the other."""
        covariance = np.linalg.inv(self._precision)
        value = self._spread(covariance @ self._pull)
        made = []
        for _ in range(count):
            bound = value + self.ALPHA * np.sqrt(self._variance(covariance))
            bound += 1e-9 * self._rng.random(KINDS)
            topic, style, wrapper, pattern = np.unravel_index(int(np.argmax(bound)), KINDS)
            levels = int(topic), int(style), int(wrapper), int(pattern)
            made.append(Proposal(levels))
            told = covariance[:, self._columns(levels)].sum(axis=1)
            own = told[self._columns(levels)].sum()
            covariance -= np.outer(told, told) / (self.NOISE**2 + own)
        return made

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Add every scored prompt to the regression."""
        for each in outcomes:
            if each.score is not None:
                columns = self._columns(each.proposal.levels)
                self._precision[np.ix_(columns, columns)] += self.NOISE**-2
                self._pull[columns] += (each.score - 72.0) / self.NOISE**2

    def _columns(self, levels: Levels) -> list[int]:
        category = int(CATEGORY_OF[levels[0]])
        places = zip(self._starts, (category, *levels), strict=False)
        return [0, *(int(start) + level for start, level in places)]

    def _parts(self, vector: Array) -> list[Array]:
        ranges = zip(self._starts[:-1], self._starts[1:], strict=True)
        category, topic, style, wrapper, pattern = (vector[a:b] for a, b in ranges)
        first = (category[CATEGORY_OF] + topic)[:, None, None, None]
        return [vector[0] + first, style[:, None, None], wrapper[:, None], pattern]

    def _spread(self, vector: Array) -> Array:
        return np.asarray(sum(self._parts(vector)))

    def _variance(self, covariance: Array) -> Array:
        """Return x'Cx of every recipe x, summed factor by factor."""
        topics = np.arange(KINDS[0])
        blocks = [
            np.stack([np.zeros(KINDS[0], int), 1 + CATEGORY_OF, self._starts[1] + topics]),
            *(
                np.arange(a, b)[None]
                for a, b in zip(self._starts[2:], self._starts[3:], strict=False)
            ),
        ]
        total = np.zeros(KINDS)
        for one, rows in enumerate(blocks):
            for other, columns in enumerate(blocks[one:], one):
                both = covariance[rows[:, None, :, None], columns[None, :, None, :]].sum((0, 1))
                shape = [1, 1, 1, 1]
                if one == other:
                    shape[one] = KINDS[one]
                    total += np.diagonal(both).reshape(shape)
                else:
                    shape[one], shape[other] = KINDS[one], KINDS[other]
                    total += 2 * both.reshape(shape)
        return np.maximum(total, 0.0)


class MapElites(Random):
    """The best prompt of every category and style, and mutations of one factor of such a prompt.

    One prompt in five is drawn evenly, so that new cells are met.
    """

    FRESH = 0.2

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._elites: dict[tuple[int, int], Outcome] = {}

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Mutate elites drawn evenly."""
        elites = list(self._elites.values())
        made = []
        for _ in range(count):
            levels, parent = self._any(), None
            if elites and self._rng.random() >= self.FRESH:
                elite = elites[int(self._rng.integers(len(elites)))]
                changed = int(self._rng.integers(4))
                kept = list(elite.proposal.levels)
                kept[changed] = levels[changed]
                levels, parent = (kept[0], kept[1], kept[2], kept[3]), elite.number
            made.append(Proposal(levels, parent))
        return made

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Keep the best prompt of every cell."""
        for each in outcomes:
            if each.score is None:
                continue
            topic, style, *_ = each.proposal.levels
            cell = int(CATEGORY_OF[topic]), style
            known = self._elites.get(cell)
            if known is None or each.score > (known.score or 0):
                self._elites[cell] = each


RIVALS: Mapping[str, Callable[[int], Policy]] = MappingProxyType(
    {
        "older": Older,
        "random": Random,
        "beta_thompson": BetaThompson,
        "linucb": LinUcb,
        "map_elites": MapElites,
    }
)
"""Makers of rival policies by name."""
