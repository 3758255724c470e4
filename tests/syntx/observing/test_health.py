"""What is not well, how bad it is, and what mends it."""

from __future__ import annotations

import pytest

from syntx.observing.basics import Basics, Bounds, Limits, Wanted
from syntx.observing.calls import Calls
from syntx.observing.health import Level, Seen, judge, worst
from syntx.spool.counting import Counts
from syntx.spool.space import DiskState
from syntx.spool.workers import Held, WorkerState

CONSUMER = WorkerState("host-1-b-s-1", alive=True, held=0, role="consumer")
PRODUCER = WorkerState("host-2-b-s-1", alive=True, held=0, role="producer")
BASICS = Basics(
    *("/q", "/l", "/l/evolution.jsonl"),
    Bounds(0, 4, 24, 49),
    Wanted(20, 15, 10, 0, 0),
    Limits(1000, 10, error_share=0.5, error_calls=10, key_refusals=3, stuck_seconds=100.0),
)
LONG = (Held("ID-1", 101.0), Held("ID-2", 5.0))


def _seen(
    counts: Counts | None = None,
    *workers: WorkerState,
    disk: DiskState | None = None,
    calls: Calls | None = None,
) -> Seen:
    return Seen(counts or Counts(), workers or (CONSUMER,), disk, calls or Calls())


CASES = [
    ("disk_full", "CRITICAL", _seen(disk=DiskState(999, 99))),
    ("disk_full", "CRITICAL", _seen(disk=DiskState(9999, 9))),
    ("key_refused", "CRITICAL", _seen(calls=Calls(key_refusals=3, key_error="401"))),
    ("no_consumer", "WARNING", _seen(Counts(incoming=1, oldest_waiting_s=99.0), PRODUCER)),
    ("no_consumer", "CRITICAL", _seen(Counts(incoming=1, oldest_waiting_s=101.0), PRODUCER)),
    ("no_consumer", "WARNING", _seen(Counts(processing=1), PRODUCER)),
    ("dead_worker", "WARNING", _seen(None, CONSUMER, WorkerState("w", alive=False, held=2))),
    ("stuck_jobs", "WARNING", _seen(None, WorkerState("w", True, 2, "consumer", LONG))),
    ("failing_calls", "WARNING", _seen(calls=Calls(10, 5, (("timeout", 5),)))),
    ("failing_calls", "CRITICAL", _seen(calls=Calls(10, 9, (("timeout", 9),)))),
    ("overflow", "WARNING", _seen(Counts(incoming=40, retry=10))),
]


@pytest.mark.parametrize(("cause", "level", "seen"), CASES)
def test_what_is_not_well_is_told_with_what_mends_it(cause: str, level: str, seen: Seen) -> None:
    """Each thing has its cause, its level, a text and a remedy; health is as bad as that."""
    (finding,) = judge(seen, BASICS)

    assert (finding.cause, finding.level) == (cause, level)
    assert finding.text
    assert finding.fix
    assert worst([finding]) == level


WELL = [
    _seen(disk=DiskState(1000, 10)),
    _seen(disk=DiskState(1000, None)),
    _seen(calls=Calls(key_refusals=2)),
    _seen(Counts(incoming=49)),
    _seen(calls=Calls(9, 9)),
    _seen(calls=Calls(10, 4)),
    _seen(None, WorkerState("w", True, 1, None, (Held("ID", 99.0),))),
    _seen(None, PRODUCER),
]


@pytest.mark.parametrize("seen", WELL)
def test_what_is_within_its_bounds_is_well(seen: Seen) -> None:
    """At the bound itself nothing is told, so health recovers when it is reached again."""
    assert judge(seen, BASICS) == ()
    assert worst(()) is Level.OK


def test_a_worker_of_unknown_service_may_be_a_consumer() -> None:
    """Where the command line cannot be read, nobody is told that no consumer runs."""
    unknown = WorkerState("w", alive=True, held=0)
    assert judge(_seen(Counts(incoming=3), unknown), BASICS) == ()


def test_the_worst_comes_first() -> None:
    """Whoever reads one line reads the one that stops the work."""
    stuck = WorkerState("w", True, 2, "consumer", LONG)
    seen = _seen(None, stuck, calls=Calls(10, 10, (("timeout", 10),)))
    assert [finding.cause for finding in judge(seen, BASICS)] == ["failing_calls", "stuck_jobs"]
