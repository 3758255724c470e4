"""``syntx consumer``: answer and score jobs."""

from __future__ import annotations

import click
from typing_extensions import TypedDict

from consumer.building import open_bench
from consumer.service import Service, Tally
from syntx import service
from syntx.commands.telling import home_of, print_json
from syntx.ground import Ground
from syntx.notify import Notifier


class Done(TypedDict):
    """What a consumer did: jobs by outcome, and how many went back to the queue."""

    outcomes: dict[str, int]
    returned: int


@click.command()
@click.option("--until-empty", is_flag=True, help="End when no job waits and none is in flight.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON at the end.")
@click.pass_context
def consumer(ctx: click.Context, until_empty: bool, as_json: bool) -> None:
    """Claim jobs, ask the target model, score the answers, settle; until stopped.

    Example: syntx consumer --until-empty
    """
    notifier = Notifier.from_environment()
    ground = Ground(home_of(ctx), "consumer")
    settings = ground.settings()
    service.configure_logging(settings.system.logging.level)
    ground.check_models(settings)
    tally = Tally()

    async def main(stop: service.Stop) -> int:
        nonlocal tally
        async with open_bench(ground) as bench:
            serving = Service(bench, stop, until_empty=until_empty, notifier=notifier)
            tally = await serving.run()
        return 0

    try:
        code = service.run(main)
    finally:
        ground.logs.close()
    if as_json:
        done: Done = {"outcomes": dict(tally.outcomes), "returned": tally.returned}
        print_json(done)
    ctx.exit(code)
