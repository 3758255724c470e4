"""IDs keep their order, whatever happens to the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syntx.ids import ORDER_HELD_FOR, Ticking, brief, is_job_id, new_id, new_ids

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Clock:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


def test_ids_of_one_process_ascend() -> None:
    """Singles and batches made in a row sort in the order they were made."""
    made = [new_id(), *new_ids([(None, None)] * 3), new_id(), *new_ids([(None, None)] * 2)]

    assert made == sorted(made)


def test_a_clock_set_back_a_little_changes_no_order() -> None:
    """Times go on ascending until the clock has caught up."""
    clock = Clock()
    ticking = Ticking(clock)
    times = [ticking.take()]
    for back in (1, 59, 30):
        clock.now = NOON - timedelta(seconds=back)
        times += [ticking.take(), ticking.take()]
    clock.now = NOON + timedelta(seconds=5)
    times.append(ticking.take())

    assert times == sorted(set(times))
    assert times[-1] == clock.now


def test_a_clock_that_jumped_ahead_and_back_makes_no_ids_of_the_future() -> None:
    """After an hour too much, times follow the clock again at once."""
    clock = Clock()
    ticking = Ticking(clock)
    clock.now = NOON + timedelta(hours=1)
    ticking.take()
    clock.now = NOON

    assert ticking.take() == NOON


def test_times_run_ahead_of_the_clock_by_a_minute_at_most() -> None:
    """However many IDs are asked for while the clock stands still."""
    clock = Clock()
    ticking = Ticking(clock)

    times = [ticking.take(10_000_000) for _ in range(20)]

    assert max(times) - NOON <= ORDER_HELD_FOR


def test_a_batch_has_its_microseconds_alone() -> None:
    """What follows a batch sorts behind all of it."""
    clock = Clock()
    ticking = Ticking(clock)

    first, second = ticking.take(5), ticking.take()

    assert second - first == timedelta(microseconds=5)


def test_a_brief_id_is_the_one_without_its_slugs() -> None:
    """It is the beginning of the ID and an ID itself; what is none is left as it is."""
    whole = new_id("Künstliche Intelligenz", "casual")

    assert whole.startswith(brief(whole))
    assert is_job_id(brief(whole))
    assert "kuenstliche" not in brief(whole)
    assert brief("a stranger's name") == "a stranger's name"
