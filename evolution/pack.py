"""The evidence pack: the prompts that surprised most, for whoever writes the next ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from evolution.learner import Belief
from evolution.tallies import Evidence, Trial

PER_CELL = 3
"""So many examples of one category and style are shown at most, of either kind together."""


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt, and by how many score points it surprised: above 0 it did better than expected."""

    trial: Trial
    surprise: float


def pack(evidence: Evidence, belief: Belief, most: int) -> tuple[Example, ...]:
    """Return at most `most` examples: better and worse ones in turn, largest surprises first.

    What was measured under conditions of the past is left out.
    """
    floor = evidence.terms.floor
    known = [
        Example(trial, max(trial.score, floor) - belief.expected(trial))
        for trial in evidence.trials
        if trial.weight == 1
    ]
    known.sort(key=lambda example: (-abs(example.surprise), example.trial.job_id))
    better = [example for example in known if example.surprise > 0]
    worse = [example for example in known if example.surprise < 0]
    in_turn = chain.from_iterable(zip_longest(better, worse))
    offered = _spread(example for example in in_turn if example is not None)
    return tuple(islice(offered, max(0, most)))


def _spread(examples: Iterable[Example]) -> Iterator[Example]:
    """Let only the first few of each category and style pass."""
    cells: Counter[tuple[str, str]] = Counter()
    for example in examples:
        cell = example.trial.category, example.trial.style
        cells[cell] += 1
        if cells[cell] <= PER_CELL:
            yield example
