"""``syntx run`` and ``syntx batch``: the whole loop from one command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
from typing_extensions import TypedDict

from syntx import service
from syntx.commands.telling import home_of, print_json
from syntx.commands.working.loop import Progress, Wish, turn
from syntx.ground import Ground

F = TypeVar("F", bound=Callable[..., Any])


class Stopped(TypedDict):
    """Nothing to tell: the run was stopped, or had no number of generations to end with."""


def simulated(command: F) -> F:
    """Add the options of the embedded simulator to a command."""
    for option in (
        click.option(
            "--faults",
            default=0.0,
            type=click.FloatRange(0, 1),
            help="Share of simulated calls that go wrong.",
        ),
        click.option("--seed", default=0, help="Which hidden landscape the simulator has."),
        click.option(
            "--latency",
            default=0.02,
            type=click.FloatRange(0),
            help="Mean seconds of a simulated answer.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    ):
        command = option(command)
    return command


@click.command()
@click.option("--generations", "-g", type=click.IntRange(1), help="Stop after so many.")
@click.option("--size", "-b", type=click.IntRange(1), help="Prompts per generation.")
@simulated
@click.pass_context
def run(
    ctx: click.Context,
    generations: int | None,
    size: int | None,
    faults: float,
    seed: int,
    latency: float,
    as_json: bool,
) -> None:
    """Run producer and consumer together (and the simulator, if the models are simulated).

    With --generations each generation is drafted, consumed and learned before the next.

    Example: syntx run --generations 3
    """
    wish = Wish(generations, size, force=False, faults=faults, seed=seed, latency=latency)
    _show(perform(ctx, wish), as_json)


@click.command()
@click.option("--batch", "-b", "size", default=10, show_default=True, type=click.IntRange(1))
@simulated
@click.pass_context
def batch(
    ctx: click.Context, size: int, faults: float, seed: int, latency: float, as_json: bool
) -> None:
    """Run a batch of prompts from draft to score, whatever waits; fails if all of them failed.

    Example: syntx batch -b 10
    """
    wish = Wish(1, size, force=True, faults=faults, seed=seed, latency=latency)
    summary = perform(ctx, wish)
    _show(summary, as_json)
    scored = summary.get("passed", 0) + summary.get("low_score", 0)
    if scored == 0:
        ctx.exit(1)
    if scored < summary.get("recipes", 0):
        ctx.exit(3)


def _show(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(summary)
    elif summary.get("recipes"):
        click.echo(story(summary))
    else:
        click.echo("stopped; what is in the queue waits for the next run", err=True)


def perform(ctx: click.Context, wish: Wish) -> dict[str, Any]:
    """Run the loop for a command; exits with 130 when a second signal ends it at once."""
    ground = Ground(home_of(ctx), "run")
    service.configure_logging(ground.settings().system.logging.level)
    summary: dict[str, Any] = {}

    async def main(stop: service.Stop) -> int:
        summary.update(await turn(ground, wish, stop, Teller()))
        return 0

    code = service.run(main)
    if not code and wish.generations is not None and not summary:
        click.echo("stopped; what is in the queue waits for the next run", err=True)
        code = 130
    if code:
        ctx.exit(code)
    return summary


class Teller:
    """Tells the progress on stderr: one living line on a terminal, else a line per change."""

    def __init__(self) -> None:
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Tell what changed."""
        living = sys.stderr.isatty()
        last, self._last = self._last, progress
        if last == progress or (not living and last and last.generations == progress.generations):
            return
        text = (
            f"generation {progress.generations}: {progress.waiting} waiting, "
            f"{progress.processing} in work, {progress.processed} in processed/, "
            f"{progress.error} in error/"
        )
        click.echo(f"\r\033[K{text}" if living else text, err=True, nl=not living)


def story(summary: dict[str, Any]) -> str:
    """Return what happened: the curve, the arms, and where every recipe went."""
    lines = ["", "generation  drafted  scored  mean  control  steered"]
    lines += [_row(row) for row in summary.get("generations", [])]
    lines.append("")
    lines.append(
        f"{summary['recipes']} recipes: {summary['passed']} passed, "
        f"{summary['low_score']} below the accepted score, {summary['failed']} failed, "
        f"{summary['refused']} refused, {summary['failed_drafts']} failed drafts, "
        f"{summary['unfinished']} unfinished"
    )
    lift = summary.get("lift")
    if lift:
        lines.append(
            f"steered {lift['steered_mean']:.1f} (n = {lift['n_steered']}) against control "
            f"{lift['control_mean']:.1f} (n = {lift['n_control']}): lift {lift['difference']:+.1f} "
            f"[{lift['low']:+.1f}, {lift['high']:+.1f}]"
        )
    return "\n".join(lines)


def _row(row: dict[str, Any]) -> str:
    mean, control, steered = (_number(row[key]) for key in ("mean", "control", "steered"))
    return (
        f"{row['generation']:>10}  {row['drafted']:>7}  {row['scored']:>6}  {mean:>4}  "
        f"{control:>7}  {steered:>7}  {_bar(row['mean'])}"
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _bar(value: float | None) -> str:
    return "" if value is None else "█" * round(value / 4)
