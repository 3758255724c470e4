"""``syntx submit``: put prompts into the queue by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from syntx.commands.telling import home_of
from syntx.errors import ConfigError
from syntx.ground import Ground
from syntx.ids import new_ids
from syntx.job import Job, Recipe


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--prompt", "-p", "prompts", multiple=True, help="A prompt given here; repeatable.")
@click.option("--wrapper", "-w", help="The wrapper to use.")
@click.option("--topic", "-t", help="What the prompt is about.")
@click.option("--style", "-s", help="The style it is written in.")
@click.option("--model", "-m", help="The target model.")
@click.option(
    "--samples", "-n", type=click.IntRange(1, 32), default=1, help="How many answers to ask for."
)
@click.pass_context
def submit(
    ctx: click.Context,
    files: tuple[Path, ...],
    prompts: tuple[str, ...],
    wrapper: str | None,
    topic: str | None,
    style: str | None,
    model: str | None,
    samples: int,
) -> None:
    """Submit FILES (one prompt each) and prompts; prints the job IDs.

    Example: syntx submit -w sigma -p "Wie entsteht ein Gewitter?"
    """
    texts = [*prompts, *(_read(file) for file in files)]
    if not texts or not all(text.strip() for text in texts):
        raise click.UsageError("nothing to submit: name a FILE or give --prompt TEXT")
    ground = Ground(home_of(ctx), "submit")
    if wrapper is not None:
        ground.wrappers.get(wrapper)
    if model is not None:
        ground.catalogue.current().model(model)
    styles = ground.settings().generator.styles.available
    if style is not None and style not in styles:
        raise ConfigError(f"unknown style {style!r}", fix=f"one of: {', '.join(styles)}")
    category = ground.settings().generator.category_of(topic) if topic else None
    recipe = Recipe(topic=topic, category=category, style=style, wrapper=wrapper)
    jobs = [
        Job(
            id=job_id,
            created_at=datetime.now(UTC),
            source="submitted",
            prompt=text,
            recipe=recipe,
            models=(model,) if model else (),
            samples=samples,
        )
        for job_id, text in zip(new_ids([(topic, style)] * len(texts)), texts, strict=True)
    ]
    asyncio.run(_submit(ground, jobs))
    for job in jobs:
        click.echo(job.id)


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file} is not UTF-8 text") from error
    if not text.strip():
        raise click.BadParameter(f"{file} is empty")
    return text


async def _submit(ground: Ground, jobs: list[Job]) -> None:
    async with ground.open_spool() as spool:
        await spool.submit(jobs)
