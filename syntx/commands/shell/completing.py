"""What a shell completes behind a command: job IDs, causes, wrappers, models.

For `shell_complete=` of click. A completion that fails offers nothing: it must never write into
the line a person types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path

import click

from syntx.commands.newest import ALWAYS, STANDING, Span, State, newest_first
from syntx.errors import SyntxError
from syntx.home import Home, find

MOST_OFFERED = 50
"""So many values are offered at most."""
MOST_NAMES = 200_000
"""So many names of jobs are looked through for those that begin as typed."""
MOST_FAILURES = 500
"""So many failures are looked at for their causes."""

_PLAIN = re.compile(r"[\w.,+@%/=-]+")
"""What a shell takes as one word without quotes."""

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def completes(values: Callable[[Home, str], Iterable[str]]) -> Complete:
    """Make a source of values, told the home and what was typed, one that click can ask."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        # Nothing of the command line was carried out, so `ctx.obj` is not set yet.
        try:
            home = find(ctx.find_root().params.get("home"))
            offered = (one for one in values(home, incomplete) if one.startswith(incomplete))
            return list(islice(filter(_PLAIN.fullmatch, offered), MOST_OFFERED))
        except (SyntxError, OSError, ValueError):
            return []

    complete.__doc__ = values.__doc__
    return complete


@completes
def job_ids(home: Home, incomplete: str) -> Iterable[str]:
    """Give the IDs of jobs, the newest first."""
    return _ids(home, incomplete, STANDING)


@completes
def failed_ids(home: Home, incomplete: str) -> Iterable[str]:
    """Give the IDs of what lies in error/, the newest first."""
    return _ids(home, incomplete, ["error", "refused"])


@completes
def discarded_ids(home: Home, incomplete: str) -> Iterable[str]:
    """Give the IDs of what was discarded, the newest first."""
    return _ids(home, incomplete, ["discarded"])


@completes
def failure_groups(home: Home, incomplete: str) -> Iterable[str]:
    """Give the keys of causes, the most frequent first."""
    from syntx.observing.basics import read_basics
    from syntx.observing.failures import failures

    root = Path(read_basics(home).queue)
    return (group.key for group in failures(root, most=MOST_FAILURES).groups)


@completes
def wrapper_names(home: Home, incomplete: str) -> Iterable[str]:
    """Give the names of the wrappers in the wrappers folder."""
    from syntx.ground import Ground

    return Ground(home, "completion").wrappers.names()


@completes
def model_names(home: Home, incomplete: str) -> Iterable[str]:
    """Give the names of the models of the catalogue."""
    from syntx.ground import Ground

    return sorted(Ground(home, "completion").catalogue.current().names)


def _ids(home: Home, incomplete: str, states: Collection[State]) -> Iterator[str]:
    from syntx.observing.basics import read_basics

    if incomplete and not incomplete[0].isdigit():
        return
    root = Path(read_basics(home).queue)
    # All that begin so lie between what was typed and what was typed with the last of letters.
    span = Span(incomplete, f"{incomplete}~") if incomplete[:2].isdigit() else ALWAYS
    before = ""
    for place in islice(newest_first(root, states, span), MOST_NAMES):
        # A job that moves meanwhile may be met twice.
        if place.id != before:
            yield place.id
        before = place.id
