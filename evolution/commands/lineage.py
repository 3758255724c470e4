"""``syntx lineage JOB``: the ancestors and descendants of a prompt, wherever they lie."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
from pydantic import ValidationError

from evolution.commands.knowing import Known, known
from evolution.lineage import Kin, lineage, named
from syntx.commands.finding import MOST_LISTED, ambiguous, beginning_of, id_of, state_of
from syntx.commands.shell.completing import job_ids
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.ids import brief, is_job_id
from syntx.job import Job
from syntx.spool.layout import (
    ARCHIVE,
    ERROR,
    INCOMING,
    PROCESSED,
    PROCESSING,
    RETRY,
    Folders,
    entry_name,
    envelope_of,
)
from syntx.spool.plain import NotPlain
from syntx.spool.searching import search
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

MOST_WAITING = 20_000
"""So many waiting jobs are looked into; the plans tell of the rest."""
GONE = "file gone"


@dataclass(frozen=True, slots=True)
class Placed(Kin):
    """One prompt of a lineage, and where it is: a state, how far its draft came, or `file gone`."""

    state: str = GONE


@dataclass(frozen=True, slots=True)
class Family:
    """A prompt with its ancestors, the farthest first, and its descendants, the nearest first."""

    job: Placed
    ancestors: tuple[Placed, ...]
    descendants: tuple[Placed, ...]


@click.command("lineage")
@click.argument("job_id", metavar="JOB", shell_complete=job_ids)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def lineage_(ctx: click.Context, job_id: str, as_json: bool) -> None:
    """Show the ancestors and descendants of JOB, and where each lies.

    The beginning of an ID is enough when no other begins so; a job's file or folder will do too.
    A prompt whose file was deleted keeps its place.

    Example: syntx lineage 20261120T193000.123456Z-7f3a
    """
    found = asyncio.run(_look(Ground(home_of(ctx), "lineage"), job_id))
    if as_json:
        print_json(asdict(found))
        return
    head = ("STEP", "GEN", "ARM", "OPERATOR", "SCORE", "TOPIC", "STYLE", "STATE", "JOB")
    everyone = (*found.ancestors, found.job, *found.descendants)
    click.echo(visible(table([_line(kin) for kin in everyone], head)))


def _line(kin: Placed) -> tuple[str, ...]:
    told = (kin.generation, kin.arm, kin.operator, kin.score, kin.topic, kin.style, kin.state)
    step = f"{kin.distance:+d}" if kin.distance else "·"
    return step, *("-" if one in (None, "") else str(one) for one in told), brief(kin.id)


async def _look(ground: Ground, given: str) -> Family:
    storage = Storage(Disk(), Folders.at(ground.queue))
    async with known(ground) as now:
        job_id = _pick(ground, now, given)
        waiting = dict(_waiting(storage))
        kin = lineage(now.store.read, job_id, waiting.values())
        placed = [Placed(**asdict(one), state=await _state(now, storage, one)) for one in kin]
    return Family(
        job=next(one for one in placed if one.distance == 0),
        ancestors=tuple(one for one in placed if one.distance < 0),
        descendants=tuple(one for one in placed if one.distance > 0),
    )


def _pick(ground: Ground, now: Known, given: str) -> str:
    """Return the one ID that begins as given; a file's path will do too."""
    beginning = beginning_of(given)
    found = search(ground.queue, beginning)
    paths = {job_id: path for path in found if (job_id := id_of(path.name))}
    names = sorted(paths.keys() | set(named(now.store.read, beginning, MOST_LISTED + 1)))
    if beginning in names:
        return beginning
    if not names:
        raise SyntxError(f"there is no job {given!r} in {ground.queue}", fix="syntx jobs")
    if len(names) > 1:
        states = [state_of(ground.queue, paths[name]) if name in paths else GONE for name in names]
        raise ambiguous("jobs", list(zip(names, states, strict=True)))
    return names[0]


def _waiting(storage: Storage) -> Iterator[tuple[str, Job]]:
    """Read the jobs that wait or are worked on; one that is none, or moves on, is passed over."""
    root = storage.folders.path
    workers = (root(PROCESSING, worker) for worker in storage.names(root(PROCESSING)))
    paths = (
        f"{folder}/{name}"
        for folder in (root(INCOMING), root(RETRY), *workers)
        for name in storage.names(folder)
        if id_of(name) is not None
    )
    for _, path in zip(range(MOST_WAITING), paths, strict=False):
        try:
            job = Job.from_bytes(storage.read(envelope_of(path), links=None))
        except (OSError, NotPlain, ValidationError):
            continue
        yield job.id, job


async def _state(now: Known, storage: Storage, kin: Kin) -> str:
    """Name where a job lies, how far its draft came, or that its file is gone."""
    if not is_job_id(kin.id):
        return GONE
    for state in (ARCHIVE, PROCESSED, ERROR) if kin.outcome else ():
        if storage.exists(f"{storage.folders.day(state, kin.id)}/{entry_name(kin.id)}"):
            return state
    located = await now.spool.locate(kin.id)
    if located is None and kin.planned in ("planned", "drafted", "failed"):
        return "draft failed" if kin.planned == "failed" else kin.planned
    return located or GONE
