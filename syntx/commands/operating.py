"""What an operator's commands share: asking, acting, telling, and a line in the audit log."""

from __future__ import annotations

import asyncio
import os
import pwd
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, NoReturn

import click

from syntx.commands.picking import Ended, contents, is_exact, is_meant
from syntx.commands.telling import print_json
from syntx.errors import ConfigError, SyntxError
from syntx.ground import Ground
from syntx.ids import is_job_id
from syntx.spool.contract import Moved, Spool
from syntx.spool.searching import search

MOST_LISTED = 100
"""So many IDs stand in one line of the audit log."""

Act = Callable[[Spool, Sequence[str]], Awaitable[Moved]]

_options = (
    click.option("--dry-run", is_flag=True, help="Only print what would be done."),
    click.option("--yes", "-y", is_flag=True, help="Do not ask."),
    click.option("--why", metavar="TEXT", help="The reason, for the audit log."),
    click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON."),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that all of an operator's commands have."""
    return reduce(lambda one, option: option(one), reversed(_options), command)


class Unattended(SyntxError):
    """Nobody can be asked, and nobody agreed beforehand."""

    exit_code = 2
    reason = "unattended"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator wants done, and how it is told."""

    verb: str
    done: str
    """What is true of a job afterwards, as in "3 waiting again"."""
    patterns: tuple[str, ...]
    act: Act
    dry_run: bool = False
    yes: bool = False
    why: str | None = None
    as_json: bool = False


def fulfil(ground: Ground, wish: Wish, picked: Sequence[Ended]) -> int:
    """Ask, act and tell; returns the exit code (0 all, 3 a part, 1 nothing was done)."""
    names = [one.name for one in picked]
    unmet = [pattern for pattern in wish.patterns if not _means_any(pattern, picked)]
    for pattern in unmet:
        click.echo(f"nothing matches {pattern!r}", err=True)
    if wish.dry_run:
        _print(wish, {"would": names}, names)
        click.echo(f"would {wish.verb} {len(picked)}: {contents(picked)}", err=True)
        return 0
    _ask(wish, picked)
    moved = _carry_out(ground, wish, names)
    stayed = {**dict(moved.stayed), **dict.fromkeys(moved.missing, "it is gone")}
    _print(wish, {"moved": moved.moved, "stayed": stayed, "unmatched": unmet}, moved.moved)
    for name, reason in stayed.items():
        click.echo(f"{name} stays: {reason}", err=True)
    click.echo(f"{len(moved.moved)} {wish.done}", err=True)
    if not moved.moved:
        return 1
    return 3 if stayed or unmet else 0


def check_user(queue: Path) -> None:
    """Raise ConfigError for root at work in another user's queue, who could not read its files."""
    try:
        owner = queue.stat().st_uid
    except FileNotFoundError:
        return
    if os.geteuid() == 0 and owner != 0:
        name = _user_name(owner)
        raise ConfigError(
            f"{queue} belongs to {name}; what root writes there, {name} could not read",
            fix=f"sudo -u {name} syntx …",
        )


def is_attended() -> bool:
    """Whether somebody is there who could answer a question."""
    return sys.stdin.isatty()


def nothing_matches(
    queue: Path, patterns: Sequence[str], where: str, found: Sequence[Ended]
) -> NoReturn:
    """Raise SyntxError that says what is there instead, and where a job named in full is."""
    others = [
        f"{pattern} is in {path.parent.relative_to(queue)}/"
        for pattern in patterns
        if is_job_id(pattern)
        for path in search(queue, pattern)
    ]
    if not found and not others:
        raise SyntxError(f"nothing lies in {where}", fix="syntx status tells where jobs are")
    told = [f"nothing in {where} matches {' '.join(patterns)}", *others]
    raise SyntxError(
        "; ".join([*told, f"there is: {contents(found)}"]),
        fix="name the beginning of an ID, a pattern in quotes ('20261120T19*'), or all",
    )


def _means_any(pattern: str, picked: Sequence[Ended]) -> bool:
    return any(is_meant(one, pattern) for one in picked)


def _ask(wish: Wish, picked: Sequence[Ended]) -> None:
    if wish.yes or is_exact(picked, wish.patterns):
        return
    meant = f"{wish.verb} {len(picked)}: {contents(picked)}"
    if not is_attended():
        raise Unattended(
            f"nobody is there to agree: {meant}", fix="add --yes, or --dry-run to look first"
        )
    click.confirm(f"{meant}?", abort=True, err=True)


def _carry_out(ground: Ground, wish: Wish, names: Sequence[str]) -> Moved:
    """Act between two lines of the audit log; without the first nothing is done."""
    record = {
        "action": wish.verb,
        "who": {"user": os.environ.get("SUDO_USER") or _user_name(os.getuid()), "uid": os.getuid()},
        "why": wish.why,
        "patterns": wish.patterns,
        "count": len(names),
        "ids": names[:MOST_LISTED],
    }
    try:
        ground.logs.write("audit", {**record, "state": "begun"}, flush=True)
        try:
            moved = asyncio.run(_act(ground, wish, names))
        except SyntxError as error:
            ground.logs.write("audit", {**record, "state": "failed", "error": error.message})
            raise
        told = {"moved": len(moved.moved), "stayed": len(names) - len(moved.moved)}
        ground.logs.write("audit", {**record, "state": "done", **told})
    finally:
        ground.logs.close()
    return moved


async def _act(ground: Ground, wish: Wish, names: Sequence[str]) -> Moved:
    async with ground.open_spool() as spool:
        return await wish.act(spool, names)


def _print(wish: Wish, data: dict[str, Any], names: Sequence[str]) -> None:
    if wish.as_json:
        print_json(data)
    elif names:
        click.echo("\n".join(names))


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
