"""All that the live view shows of a home at one moment (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from syntx.observing.failures import Failures
from syntx.observing.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Generation:
    """The mean scores of one generation, 0..100; an arm without scored prompts has none."""

    generation: int
    n: int
    mean: float | None
    control: float | None
    steered: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """How many score points steering gains over control, with its interval; None: undecided."""

    difference: float | None
    low: float | None
    high: float | None
    n_steered: int
    n_control: int


@dataclass(frozen=True, slots=True)
class Today:
    """The answered calls of this day (UTC). `unpriced` calls have no known price.

    It is not `complete` where there are more calls than were counted.
    """

    day: str
    calls: int
    cost: float
    currency: str
    unpriced: int
    simulated: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class View:
    """A home at one moment, with what led there.

    `waiting` and `processing` are the numbers of jobs at each look since the view was opened,
    `answers` the answers of target models in each of the last 60 minutes, oldest first. `took` is
    how long the look lasted, in seconds.
    """

    moment: str
    took: float
    now: Snapshot
    waiting: tuple[int, ...]
    processing: tuple[int, ...]
    answers: tuple[int, ...]
    generations: tuple[Generation, ...]
    gain: Gain | None
    today: Today
    failures: Failures
