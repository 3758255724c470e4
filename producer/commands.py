"""``syntx producer``: write prompts and submit them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from producer.desk import open_desk
from producer.order import Order
from producer.service import Service
from syntx import service
from syntx.commands.telling import home_of, print_json
from syntx.errors import ConfigError, in_plain_words
from syntx.ground import Ground
from syntx.notify import Notifier
from syntx.settings.models import GeneratorModel, Settings


@click.command()
@click.option("--once", is_flag=True, help="One turn, then end; for cron and timers.")
@click.option(
    "--generations", "-g", type=click.IntRange(1), help="So many, in step with a consumer."
)
@click.option("--size", "-b", type=click.IntRange(1), help="Prompts per turn.")
@click.option("--topic", "-t", "topics", multiple=True, help="A topic by hand; repeatable.")
@click.option(
    "--topics-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Topics by hand, one a line; empty lines and # comments are skipped.",
)
@click.option("--style", "-s", help="Only this style; one turn.")
@click.option("--wrapper", "-w", help="Only this wrapper; one turn.")
@click.option("--force", is_flag=True, help="Write whatever the state of the queue; one turn.")
@click.option("--model", help="The model that words the prompts.")
@click.option("--temperature", type=float)
@click.option("--top-p", type=float)
@click.option("--max-tokens", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON at the end.")
@click.pass_context
def producer(ctx: click.Context, /, **given: Any) -> None:
    """Write prompts by demand until stopped; with --once, --topic or --topics-file: one turn.

    Example: syntx producer --topic Quantencomputer
    """
    notifier = Notifier.from_environment()
    ground = Ground(home_of(ctx), "producer")
    service.configure_logging(ground.settings().system.logging.level)
    settings = overridden(ground.settings, given)
    ground.check_models(settings())
    order = _order(given)
    if given["generations"] and (given["once"] or order.by_hand):
        raise click.UsageError("--generations goes with no --once, topic, style or wrapper")
    once = given["once"] or order.by_hand or order.force
    summary: dict[str, Any] = {}

    async def main(stop: service.Stop) -> int:
        async with open_desk(ground, settings, stop) as desk:
            work = Service(desk, stop, order, notifier=notifier)
            if given["generations"]:
                await work.in_step(given["generations"])
            elif once:
                await work.once()
            else:
                await work.by_demand()
            summary.update(work.summary())
        return 0

    try:
        code = service.run(main)
    finally:
        ground.logs.close()
    if given["as_json"]:
        print_json(summary)
    elif once and summary:
        submitted = sum(row["drafted"] for row in summary["generations"])
        click.echo(f"{submitted} prompts submitted, {summary['failed_drafts']} failed drafts")
    if code == 0 and summary.get("recipes") and summary["failed_drafts"] == summary["recipes"]:
        code = 1
    ctx.exit(code)


def overridden(settings: Callable[[], Settings], given: dict[str, Any]) -> Callable[[], Settings]:
    """Return settings with the command line's sampling on top; raises ConfigError out of range."""
    names = ("model", "temperature", "top_p", "max_tokens")
    changes = {name: given[name] for name in names if given.get(name) is not None}

    def current() -> Settings:
        found = settings()
        if not changes:
            return found
        try:
            model = GeneratorModel.model_validate(
                {**found.generator.openai.model_dump(), **changes}
            )
        except ValidationError as error:
            problem = error.errors()[0]
            option = "--" + str(problem["loc"][0]).replace("_", "-")
            raise ConfigError(
                f"{option}: {in_plain_words(problem['msg'])}", fix=f"correct {option}"
            ) from error
        generator = found.generator.model_copy(update={"openai": model})
        return found.model_copy(update={"generator": generator})

    current()
    return current


def _order(given: dict[str, Any]) -> Order:
    topics = [topic.strip() for topic in given["topics"]]
    if not all(topics):
        raise ConfigError("--topic: is empty", fix="name a topic")
    if given["topics_file"] is not None:
        topics += read_topics(given["topics_file"])
        if not topics:
            raise ConfigError(f"{given['topics_file']}: there is no topic in it", fix="one a line")
    return Order(
        topics=tuple(topics),
        style=given["style"],
        wrapper=given["wrapper"],
        size=given["size"],
        force=given["force"],
    )


def read_topics(path: Path) -> list[str]:
    """Read topics, one a line; raises ConfigError when the file is no UTF-8 text."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text", fix=f"save {path} as UTF-8") from error
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("#")]
