"""``syntx schema``: the published form of all that is read, logged and printed."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click
from typing_extensions import TypedDict

from syntx.commands.shell.published import KINDS, SCHEMAS, Kind, Published
from syntx.commands.telling import print_json


class Entry(TypedDict):
    """One schema: the name to ask for it by, its own ID, and what it is of."""

    name: str
    kind: Kind
    of: str
    id: str


class Listing(TypedDict):
    """All schemas there are."""

    schemas: list[Entry]


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in SCHEMAS if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, shell_complete=_names)
@click.option(
    "--write",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all of them into DIR, as NAME.json; prints their paths.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def schema(name: str | None, folder: Path | None, as_json: bool) -> None:
    """Print the JSON Schema called NAME; without NAME, list the schemas there are.

    There is one for each file people write, for the lines of each log, and for what each command
    prints with --json.

    Example: syntx schema status
    """
    if sum((name is not None, folder is not None, as_json)) > 1:
        raise click.UsageError("name one schema, or give --write DIR, or --json")
    if name is not None:
        click.echo(_text_of(_named(name)), nl=False)
    elif folder is not None:
        _write(folder)
    elif as_json:
        print_json(_listing())
    else:
        click.echo(_listed())


def _named(name: str) -> Published:
    found = SCHEMAS.get(name)
    if found is None:
        close = get_close_matches(name, SCHEMAS, 1)
        hint = f"did you mean {close[0]!r}?" if close else "syntx schema lists them"
        raise click.UsageError(f"there is no schema {name!r}; {hint}")
    return found


def _text_of(published: Published) -> str:
    from syntx.commands.shell.describing import text_of

    return text_of(published)


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, published in SCHEMAS.items():
        path = folder / f"{name}.json"
        path.write_text(_text_of(published), encoding="utf-8")
        click.echo(path)


def _listing() -> Listing:
    return {
        "schemas": [
            {"name": each.name, "kind": each.kind, "of": each.what, "id": each.id}
            for each in SCHEMAS.values()
        ]
    }


def _listed() -> str:
    width = max(map(len, SCHEMAS))
    lines: list[str] = []
    for kind, title in KINDS.items():
        lines += ["", f"{title}:"] if lines else [f"{title}:"]
        lines += [f"  {each.name:<{width}}  {each.what}" for each in _of_kind(kind)]
    return "\n".join(lines)


def _of_kind(kind: Kind) -> list[Published]:
    return [each for each in SCHEMAS.values() if each.kind == kind]
