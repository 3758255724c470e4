"""``syntx costs``: what the calls took, by model and day."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from typing_extensions import TypedDict

from syntx.commands.keeping.log_places import log_paths
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.journal.appending import Unreadable
from syntx.journal.files import read_all


class Row(TypedDict):
    """The calls of a model on a day (UTC); `unpriced` of them have no known cost (USD)."""

    day: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced: int
    simulated: bool


class Costs(TypedDict):
    """What calls cost: `total` and rows, the oldest day first."""

    currency: str
    total: float
    rows: list[Row]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def costs(ctx: click.Context, as_json: bool) -> None:
    """Add up costs.jsonl by day and model, all months; calls of unknown price are counted apart.

    Example: syntx costs --json
    """
    path = log_paths(home_of(ctx))["costs"]
    found = summed(_tell_torn(path))
    if as_json:
        print_json(found)
        return
    lines = [
        (
            *(visible(row["day"]), visible(row["model"]), str(row["calls"])),
            "unknown" if row["unpriced"] == row["calls"] else f"{row['cost']:.4f}",
            str(row["unpriced"]),
            "yes" if row["simulated"] else "",
        )
        for row in found["rows"]
    ]
    click.echo(table(lines, ("DAY", "MODEL", "CALLS", "USD", "UNPRICED", "SIMULATED")))
    click.echo(f"total {found['total']:.4f} USD")


def summed(records: Iterable[dict[str, Any]]) -> Costs:
    """Add up records of costs.jsonl by day and model."""
    sums: dict[tuple[str, str], Row] = {}
    for record in records:
        key = str(record.get("timestamp") or "unknown")[:10], str(record.get("model") or "unknown")
        row = sums.get(key)
        if row is None:
            row = sums[key] = _empty(*key)
        cost = _number(record.get("total_cost"))
        row["calls"] += 1
        row["input_tokens"] += int(_number(record.get("input_tokens")) or 0)
        row["output_tokens"] += int(_number(record.get("output_tokens")) or 0)
        row["unpriced"] += cost is None
        row["cost"] += cost or 0.0
        row["simulated"] |= bool(record.get("simulated"))
    rows = [row for _, row in sorted(sums.items())]
    return Costs(currency="USD", total=sum(row["cost"] for row in rows), rows=rows)


def _empty(day: str, model: str) -> Row:
    return Row(
        day=day,
        model=model,
        calls=0,
        input_tokens=0,
        output_tokens=0,
        cost=0.0,
        unpriced=0,
        simulated=False,
    )


def _number(value: Any) -> float | None:
    return value if type(value) in (int, float) else None


def _tell_torn(path: Path) -> Iterable[dict[str, Any]]:
    for record in read_all(path):
        if isinstance(record, Unreadable):
            click.echo(f"{record.file}:{record.line}: torn line skipped", err=True)
        else:
            yield record
