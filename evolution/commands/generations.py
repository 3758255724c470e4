"""``syntx generations``: how every generation scored, and whether steering helps."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

import click

from evolution.commands.growth import Growth, growth
from evolution.commands.knowing import known
from evolution.lift import MIN_ARM, Lift, lift
from syntx.commands.telling import home_of, print_json, table
from syntx.ground import Ground

_HEAD = (
    *("GEN", "N", "MEAN", "CONTROL", "STEERED", "LIFT SO FAR"),
    *("FRESH", "MUTATE", "CROSS", "STYLES", "EVEN", "REDRAWN", "CUT"),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Every generation of which a prompt ended, in order, and the lift over all of them."""

    generations: tuple[Growth, ...]
    lift: Lift


@click.command()
@click.option("--last", "-n", type=click.IntRange(1), help="Only so many, the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def generations(ctx: click.Context, last: int | None, as_json: bool) -> None:
    """Show the mean score of every generation, by arm, and the lift of steering.

    Lift is steered minus control over the generations that had both, in score points. Its
    interval holds at 95 % over twenty looks, one after each generation.

    Example: syntx generations --json
    """
    ground = Ground(home_of(ctx), "generations")
    grown, found = asyncio.run(_look(ground))
    grown = grown[-last:] if last else grown
    if as_json:
        print_json(asdict(Curve(grown, found)))
        return
    click.echo(table([_line(each) for each in grown], _HEAD))
    click.echo(f"lift: {whole(found)}")


async def _look(ground: Ground) -> tuple[tuple[Growth, ...], Lift]:
    async with known(ground) as now:
        return growth(now.store.read), lift(now.store.arms())


def whole(found: Lift) -> str:
    """Say a lift with its interval in score points and what it rests on, or what it lacks."""
    rests_on = f"n = {found.n_steered} steered, {found.n_control} control"
    if found.difference is None:
        return f"not decided yet ({rests_on}; {MIN_ARM} of each are needed)"
    return f"{_interval(found)} score points, {rests_on}"


def _interval(found: Lift) -> str:
    return f"{found.difference:+.1f} [{found.low:+.1f}, {found.high:+.1f}]"


def _line(each: Growth) -> tuple[str, ...]:
    operators = (str(each.operators.get(name, 0)) for name in ("fresh", "mutate", "cross"))
    return (
        *(str(each.generation), str(each.n)),
        *map(_number, (each.mean, each.control, each.steered)),
        "-" if each.lift.difference is None else _interval(each.lift),
        *operators,
        str(len(each.styles)),
        f"{each.style_entropy:.2f}",
        "-" if each.redrawn is None else str(each.redrawn),
        each.cut or "",
    )


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:.1f}"
