"""Which of the things that ended an operator means: by their IDs, their cause, or what they are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from syntx.commands.mending.filtering import Condition, meets
from syntx.commands.mending.naming import no_such_group
from syntx.errors import SyntxError
from syntx.observing.failures import is_named, short_keys, whole_key
from syntx.observing.failures_reading import Failure, Place, failure_at, place_of
from syntx.observing.reasons import told
from syntx.spool.layout import ARCHIVE, DISCARDED, ERROR, RETRY

ALL = "all"
MOST_READ = 2_000
"""So many jobs are opened at most only to tell what they failed for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an operator asks for; what is empty asks nothing, the rest must all be so.

    One of the `patterns` and one of the `groups` is enough; `conditions` must all be met.
    """

    patterns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        """Return it as it was asked for."""
        groups = (f"group {key}" for key in self.groups)
        return " ".join([*self.patterns, *groups, *(one.text for one in self.conditions)])


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is meant, and what was read of it on the way, by name."""

    places: list[Place]
    read: dict[str, Failure] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The names that the spool's verbs take."""
        return [place.name for place in self.places]


def ended(root: Path) -> list[Place]:
    """Return what lies in a queue's `error/`, oldest day first."""
    return list(_below(root / ERROR))


def discarded(root: Path) -> list[Place]:
    """Return what was discarded from a queue."""
    return list(_below(root / ARCHIVE / DISCARDED))


def choose(root: Path, found: Iterable[Place], choice: Choice) -> Chosen:
    """Return what is meant of what was found; what went away meanwhile is not.

    Raises SyntxError for a group that there is not.
    """
    places = [one for one in found if _is_asked(one, choice)]
    if not choice.groups and not choice.conditions:
        return Chosen(places)
    read = read_all(places)
    causes = {name: whole_key(one) for name, one in read.items()} if choice.groups else {}
    wanted = {_group(root, key, list(causes.values())) for key in choice.groups}
    meant = {
        name
        for name, one in read.items()
        if (not wanted or causes[name] in wanted)
        and all(meets(one, condition) for condition in choice.conditions)
    }
    return Chosen([one for one in places if one.name in meant], read)


def read_all(places: Iterable[Place]) -> dict[str, Failure]:
    """Read why each lies there, by name; what went away meanwhile is left out."""
    read = ((place.name, failure_at(place)) for place in places)
    return {name: one for name, one in read if one is not None}


def is_meant(one: Place, pattern: str) -> bool:
    """Whether a pattern means this: `all`, a shell glob, or the beginning of its ID or name."""
    if pattern == ALL:
        return True
    names = (one.id, one.name, os.path.basename(one.path))
    if any(sign in pattern for sign in "*?["):
        return any(fnmatchcase(name, pattern) for name in names)
    return bool(pattern) and any(name.startswith(pattern) for name in names)


def is_named_in_full(one: Place, patterns: Sequence[str]) -> bool:
    """Whether one of the patterns is the whole name of this."""
    return one.name in patterns or os.path.basename(one.path) in patterns


def is_exact(picked: Sequence[Place], patterns: Sequence[str]) -> bool:
    """Whether one single thing was named in full, so that nobody need be asked."""
    return len(picked) == len(patterns) == 1 and is_named_in_full(picked[0], patterns)


def contents(chosen: Chosen) -> str:
    """Say in words what is there, jobs by the reason they failed for."""
    jobs = [one for one in chosen.places if one.state == "job"]
    known = [chosen.read[one.name] for one in jobs if one.name in chosen.read]
    unread = [one for one in jobs if one.name not in chosen.read]
    known += read_all(unread[:MOST_READ]).values()
    parts = [told(Counter(one.reason for one in known))] * bool(known)
    if len(jobs) > len(known):
        parts.append(f"{len(jobs) - len(known)} more")
    states = Counter(one.state for one in chosen.places)
    parts += [f"{states['refused']} refused files"] * bool(states["refused"])
    parts += [f"{states['conflict']} second outcomes"] * bool(states["conflict"])
    return ", ".join(parts) or "nothing"


def _is_asked(one: Place, choice: Choice) -> bool:
    return not choice.patterns or any(is_meant(one, pattern) for pattern in choice.patterns)


def _group(root: Path, key: str, causes: Sequence[str]) -> str:
    """Return the whole key of the group that is meant."""
    counts = Counter(causes)
    meant = [whole for whole in counts if is_named(whole, key)]
    if len(meant) == 1:
        return meant[0]
    if not meant and any(is_named(whole, key) for whole in _waiting(root)):
        raise SyntxError(
            f"the jobs of {key} wait in retry/ and are tried again by themselves",
            fix=f"syntx failures {key} shows them",
        )
    short = short_keys(list(counts))
    raise no_such_group(key, {short[whole]: count for whole, count in counts.most_common()})


def _waiting(root: Path) -> Iterator[str]:
    folder = str(root / RETRY)
    for name in _listed(folder):
        place = place_of(folder, name)
        failure = None if place is None else failure_at(place)
        if failure is not None:
            yield whole_key(failure)


def _below(folder: Path) -> Iterator[Place]:
    for day in _listed(str(folder)):
        for name in _listed(f"{folder}/{day}"):
            place = place_of(f"{folder}/{day}", name)
            if place is not None and place.state != "retry":
                yield place


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
