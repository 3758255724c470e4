"""``syntx models``: which models can be asked."""

from __future__ import annotations

import click

from syntx.commands.telling import home_of, print_json, table
from syntx.ground import Ground


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def models(ctx: click.Context, as_json: bool) -> None:
    """List the models of config/models/*.yaml.

    Example: syntx models --json
    """
    ground = Ground(home_of(ctx), "models")
    rows = [
        {
            "model": entry.name,
            "endpoint": endpoint.name,
            "kind": endpoint.kind,
            "base_url": endpoint.base_url,
            "context": entry.context,
            "max_output": entry.max_output,
            "price": entry.price.model_dump() if entry.price else None,
            "operations": list(entry.operations),
            "key": endpoint.key,
            "key_set": endpoint.key is None or ground.secrets.get(endpoint.key) is not None,
        }
        for endpoint in ground.catalogue.current().endpoints
        for entry in endpoint.models
    ]
    if as_json:
        print_json(rows)
        return
    lines = [
        (
            str(row["model"]),
            str(row["kind"]),
            str(row["base_url"]),
            str(row["context"]),
            "-" if row["key"] is None else f"{row['key']} {'set' if row['key_set'] else 'MISSING'}",
        )
        for row in rows
    ]
    click.echo(table(lines, ("MODEL", "KIND", "ENDPOINT", "CONTEXT", "KEY")))
