"""``syntx import``: take over the jobs of the older system."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import click
from typing_extensions import TypedDict

from syntx.commands.telling import home_of, print_json, visible
from syntx.commands.zones import read_zone
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Job
from syntx.older.folder import ENDED, WAITING, walk
from syntx.older.storing import Tally, composed, rehearse, store
from syntx.older.verdicts import Terms
from syntx.spool import finding
from syntx.spool.discarding import is_discarded
from syntx.spool.layout import Folders
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

PARTLY_DONE = 3


class NotImported(TypedDict):
    """One thing that was passed over, and why."""

    path: str
    reason: str
    message: str


class Imported(TypedDict):
    """What an import came to: new jobs by outcome and by the layout they were found in."""

    dry_run: bool
    imported: int
    outcomes: dict[str, int]
    waiting: int
    already_there: int
    layouts: dict[str, int]
    skipped: list[NotImported]


@click.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--zone", callback=read_zone, help="Time zone of the names in DIR (default: this machine's)."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def import_(
    ctx: click.Context, folder: Path, dry_run: bool, zone: tzinfo | None, as_json: bool
) -> None:
    """Import the jobs of the older system from DIR, which is only read.

    Jobs that ended become finished jobs, with prompt, answer, score and all metadata; jobs that
    wait in its incoming/ wait here. What is here already is passed over, so that an import may
    be repeated.

    Example: syntx import --dry-run /srv/older/queue
    """
    ground = Ground(home_of(ctx), "import")
    root = _readable(folder, ground.queue)
    settings = ground.settings()
    terms = Terms(
        now=datetime.now(UTC),
        zone=zone,
        accept_score=settings.system.consumer.accept_score,
        topics={
            category: tuple(topic.name for topic in topics)
            for category, topics in settings.generator.topics.items()
        },
    )
    tally = Tally()
    reader = Storage(Disk(), Folders.at(root))
    jobs = composed(walk(root, reader, settings.queue.max_entry_bytes), terms, tally)
    if dry_run:
        queue = Storage(Disk(), Folders.at(ground.queue))
        rehearse(lambda job_id: _is_known(queue, job_id), jobs, tally)
    else:
        asyncio.run(_store(ground, jobs, tally))
    _tell(tally, dry_run=dry_run, as_json=as_json)
    if not (tally.finished or tally.waiting or tally.already_there or tally.skipped):
        click.echo(f"no job of the older system lies below {root}", err=True)
    if tally.skipped:
        ctx.exit(PARTLY_DONE)


def _readable(folder: Path, queue: Path) -> Path:
    root, own = folder.resolve(), queue.resolve()
    if not root.is_dir():
        raise click.BadParameter(f"{folder} is no folder")
    if root.is_relative_to(own) or own.is_relative_to(root):
        raise SyntxError(
            f"{root} and the queue of this home, {own}, lie one in the other",
            fix="move the older folders aside first, and import them from there",
        )
    # The name of a link to processed/ tells as much as the folder's own.
    return folder.absolute() if folder.name in (*ENDED, *WAITING) else root


def _is_known(queue: Storage, job_id: str) -> bool:
    # Most are known as ended, which is the cheapest to tell.
    ended = finding.ended(queue, job_id) or finding.locate(queue, job_id)
    return ended is not None or is_discarded(queue, job_id)


async def _store(ground: Ground, jobs: Iterator[Job], tally: Tally) -> None:
    async with ground.open_spool() as spool:
        await store(spool, jobs, tally)


def _tell(tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    for item in tally.skipped:
        click.echo(f"skipped {item.path} ({item.reason}): {visible(item.message)}", err=True)
    if as_json:
        print_json(_as_data(tally, dry_run))
        return
    if dry_run:
        click.echo("dry run: nothing was imported", err=True)
    reasons = Counter(item.reason for item in tally.skipped)
    for name, total, parts in (
        ("imported", sum(tally.finished.values()), tally.finished),
        ("waiting", tally.waiting, {}),
        ("already there", tally.already_there, {}),
        ("skipped", len(tally.skipped), reasons),
    ):
        told = ", ".join(f"{part} {count}" for part, count in sorted(parts.items()))
        click.echo(f"{name:<14}{total}" + (f"  ({told})" if told else ""))


def _as_data(tally: Tally, dry_run: bool) -> Imported:
    return {
        "dry_run": dry_run,
        "imported": sum(tally.finished.values()),
        "outcomes": tally.finished,
        "waiting": tally.waiting,
        "already_there": tally.already_there,
        "layouts": {layout: count for layout, count in sorted(tally.layouts.items()) if count},
        "skipped": [
            {"path": str(item.path), "reason": item.reason, "message": item.message}
            for item in tally.skipped
        ],
    }
