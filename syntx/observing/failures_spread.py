"""One group of failures whole: what it spreads over, and its newest members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syntx.observing.failures import (
    Failures,
    Group,
    grouped,
    is_named,
    read_failures,
    whole_key,
)
from syntx.observing.failures_reading import Failure

MOST_IDS = 10
MOST_VALUES = 10
"""So many IDs and so many values of each kind are told, the newest and the most frequent."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One group of failures: its newest IDs, and how many belong to each model, wrapper, …

    `hours` counts by the hour they ended in (UTC, `2026-11-20T19`). What is not known of a
    failure counts under `-`. `left` failures, older ones, were not looked at.
    """

    group: Group
    ids: tuple[str, ...]
    models: dict[str, int]
    wrappers: dict[str, int]
    topics: dict[str, int]
    hours: dict[str, int]
    left: int


def spread(
    root: Path, key: str, *, most: int, now: datetime | None = None, since: datetime | None = None
) -> Spread | Failures:
    """Return the group that `key` names; all the failures there are when it names no single one."""
    found, left = read_failures(root, most)
    wanted = [one for one in found if since is None or one.at >= since]
    groups = grouped(wanted, now or datetime.now(UTC))
    members = [one for one in wanted if is_named(whole_key(one), key)]
    if len({whole_key(one) for one in members}) != 1:
        return Failures(groups, len(found), left)
    (group,) = [one for one in groups if one.key.startswith(key) or key.startswith(one.key)]
    return _spread(group, members, left)


def _spread(group: Group, members: Sequence[Failure], left: int) -> Spread:
    newest = sorted(members, key=lambda one: (one.at, one.id), reverse=True)
    return Spread(
        group=group,
        ids=tuple(one.id for one in newest[:MOST_IDS]),
        models=_counted(one.model for one in members),
        wrappers=_counted(one.wrapper for one in members),
        topics=_counted(one.topic for one in members),
        hours=_hours(members),
        left=left,
    )


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    ranked = Counter(value or "-" for value in values).most_common(MOST_VALUES)
    return dict(ranked)


def _hours(members: Iterable[Failure]) -> dict[str, int]:
    counted = Counter(one.at.strftime("%Y-%m-%dT%H") for one in members)
    return {hour: counted[hour] for hour in sorted(counted, reverse=True)[:MOST_VALUES]}
