"""When somebody is told how a home is: once for each change, of a recovery when it lasts (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from syntx.observing.health import Finding, Level, worst

PASSING = frozenset({"no_consumer", "dead_worker"})
"""A restart looks like these for a moment, so they count from the second look that sees them."""

_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Seen:
    """How a home was: its level, and the causes of what was critical."""

    level: Level = Level.OK
    causes: frozenset[str] = frozenset()

    def joined(self, other: Seen) -> Seen:
        """Return the worse level of two, and the causes of both."""
        return Seen(max(self.level, other.level, key=_ORDER.index), self.causes | other.causes)


@dataclass(frozen=True, slots=True)
class Memory:
    """What was told last, and what the last look saw; `passing` are its causes of `PASSING`."""

    told: Seen = Seen()
    last: Seen = Seen()
    passing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Alert:
    """What is told: a home's level now and before, and all that is not well."""

    home: str
    level: Level
    before: Level
    findings: tuple[Finding, ...]


def heeded(memory: Memory, findings: Sequence[Finding]) -> tuple[Memory, tuple[Finding, ...]]:
    """Return the findings that count at this look, and the memory of those that may pass."""
    passing = PASSING & {finding.cause for finding in findings}
    counting = (each for each in findings if each.cause not in passing - memory.passing)
    return replace(memory, passing=passing), tuple(counting)


def seen_of(findings: Iterable[Finding]) -> Seen:
    """Return what of a look decides whether somebody is told."""
    findings = tuple(findings)
    critical = (each.cause for each in findings if each.level is Level.CRITICAL)
    return Seen(worst(findings), frozenset(critical))


def remembered(memory: Memory, seen: Seen) -> tuple[Memory, Seen | None]:
    """Take in what a look saw; returns what is to be told now, None for nothing.

    What gets better counts from the second look that saw it, so that a home which is well and ill
    in turns is ill. Nothing counts as told before `Memory.told` says so.
    """
    told, lasting = memory.told, seen.joined(memory.last)
    news = replace(memory, last=seen)
    if _worse(seen.level, told.level):
        return news, seen
    if _worse(told.level, lasting.level):
        return news, lasting
    if seen.level is told.level and seen.causes - told.causes:
        return news, lasting
    # What is mended for good is forgotten, and told when it comes again.
    return replace(news, told=Seen(told.level, told.causes & lasting.causes)), None


def _worse(level: Level, other: Level) -> bool:
    return _ORDER.index(level) > _ORDER.index(other)


def to_json(memory: Memory) -> dict[str, Any]:
    """Return a memory as plain JSON values."""
    levels = {
        name: {"level": seen.level.value, "causes": sorted(seen.causes)}
        for name, seen in (("told", memory.told), ("last", memory.last))
    }
    return {**levels, "passing": sorted(memory.passing)}


def from_json(data: Mapping[str, Any]) -> Memory:
    """Read a memory back; a damaged one is empty."""
    try:
        told, last = (
            Seen(Level(data[name]["level"]), frozenset(map(str, data[name]["causes"])))
            for name in ("told", "last")
        )
        passing = frozenset(map(str, data["passing"]))
    except (KeyError, TypeError, ValueError):
        return Memory()
    return Memory(told, last, passing)


def message(alert: Alert) -> dict[str, Any]:
    """Return what the command reads."""
    return asdict(alert)


def environment(alert: Alert, ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment the command gets: nothing of ours that could be a secret."""
    kept = {name: ours[name] for name in ("PATH", "HOME") if name in ours}
    return {**kept, "SYNTX_LEVEL": alert.level.value, "SYNTX_CAUSES": causes(alert.findings)}


def causes(findings: Sequence[Finding]) -> str:
    """Return the names of all causes, the worst first."""
    return ",".join(dict.fromkeys(finding.cause for finding in findings))
