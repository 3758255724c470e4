"""The order in memory is the order of the names, whatever comes between."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.spool.lineup import Lineup

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
