"""``syntx simulator``: the model that needs no key."""

from __future__ import annotations

import json

import click


@click.command()
@click.option(
    "--port",
    default=8811,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="0 takes a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--seed", default=0, show_default=True, help="Which hidden landscape it has.")
@click.option(
    "--latency",
    default=0.02,
    type=click.FloatRange(0),
    show_default=True,
    help="Mean seconds per answer.",
)
@click.option(
    "--faults",
    default=0.0,
    type=click.FloatRange(0, 1),
    show_default=True,
    help="Share of calls that go wrong.",
)
@click.option("--instant", is_flag=True, help="Shortest answers at once, for load tests.")
@click.option("--fault", "named", multiple=True, metavar="NAME=SHARE", help="One fault by name.")
def simulator(
    port: int,
    host: str,
    seed: int,
    latency: float,
    faults: float,
    instant: bool,
    named: tuple[str, ...],
) -> None:
    """Serve an OpenAI-compatible API with simulated models; prints its address as JSON.

    Example: syntx simulator --port 8811 --faults 0.1
    """
    from syntx.simulator.options import SimulatorOptions, parse_faults
    from syntx.simulator.running import serve

    options = SimulatorOptions(
        seed=seed,
        latency=latency,
        faults=parse_faults(named, faults),
        profile="instant" if instant else "standard",
    )
    serve(options, host=host, port=port, announce=_announce)


def _announce(url: str) -> None:
    click.echo(json.dumps({"simulator": url}))
