"""``syntx logs``: the files of the logs, packing them, and loading them into a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from syntx.commands.keeping.log_places import log_paths
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.journal.names import NAMES, Name


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file; `first` and `last` are timestamps of lines in it, None where none tells."""

    log: str
    file: str
    bytes: int
    lines: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class LogFiles:
    """The files of all logs, each log's oldest first."""

    files: tuple[LogFile, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was added to a table; `torn` lines hold no record."""

    log: str
    added: int
    torn: int


@dataclass(frozen=True, slots=True)
class Loading:
    """What was loaded into a database."""

    database: str
    logs: tuple[Loaded, ...]


@click.group()
def logs() -> None:
    """List the files of the logs, pack months that are over, load all into a database.

    Example: syntx logs list
    """


@logs.command("list")
@click.argument("log", type=click.Choice(NAMES), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def list_(ctx: click.Context, log: Name | None, as_json: bool) -> None:
    """List the files of LOG, or of all logs: lines, bytes, first and last time.

    Example: syntx logs list evolution --json
    """
    paths = log_paths(home_of(ctx))
    found = LogFiles(tuple(_files({log: paths[log]} if log else paths)))
    if as_json:
        print_json(asdict(found))
        return
    rows = [
        (
            *(visible(Path(one.file).name), str(one.lines), str(one.bytes)),
            *(_time(one.first), _time(one.last)),
        )
        for one in found.files
    ]
    click.echo(table(rows, ("FILE", "LINES", "BYTES", "FIRST", "LAST")))


def _files(paths: dict[Name, Path]) -> Iterator[LogFile]:
    from syntx.journal.extents import extents

    for name, path in paths.items():
        for file, found in extents(path):
            size, lines = found.bytes, found.lines
            yield LogFile(name, str(file), size, lines, found.first, found.last)


def _time(stamp: str | None) -> str:
    return visible(stamp[:19]) if stamp else "-"


@logs.command("pack")
@click.pass_context
def pack_(ctx: click.Context) -> None:
    """Pack months that are over, and remove old packs where `logging.keep_months` says so.

    The monitor does this once an hour. Prints the packs made and removed; nothing when there is
    nothing to do, or another packs at the moment.

    Example: syntx logs pack
    """
    from datetime import UTC, datetime

    from syntx.journal.packing import pack
    from syntx.settings.folder import load

    home = home_of(ctx)
    keep = load(home).system.logging.keep_months
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for path in log_paths(home).values():
        done = pack(path, today=today, keep_months=keep)
        for name in done.made:
            click.echo(f"packed {path.with_name(name)}")
        for name in done.removed:
            click.echo(f"removed {path.with_name(name)}")


@logs.command("load")
@click.argument("database", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--ddl",
    type=click.Choice(("sqlite", "postgres")),
    help="Print the CREATE TABLE statements instead.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was added as JSON.")
@click.pass_context
def load_(ctx: click.Context, database: Path | None, ddl: str | None, as_json: bool) -> None:
    """Load all logs into the SQLite file DATABASE, a table for each.

    Lines that are in it already, as their event_id tells, are passed over: call it as often as
    you like. Each row has the documented fields as columns, and the whole line as `record`.

    Example: syntx logs load logs.db
    """
    if (database is None) == (ddl is None):
        raise click.UsageError("name a DATABASE, or give --ddl")
    if database is None:
        from syntx.journal.tables import Dialect, create_table

        dialect: Dialect = "postgres" if ddl == "postgres" else "sqlite"
        click.echo("\n\n".join(create_table(name, dialect) for name in NAMES))
        return
    from syntx.commands.keeping.log_database import load

    counts = load(database, log_paths(home_of(ctx)))
    done = Loading(str(database), tuple(Loaded(name, *count) for name, count in counts.items()))
    if as_json:
        print_json(asdict(done))
        return
    rows = [(one.log, str(one.added), str(one.torn)) for one in done.logs]
    click.echo(table(rows, ("LOG", "ADDED", "TORN")))
