from __future__ import annotations

import pytest

from syntx.monitoring.alerts import (
    Memory,
    Seen,
    from_json,
    heeded,
    remembered,
    seen_of,
    to_json,
)
from syntx.observing.health import Finding, Level

FINE = Seen()
WARNED = Seen(Level.WARNING)
FULL = Seen(Level.CRITICAL, frozenset({"disk_full"}))
KEY = Seen(Level.CRITICAL, frozenset({"key_refused"}))


def _told(*looks: Seen, heard: bool = True) -> list[str | None]:
    """Return what is told at each look, by someone who hears it or does not."""
    memory, told = Memory(), []
    for seen in looks:
        memory, news = remembered(memory, seen)
        told.append(None if news is None else ",".join([news.level, *sorted(news.causes)]))
        if news is not None and heard:
            memory = Memory(news, memory.last)
    return told


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ((FINE, FINE), [None, None]),
        ((WARNED, WARNED, WARNED), ["WARNING", None, None]),
        ((WARNED, FULL), ["WARNING", "CRITICAL,disk_full"]),
        ((FULL, FULL), ["CRITICAL,disk_full", None]),
        ((FULL, WARNED, WARNED), ["CRITICAL,disk_full", None, "WARNING"]),
        ((FULL, FINE, FINE, FINE), ["CRITICAL,disk_full", None, "OK", None]),
        ((FULL, WARNED, FINE, FINE), ["CRITICAL,disk_full", None, "WARNING", "OK"]),
    ],
)
def test_each_change_is_told_once(looks: tuple[Seen, ...], told: list[str | None]) -> None:
    """What gets worse is told at once, what gets better when a second look sees it too."""
    assert _told(*looks) == told


def test_a_home_that_is_well_and_ill_in_turns_is_told_once() -> None:
    """No recovery is told that does not last, and nothing is told again because of it."""
    assert _told(*[FULL, FINE] * 5) == ["CRITICAL,disk_full", *[None] * 9]


def test_another_critical_cause_is_told_though_the_level_stays() -> None:
    """Once; and again only after it was gone for two looks."""
    both = FULL.joined(KEY)
    assert _told(FULL, both, both, FULL, both)[1:] == [
        "CRITICAL,disk_full,key_refused",
        *[None] * 3,
    ]
    assert _told(both, FULL, FULL, both)[-1] == "CRITICAL,disk_full,key_refused"


def test_what_nobody_heard_is_told_again_while_it_lasts() -> None:
    """A failed telling is repeated at every look, and given up when there is nothing to tell."""
    assert _told(FULL, FULL, FINE, FINE, heard=False) == [*["CRITICAL,disk_full"] * 2, None, None]


def test_a_restart_alarms_nobody() -> None:
    """A consumer that is away at one look only is not told; one that stays away is."""
    away = [Finding(Level.CRITICAL, "no_consumer", "t", "f"), Finding(Level.WARNING, "x", "t", "f")]

    memory, first = heeded(Memory(), away)
    _, second = heeded(memory, away)
    back, _ = heeded(memory, away[1:])
    _, again = heeded(back, away)

    assert list(first) == list(again) == away[1:]
    assert list(second) == away


def test_warnings_have_no_cause_that_is_told_anew() -> None:
    """Only critical causes make news while the level stays."""
    findings = [Finding(Level.WARNING, cause, "t", "f") for cause in ("overflow", "stuck_jobs")]

    assert seen_of(findings) == seen_of(findings[:1]) == WARNED
    assert seen_of([*findings, Finding(Level.CRITICAL, "disk_full", "t", "f")]) == FULL


def test_memory_outlives_a_restart() -> None:
    """It is the same after it was written and read; a damaged one is empty."""
    memory = Memory(told=FULL, last=WARNED, passing=frozenset({"no_consumer"}))

    assert from_json(to_json(memory)) == memory
    for damaged in ({}, {"told": {"level": "BAD", "causes": []}, "last": 1}, {"told": []}):
        assert from_json(damaged) == Memory()
