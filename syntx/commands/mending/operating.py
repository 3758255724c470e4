"""What an operator's commands share: asking, acting, telling, and lines in the audit log."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired

import click
from typing_extensions import TypedDict

from syntx.commands.attending import is_attended
from syntx.commands.mending import auditing
from syntx.commands.mending.picking import Choice, Chosen, contents, is_exact, is_meant
from syntx.commands.telling import print_json, visible
from syntx.doctor.calling import user_name
from syntx.errors import ConfigError, SyntxError
from syntx.ground import Ground
from syntx.journal.appending import event_id
from syntx.journal.records import OperatorAction
from syntx.spool.contract import Moved, Spool

MOST_TOLD = 100
"""So many things that stay are told one by one on stderr; with `--json` all are."""

Act = Callable[[Spool, Sequence[str]], Awaitable[Moved]]


class Unattended(SyntxError):
    """Nobody can be asked, and nobody agreed beforehand."""

    exit_code = 2
    reason = "unattended"


class Told(TypedDict):
    """What became of the things an operator named: `would` with --dry-run, else the others.

    `stayed` gives the reason by name, `unmatched` are the patterns nothing matched, and
    `passed_over` counts what was meant by a pattern but is not done in bulk. `action_id` is that of
    the audit log.
    """

    passed_over: int
    would: NotRequired[Sequence[str]]
    moved: NotRequired[Sequence[str]]
    stayed: NotRequired[dict[str, str]]
    unmatched: NotRequired[Sequence[str]]
    action_id: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator wants done, and how it is told."""

    verb: str
    done: str
    """What is true of a job afterwards, as in "3 waiting again"."""
    choice: Choice
    act: Act
    note: str = ""
    """What is to be known before agreeing."""
    passed_over: int = 0
    undoes: str | None = None
    dry_run: bool = False
    yes: bool = False
    why: str | None = None
    as_json: bool = False


def fulfil(ground: Ground, wish: Wish, chosen: Chosen) -> int:
    """Ask, act and tell; returns the exit code (0 all, 3 a part, 1 nothing was done)."""
    names = chosen.names
    unmet = [one for one in wish.choice.patterns if not _means_any(one, chosen)]
    for pattern in unmet:
        click.echo(f"nothing matches {pattern!r}", err=True)
    if wish.dry_run:
        _print(wish, {"would": names, "passed_over": wish.passed_over}, names)
        click.echo(visible(f"would {_meant(wish, chosen)}"), err=True)
        return 0
    _ask(wish, chosen)
    action_id, moved = _carry_out(ground, wish, names)
    stayed = {**dict(moved.stayed), **dict.fromkeys(moved.missing, "it is gone")}
    told: Told = {
        "moved": moved.moved,
        "stayed": stayed,
        "unmatched": unmet,
        "passed_over": wish.passed_over,
        "action_id": action_id,
    }
    _print(wish, told, moved.moved)
    _tell_stayed(stayed)
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
        name = user_name(owner) or str(owner)
        raise ConfigError(
            f"{queue} belongs to {name}; what root writes there, {name} could not read",
            fix=f"sudo -u {name} syntx …",
        )


def _means_any(pattern: str, chosen: Chosen) -> bool:
    return any(is_meant(one, pattern) for one in chosen.places)


def _meant(wish: Wish, chosen: Chosen) -> str:
    note = f"; {wish.note}" if wish.note else ""
    return f"{wish.verb} {len(chosen.places)}: {contents(chosen)}{note}"


def _ask(wish: Wish, chosen: Chosen) -> None:
    if wish.yes or is_exact(chosen.places, wish.choice.patterns):
        return
    meant = visible(_meant(wish, chosen))
    if not is_attended():
        raise Unattended(
            f"nobody is there to agree: {meant}", fix="add --yes, or --dry-run to look first"
        )
    click.confirm(f"{meant}?", abort=True, err=True)


def _carry_out(ground: Ground, wish: Wish, names: Sequence[str]) -> tuple[str, Moved]:
    """Act between lines of the audit log; without the first ones nothing is done."""
    record = _record(wish, len(names))
    action_id = record["action_id"]
    try:
        ground.logs.write("audit", *auditing.begun(record, names), flush=True)
        try:
            moved = asyncio.run(_act(ground, wish, names))
        except SyntxError as error:
            ground.logs.write("audit", {**record, "state": "failed", "error": error.message})
            raise
        stayed = [*moved.missing, *(name for name, _ in moved.stayed)]
        ground.logs.write("audit", *auditing.done(record, len(moved.moved), stayed))
    finally:
        ground.logs.close()
    return action_id, moved


def _record(wish: Wish, count: int) -> OperatorAction:
    uid = os.getuid()
    record: OperatorAction = {
        "action": wish.verb,
        "action_id": event_id(),
        "who": {"user": os.environ.get("SUDO_USER") or user_name(uid) or str(uid), "uid": uid},
        "why": wish.why,
        "patterns": wish.choice.patterns,
        "groups": wish.choice.groups,
        "filters": [one.text for one in wish.choice.conditions],
        "count": count,
        "ids": [],
        "state": "begun",
    }
    return {**record, "undoes": wish.undoes} if wish.undoes else record


async def _act(ground: Ground, wish: Wish, names: Sequence[str]) -> Moved:
    async with ground.open_spool() as spool:
        return await wish.act(spool, names)


def _print(wish: Wish, data: Told, names: Sequence[str]) -> None:
    if wish.as_json:
        print_json(data)
    elif names:
        click.echo(visible("\n".join(names)))


def _tell_stayed(stayed: dict[str, str]) -> None:
    for name, reason in list(stayed.items())[:MOST_TOLD]:
        click.echo(visible(f"{name} stays: {reason}"), err=True)
    if len(stayed) > MOST_TOLD:
        click.echo(f"and {len(stayed) - MOST_TOLD} more stay", err=True)
