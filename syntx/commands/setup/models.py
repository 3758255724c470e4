"""``syntx models``: which models can be asked."""

from __future__ import annotations

import click
from typing_extensions import TypedDict

from syntx.commands.telling import home_of, print_json, table, visible
from syntx.ground import Ground
from syntx.llm.catalogue import Endpoint, ModelEntry


class PriceRow(TypedDict):
    """What a model costs, in USD per million tokens."""

    input: float
    output: float


class ModelRow(TypedDict):
    """One model and how it is reached; sizes are tokens, None where the file does not say."""

    model: str
    endpoint: str
    kind: str
    base_url: str
    context: int | None
    max_output: int | None
    price: PriceRow | None
    operations: list[str]
    key: str | None
    key_set: bool


class Models(TypedDict):
    """The models of config/models/*.yaml."""

    models: list[ModelRow]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def models(ctx: click.Context, as_json: bool) -> None:
    """List the models of config/models/*.yaml.

    Example: syntx models --json
    """
    ground = Ground(home_of(ctx), "models")
    rows = [
        _row(ground, endpoint, entry)
        for endpoint in ground.catalogue.current().endpoints
        for entry in endpoint.models
    ]
    if as_json:
        listed: Models = {"models": rows}
        print_json(listed)
        return
    head = ("MODEL", "KIND", "ENDPOINT", "CONTEXT", "KEY")
    click.echo(visible(table([_line(row) for row in rows], head)))


def _row(ground: Ground, endpoint: Endpoint, entry: ModelEntry) -> ModelRow:
    price = entry.price
    return {
        "model": entry.name,
        "endpoint": endpoint.name,
        "kind": endpoint.kind,
        "base_url": endpoint.base_url,
        "context": entry.context,
        "max_output": entry.max_output,
        "price": None if price is None else {"input": price.input, "output": price.output},
        "operations": sorted(entry.operations),
        "key": endpoint.key,
        "key_set": endpoint.key is None or ground.secrets.get(endpoint.key) is not None,
    }


def _line(row: ModelRow) -> tuple[str, ...]:
    key = "-" if row["key"] is None else f"{row['key']} {'set' if row['key_set'] else 'MISSING'}"
    context = "-" if row["context"] is None else str(row["context"])
    return (row["model"], row["kind"], row["base_url"], context, key)
