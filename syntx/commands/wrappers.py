"""``syntx wrappers``: which frames a prompt can be put in."""

from __future__ import annotations

import click

from syntx.commands.telling import home_of, print_json, table
from syntx.ground import Ground


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def wrappers(ctx: click.Context, as_json: bool) -> None:
    """List the wrappers found in the wrappers folder.

    Example: syntx wrappers --json
    """
    folder = Ground(home_of(ctx), "wrappers").wrappers
    broken = folder.problems()
    found = [folder.get(name) for name in folder.names() if name not in broken]
    for problem in broken.values():
        click.echo(f"unusable: {problem.message}\n  fix: {problem.fix}", err=True)
    if as_json:
        print_json(
            [
                {
                    "name": wrapper.name,
                    "terminology": wrapper.terminology,
                    "language": wrapper.language,
                    "version": wrapper.version,
                    "hash": wrapper.digest,
                    "fields": [
                        {"key": field.key, "heading": field.heading, "weight": field.weight}
                        for field in wrapper.fields
                    ],
                }
                for wrapper in found
            ]
        )
        return
    lines = [
        (
            w.name,
            w.terminology,
            w.language,
            w.version,
            w.digest,
            ", ".join(f.heading for f in w.fields),
        )
        for w in found
    ]
    click.echo(table(lines, ("WRAPPER", "TERMINOLOGY", "LANGUAGE", "VERSION", "HASH", "FIELDS")))
