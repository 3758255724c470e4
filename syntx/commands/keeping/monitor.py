"""``syntx monitor``: figures for Prometheus, and a word to whoever should know."""

from __future__ import annotations

import click

from syntx import service
from syntx.commands.telling import home_of
from syntx.monitoring.config import Config
from syntx.monitoring.service import Monitor
from syntx.monitoring.watched import watching
from syntx.notify import Notifier


@click.command()
@click.option("--once", is_flag=True, help="Look once and end, as cron wants it.")
@click.pass_context
def monitor(ctx: click.Context, once: bool) -> None:
    """Look again and again: write the metrics file, run the alert command, pack old logs.

    Example: syntx monitor --once
    """
    notifier = Notifier.from_environment()
    home = home_of(ctx)
    config = Config(home)
    service.configure_logging(config.log_level)

    async def main(stop: service.Stop) -> int:
        watch = Monitor(config, notifier)
        await (watch.once() if once else watch.serve(stop))
        return 0

    with watching(home):
        code = service.run(main)
    ctx.exit(code)
