"""``syntx export``: write finished jobs as the files older tools read, or as one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import click
from typing_extensions import TypedDict

from syntx.commands.keeping.research_table import TableFile
from syntx.commands.telling import home_of, print_json, visible
from syntx.commands.zones import read_zone
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Job
from syntx.older.placing import Placed, Target
from syntx.older.selecting import Unfit, finished_jobs
from syntx.older.writing import write_older
from syntx.spool.layout import ARCHIVE, ERROR, PROCESSED, Folders
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

STATES = (PROCESSED, ERROR, ARCHIVE)
PARTLY_DONE = 3
_ALWAYS, _IF_ANY = ("written", "already there", "different"), ("documents", "unreadable")
"""Under these names it is counted what became of a job."""


class Exported(TypedDict):
    """What became of how many jobs; a table has neither `already_there` nor `different` ones."""

    written: int
    already_there: int
    different: int
    documents: int
    unreadable: int


@click.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--table",
    "table",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one table instead, FILE.csv or FILE.jsonl: a row for each prompt job.",
)
@click.option(
    "--layout",
    type=click.Choice(["legacy"]),
    default="legacy",
    show_default=True,
    help="How the files are named and built.",
)
@click.option(
    "--state",
    "states",
    type=click.Choice(STATES),
    multiple=True,
    help="Only jobs that lie there; repeatable (default: all three).",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Only jobs made on DAY (UTC, such as 2026-11-01) or later.",
)
@click.option(
    "--zone", callback=read_zone, help="Time zone of names and times (default: this machine's)."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def export(
    ctx: click.Context,
    folder: Path | None,
    table: Path | None,
    layout: str,
    states: tuple[str, ...],
    since: datetime | None,
    zone: tzinfo | None,
    as_json: bool,
) -> None:
    """Write finished jobs into DIR as older tools read them; nothing there is overwritten.

    Each job becomes NAME.txt (the prompt), NAME.json (metadata and score) and NAME_response.txt
    (the answer), below processed/, error/ or archive/, where it lies in the queue.

    With --table all become one table: prompt, answer, score and lineage, a row for each job.

    Example: syntx export --layout legacy --since 2026-11-01 /srv/older
    """
    if (folder is None) == (table is None):
        raise click.UsageError("name either a folder to export into or --table FILE")
    ground = Ground(home_of(ctx), "export")
    wanted = tuple(state for state in STATES if not states or state in states)
    found = finished_jobs(
        Storage(Disk(), Folders.at(ground.queue)), wanted, f"{since:%Y-%m-%d}" if since else ""
    )
    counts: Counter[str] = Counter()
    if table is not None:
        _check_apart(ground.queue, [table])
        with TableFile(table) as rows:
            for state, job in found:
                counts[_add_row(rows, state, job)] += 1
    elif folder is not None:
        _check_apart(ground.queue, [folder, *(folder / state for state in wanted)])
        with Target(folder) as target:
            for state, job in found:
                counts[_export(target, state, job, zone)] += 1
    _tell(counts, _ALWAYS if table is None else _ALWAYS[:1], as_json=as_json)
    if counts["different"] or counts["unreadable"]:
        ctx.exit(PARTLY_DONE)


def _check_apart(queue: Path, paths: Iterable[Path]) -> None:
    """Raise SyntxError when anything would be written into the queue, by whatever name."""
    own = queue.resolve()
    for path in paths:
        if path.resolve().is_relative_to(own):
            raise SyntxError(
                f"{path} lies in the queue of this home, {own}",
                fix="name a folder outside the queue",
            )


def _add_row(rows: TableFile, state: str, found: Job | Unfit) -> str:
    """Add one job to the table; returns what became of it, under the name it is counted by."""
    if isinstance(found, Unfit):
        return _skip(found)
    rows.add(state, found)
    return "written"


def _skip(found: Unfit) -> str:
    if found.is_document:
        return "documents"
    click.echo(f"skipped {visible(found.path)}: {visible(found.message)}", err=True)
    return "unreadable"


def _export(target: Target, state: str, found: Job | Unfit, zone: tzinfo | None) -> str:
    """Write one job; returns what became of it, under the name it is counted by."""
    if isinstance(found, Unfit):
        return _skip(found)
    try:
        older = write_older(found, zone)
    except ValueError as error:
        click.echo(f"skipped {found.id}: {error}", err=True)
        return "unreadable"
    placed = target.place(state, older.files)
    if placed is Placed.DIFFERENT:
        click.echo(
            f"error: {state}/{visible(older.name)} is there already and says something else "
            f"than {found.id}; it was left as it is",
            err=True,
        )
    return placed.value


def _tell(counts: Counter[str], always: Sequence[str], *, as_json: bool) -> None:
    """Print the counts: those named always, and others where there are any; as JSON all."""
    if as_json:
        exported: Exported = {
            "written": counts["written"],
            "already_there": counts["already there"],
            "different": counts["different"],
            "documents": counts["documents"],
            "unreadable": counts["unreadable"],
        }
        print_json(exported)
        return
    for name in (*always, *filter(counts.get, _IF_ANY)):
        click.echo(f"{name:<14}{counts[name]}")
