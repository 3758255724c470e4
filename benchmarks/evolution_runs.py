"""One policy in one simulated world: what it proposed, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from evolution_worlds import Levels, World


@dataclass(frozen=True, slots=True)
class Proposal:
    """A prompt to be: its recipe, its parent's number if it has one, and what the policy adds."""

    levels: Levels
    parent: int | None = None
    arm: str | None = None
    note: object = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A prompt that ended; `score` is None when it crashed."""

    number: int
    generation: int
    proposal: Proposal
    text: float
    regret: float
    score: int | None


class Policy(Protocol):
    """What chooses the prompts of a generation."""

    def propose(self, generation: int, count: int) -> Sequence[Proposal]:
        """Return the prompts of the next generation."""
        ...

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Take in what came of the last generation."""
        ...


def live(
    world: World, policy: Policy, generations: int, count: int, seed: int
) -> tuple[Outcome, ...]:
    """Run generations of `count` prompts; what chance does depends on the seed alone.

    A prompt's regret is the best mean of its time minus its own expected score.
    """
    rng = np.random.default_rng([2, seed])
    outcomes: list[Outcome] = []
    lucky = world.lucky_style
    for generation in range(1, generations + 1):
        means = world.means_at(generation)
        start = len(outcomes)
        for proposal in policy.propose(generation, count):
            parent = None if proposal.parent is None else outcomes[proposal.parent].text
            text = world.text(parent, rng)
            expected = float(means[proposal.levels]) + text
            score = world.answer(expected, rng)
            if lucky is not None and proposal.levels[1] == lucky:
                lucky, score = None, 98
            regret = float(means.max()) - expected
            outcomes.append(Outcome(len(outcomes), generation, proposal, text, regret, score))
        policy.learn(outcomes[start:])
    return tuple(outcomes)
