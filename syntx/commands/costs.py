"""``syntx costs``: what the calls took, by model and day."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import click

from syntx.commands.telling import home_of, print_json, table
from syntx.journal import Unreadable, read
from syntx.settings.folder import load


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def costs(ctx: click.Context, as_json: bool) -> None:
    """Add up costs.jsonl by day and model; calls of unknown price are counted apart.

    Example: syntx costs --json
    """
    home = home_of(ctx)
    path = home.path(load(home).system.logging.base_dir, "logs") / "costs.jsonl"
    sums: dict[tuple[str, str], dict[str, Any]] = defaultdict(
        lambda: {
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cost": 0.0,
            "unpriced": 0,
            "simulated": False,
        }
    )
    for record in read(path):
        if isinstance(record, Unreadable):
            click.echo(f"{path}:{record.line}: torn line skipped", err=True)
            continue
        day = str(record.get("timestamp") or "unknown")[:10]
        row = sums[day, str(record.get("model") or "unknown")]
        row["calls"] += 1
        row["input_tokens"] += record.get("input_tokens") or 0
        row["output_tokens"] += record.get("output_tokens") or 0
        row["unpriced"] += record.get("total_cost") is None
        row["cost"] += record.get("total_cost") or 0.0
        row["simulated"] |= bool(record.get("simulated"))
    rows = [{"day": day, "model": model, **row} for (day, model), row in sorted(sums.items())]
    total = sum(row["cost"] for row in rows)
    if as_json:
        print_json({"currency": "USD", "total": total, "rows": rows})
        return
    lines = [
        (
            *(r["day"], r["model"], str(r["calls"])),
            "unknown" if r["unpriced"] == r["calls"] else f"{r['cost']:.4f}",
            str(r["unpriced"]),
            "yes" if r["simulated"] else "",
        )
        for r in rows
    ]
    click.echo(table(lines, ("DAY", "MODEL", "CALLS", "USD", "UNPRICED", "SIMULATED")))
    click.echo(f"total {total:.4f} USD")
