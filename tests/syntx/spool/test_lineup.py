"""The order in memory is the order of the names, whatever comes between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.spool.layout import due_name
from syntx.spool.lineup import Delays, Lineup

START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)

NAMES = st.text("abcdefgh", min_size=1, max_size=3)


def drained(lineup: Lineup) -> list[str]:
    """Take everything out."""
    return [lineup.pop() for _ in range(len(lineup))]


@settings(deadline=None)
@given(st.lists(NAMES), st.lists(NAMES))
def test_names_come_out_sorted_and_once(scanned: list[str], added: list[str]) -> None:
    """Scans and additions may overlap."""
    lineup = Lineup()
    lineup.scan_begins()
    for name in added:
        lineup.add(name)
    lineup.scan_ended(scanned, truncated=False)

    assert drained(lineup) == sorted({*scanned, *added})


@settings(deadline=None)
@given(st.sets(NAMES, min_size=1), st.integers(1, 10))
def test_a_full_lineup_keeps_the_smallest(names: set[str], limit: int) -> None:
    """What does not fit is larger than all that does, and the lineup says so."""
    lineup = Lineup(limit)
    lineup.scan_begins()
    lineup.scan_ended(names, truncated=False)

    assert lineup.truncated == (len(names) > limit)
    assert drained(lineup) == sorted(names)[:limit]


def test_a_truncated_lineup_takes_no_larger_names() -> None:
    """A name beyond its end would be claimed before names it has not seen."""
    lineup = Lineup(2)
    lineup.scan_begins()
    lineup.scan_ended(["a", "b", "c"], truncated=False)
    lineup.add("d")
    lineup.add("aa")

    assert drained(lineup) == ["a", "aa", "b"]


def test_a_scan_drops_names_that_are_gone() -> None:
    """What others took meanwhile is not tried for ever."""
    lineup = Lineup()
    lineup.add("a")
    lineup.scan_begins()
    lineup.add("c")
    lineup.scan_ended(["b"], truncated=False)

    assert drained(lineup) == ["b", "c"]


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), max_size=30), st.lists(st.integers(0, 40), max_size=8))
def test_retries_come_when_they_are_due(waits: list[int], steps: list[int]) -> None:
    """Whether seen in the folder or added, each comes once, when its time has passed."""
    clock = [0.0]
    delays = Delays(3600.0, lambda: START, lambda: clock[0])
    names = [
        due_name(START + timedelta(seconds=wait), f"20261120T193000.{number:06}Z-0000.json")
        for number, wait in enumerate(waits)
    ]
    delays.see(names[::2])
    for name in names:
        delays.add(name)
    left = dict(zip(names, waits, strict=True))
    for step in steps:
        clock[0] += step
        due = sorted(name for name, wait in left.items() if wait <= clock[0])
        assert delays.pop_due() == due
        left = {name: wait for name, wait in left.items() if name not in due}
        assert delays.next_due == min(left.values(), default=None)


def test_a_retry_that_others_took_is_forgotten() -> None:
    """What no longer lies in the folder is not due; what still does keeps its time."""
    clock = [0.0]
    delays = Delays(3600.0, lambda: START, lambda: clock[0])
    soon, late = (
        due_name(START + timedelta(seconds=wait), "20261120T193000.000000Z-0000.json")
        for wait in (5, 9)
    )
    delays.see([soon, late])
    clock[0] = 4
    delays.see([late])

    assert delays.next_due == 9
    clock[0] = 9
    assert delays.pop_due() == [late]
    assert delays.next_due is None
