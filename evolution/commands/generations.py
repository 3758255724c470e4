"""``syntx generations``: how every generation scored, and whether steering helps."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import click

from evolution.commands.growth import Growth, growth
from evolution.commands.knowing import known
from evolution.lift import Lift, lift
from syntx.commands.telling import home_of, print_json, table
from syntx.ground import Ground

_HEAD = (
    *("GENERATION", "SCORED", "MEAN", "CONTROL", "STEERED", "LIFT SO FAR"),
    *("FRESH", "MUTATE", "CROSS", "STYLES", "ENTROPY", "REDRAWN", "DRIFT"),
)


@click.command()
@click.option("--last", "-n", type=click.IntRange(1), help="Only so many, the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def generations(ctx: click.Context, last: int | None, as_json: bool) -> None:
    """Show the mean score of every generation, by arm, and the lift of steering.

    Lift is steered minus control over the generations that had both, with a 95 % interval that
    holds although it is looked at after every generation.

    Example: syntx generations --json
    """
    ground = Ground(home_of(ctx), "generations")
    grown, found = asyncio.run(_look(ground))
    grown = grown[-last:] if last else grown
    if as_json:
        print_json({"generations": [asdict(each) for each in grown], "lift": asdict(found)})
        return
    click.echo(table([_line(each) for each in grown], _HEAD))
    click.echo(f"lift: {told(found)}")


async def _look(ground: Ground) -> tuple[tuple[Growth, ...], Lift]:
    async with known(ground) as now:
        return growth(now.store.read), lift(now.store.arms())


def told(found: Lift) -> str:
    """Say a lift with its interval, or that it is not decided."""
    if found.difference is None:
        return f"not decided yet (n = {found.n_steered + found.n_control})"
    return f"{found.difference:+.1f} [{found.low:+.1f}, {found.high:+.1f}]"


def _line(each: Growth) -> tuple[str, ...]:
    operators = (str(each.operators.get(name, 0)) for name in ("fresh", "mutate", "cross"))
    return (
        *(str(each.generation), str(each.n)),
        *map(_number, (each.mean, each.control, each.steered)),
        "-" if each.lift.difference is None else told(each.lift),
        *operators,
        str(len(each.styles)),
        f"{each.style_entropy:.2f}",
        "-" if each.redrawn is None else str(each.redrawn),
        "" if each.cut is None else f"cut: {each.cut}",
    )


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.1f}"
