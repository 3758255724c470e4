"""``syntx submit``: put prompts, and folders of document jobs, into the queue by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import click

from syntx.commands.seeing import following
from syntx.commands.shell.completing import model_names, wrapper_names
from syntx.commands.telling import home_of
from syntx.commands.working.folder_jobs import folder_job
from syntx.errors import ConfigError
from syntx.ground import Ground
from syntx.ids import new_ids
from syntx.job import Job, Recipe
from syntx.settings.documents import Format

_FOR_PROMPTS = ("wrapper", "topic", "style", "model", "samples")
_FOR_FOLDERS = ("format", "title", "language", "neutralize")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--prompt", "-p", "prompts", multiple=True, help="A prompt given here; repeatable.")
@click.option("--wrapper", "-w", shell_complete=wrapper_names, help="The wrapper to use.")
@click.option("--topic", "-t", help="What the prompt is about.")
@click.option("--style", "-s", help="The style it is written in.")
@click.option("--model", "-m", shell_complete=model_names, help="The target model.")
@click.option("--samples", "-n", type=click.IntRange(1, 32), help="How many answers to ask for.")
@click.option("--format", type=click.Choice(get_args(Format)), help="The format of the document.")
@click.option("--title", help="The title of the document.")
@click.option("--language", help="The language of the document, as in de or en.")
@click.option(
    "--neutralize/--no-neutralize", default=None, help="Replace personal data before remote calls."
)
@click.option("--follow", "-f", is_flag=True, help="Wait until all have ended, showing progress.")
@click.pass_context
def submit(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    prompts: tuple[str, ...],
    follow: bool,
    **asked: Any,
) -> None:
    """Submit files (one prompt each), folders (one document each) and prompts; prints the job IDs.

    A folder holds request.md or request.txt, optionally job.yaml, and attachments. It is copied;
    --format, --title, --language and --neutralize win over its job.yaml. With --follow the exit
    code is 0 when all passed, 3 when some did, 1 when none did.

    Example: syntx submit report-folder --format pdf --follow
    """
    asked = {name: value for name, value in asked.items() if value is not None}
    files = [path for path in paths if not path.is_dir()]
    texts = [*prompts, *(_read(file) for file in files)]
    folders = [path for path in paths if path.is_dir()]
    _check_usage(asked, texts, folders)
    ground = Ground(home_of(ctx), "submit")
    jobs = _prompt_jobs(ground, texts, asked) if texts else []
    wishes = {name: asked[name] for name in _FOR_FOLDERS if name in asked}
    queue = ground.settings().queue
    names: list[tuple[str | None, str | None]] = [(path.resolve().name, None) for path in folders]

    def known(model: str) -> object:
        return ground.catalogue.current().model(model)

    documents = [
        (folder_job(path.resolve(), job_id, wishes, queue, known), path.resolve())
        for job_id, path in zip(new_ids(names), folders, strict=True)
    ]
    submitted = asyncio.run(_submit(ground, jobs, documents))
    if follow:
        ctx.exit(_ending(ground, submitted))


def _check_usage(asked: dict[str, Any], texts: list[str], folders: list[Path]) -> None:
    if not (texts or folders) or not all(text.strip() for text in texts):
        raise click.UsageError("nothing to submit: name a FILE, a FOLDER or give --prompt TEXT")
    for names, there, what in (
        (_FOR_PROMPTS, texts, "prompts, and there is none"),
        (_FOR_FOLDERS, folders, "folders, and there is none"),
    ):
        given = [f"--{name}" for name in names if name in asked]
        if given and not there:
            raise click.UsageError(f"{', '.join(given)} is for {what}")


def _prompt_jobs(ground: Ground, texts: list[str], asked: dict[str, Any]) -> list[Job]:
    wrapper, model = asked.get("wrapper"), asked.get("model")
    topic, style = asked.get("topic"), asked.get("style")
    if wrapper is not None:
        ground.wrappers.get(wrapper)
    if model is not None:
        ground.catalogue.current().model(model)
    styles = ground.settings().generator.styles.available
    if style is not None and style not in styles:
        raise ConfigError(f"unknown style {style!r}", fix=f"one of: {', '.join(styles)}")
    category = ground.settings().generator.category_of(topic) if topic else None
    recipe = Recipe(topic=topic, category=category, style=style, wrapper=wrapper)
    return [
        Job(
            id=job_id,
            created_at=datetime.now(UTC),
            source="submitted",
            prompt=text,
            recipe=recipe,
            models=(model,) if model else (),
            samples=asked.get("samples", 1),
        )
        for job_id, text in zip(new_ids([(topic, style)] * len(texts)), texts, strict=True)
    ]


def _read(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file} is not UTF-8 text") from error
    if not text.strip():
        raise click.BadParameter(f"{file} is empty")
    return text


async def _submit(ground: Ground, jobs: list[Job], documents: list[tuple[Job, Path]]) -> list[str]:
    """Submit all, printing each ID once its job is safe; returns them."""
    submitted = [job.id for job in jobs]
    async with ground.open_spool() as spool:
        if jobs:
            await spool.submit(jobs)
            click.echo("\n".join(submitted))
        for job, folder in documents:
            await spool.submit_folder(job, folder)
            click.echo(job.id)
            submitted.append(job.id)
    return submitted


def _ending(ground: Ground, submitted: list[str]) -> int:
    """Wait for all; returns the exit code."""
    verdicts = [following.follow(ground, job_id).job.verdict for job_id in submitted]
    passed = sum(verdict is not None and verdict.outcome == "passed" for verdict in verdicts)
    if passed == len(verdicts):
        return 0
    return 3 if passed else 1
