"""``syntx metrics``: the figures of a home as Prometheus reads them, now."""

from __future__ import annotations

from dataclasses import asdict

import click

from syntx.commands.telling import home_of, print_json
from syntx.monitoring.alarm import Alarm
from syntx.monitoring.config import Config
from syntx.monitoring.looking import look_at
from syntx.monitoring.metrics import exposition


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def metrics(ctx: click.Context, as_json: bool) -> None:
    """Print all metrics in the Prometheus text format; the first time reads all logs.

    Example: syntx metrics
    """
    home = home_of(ctx)
    config = Config(home)
    basics, _ = config.look()
    figures = look_at(config, basics, alert_ok=Alarm(home).ok).figures
    if as_json:
        print_json(asdict(figures))
    else:
        click.echo(exposition(figures), nl=False)
