"""What an operator's commands are given: options that say what is meant, and what if nothing is."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, NoReturn

import click

from syntx.commands.mending.filtering import read_conditions
from syntx.commands.mending.picking import Choice, Chosen, contents
from syntx.commands.shell.completing import failure_groups
from syntx.errors import SyntxError
from syntx.ids import is_job_id
from syntx.spool.searching import search

_options = (
    click.option(
        "--group",
        "groups",
        metavar="KEY",
        multiple=True,
        shell_complete=failure_groups,
        help="Only failures of that cause, as `syntx failures` names it; repeatable.",
    ),
    click.option(
        "--filter",
        "conditions",
        metavar="NAME=VALUE",
        multiple=True,
        callback=read_conditions,
        help="Only what is so: reason=timeout, topic='quant*', since=2h, 'score<40', …; "
        "repeatable, all must hold.",
    ),
    click.option("--dry-run", is_flag=True, help="Only print what would be done."),
    click.option("--yes", "-y", is_flag=True, help="Do not ask."),
    click.option("--why", metavar="TEXT", help="The reason, for the audit log."),
    click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON."),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all of an operator's commands have."""
    return reduce(lambda one, option: option(one), reversed(_options), command)


def check_asked(choice: Choice) -> None:
    """Raise click.UsageError where nothing says what is meant."""
    if not choice.patterns and not choice.groups and not choice.conditions:
        raise click.UsageError("name what you mean: PATTERNs, all, --group KEY or --filter …")


def nothing_matches(queue: Path, choice: Choice, where: str, found: Chosen) -> NoReturn:
    """Raise SyntxError that says what is there instead, and where a job named in full is."""
    others = [
        f"{pattern} is in {path.parent.relative_to(queue)}/"
        for pattern in choice.patterns
        if is_job_id(pattern)
        for path in search(queue, pattern)
    ]
    if not found.places and not others:
        raise SyntxError(f"nothing lies in {where}", fix="syntx status tells where jobs are")
    told = [f"nothing in {where} matches {choice}", *others]
    raise SyntxError(
        "; ".join([*told, f"there is: {contents(found)}"]),
        fix="name the beginning of an ID, a pattern in quotes ('20261120T19*'), or all"
        if choice.patterns
        else "syntx failures tells what failed and why",
    )
