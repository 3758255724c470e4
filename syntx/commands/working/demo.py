"""``syntx demo``: three generations against the simulator, in a home of their own."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click
import yaml

from syntx.commands.working.loop import Wish
from syntx.commands.working.run import perform, story
from syntx.errors import SyntxError
from syntx.shipped.laying_out import lay_out

NAME = "demo-home"


@click.command()
@click.option("--generations", "-g", default=3, show_default=True, type=click.IntRange(1))
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), help="Where.")
@click.option("--seed", default=0, show_default=True, help="Which hidden landscape to learn.")
@click.pass_context
def demo(ctx: click.Context, generations: int, directory: Path | None, seed: int) -> None:
    """See the loop turn: a fresh home, the simulator, three generations, the curve.

    Example: syntx demo
    """
    named = directory or ctx.find_root().obj
    root = (Path(named) if named else _place() / NAME).absolute()
    _make_room(root)
    lay_out(root)
    (root / ".demo").touch()
    _simulate(root)
    ctx.find_root().obj = str(root)
    click.echo(f"A home is laid out in {root}; models are simulated.", err=True)
    click.echo(f"Prompt files moved into {root}/queue/incoming are answered too.", err=True)
    summary = perform(ctx, Wish(generations=generations, seed=seed))
    click.echo(story(summary))
    click.echo(_next(root))


def _next(root: Path) -> str:
    run = "./run" if _checkout() else "syntx"
    return f"""
Look around: every job lies in {root}/queue, under the state it is in.
  export SYNTX_HOME={shlex.quote(str(root))}
  {run} status     how full the queue is, and what is not well
  {run} top        all of it, live
  {run} doctor     what is broken, and the command that mends it
  {run} analyze    what scored well
  {run} show {_some_job(root)}

Next, a real model: copy a file from config/models/examples/ to config/models/, store its
key with `{run} config key NAME`, and name its model in config/generator.yaml and
config/system.yaml."""


def _simulate(root: Path) -> None:
    """Make every model of a home a simulated one, whatever the files laid out say."""
    for file in (root / "config" / "models").glob("*.yaml"):
        if file.name != "simulator.yaml":
            file.unlink()
    for name, key, model in (
        ("generator.yaml", "openai", "simulator-writer"),
        ("system.yaml", "consumer", "simulator-target"),
    ):
        path = root / "config" / name
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        section = data.get(key) or {}
        if section.get("model", model) != model or section.pop("models_by_wrapper", None):
            data[key] = {**section, "model": model}
            path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def _some_job(root: Path) -> str:
    found = sorted((root / "queue").glob("processed/*/*.json"))
    return found[-1].stem if found else "JOB-ID"


def _place() -> Path:
    """Return where a demo's home goes: into the checkout, else where we stand."""
    return _checkout() or Path.cwd()


def _checkout() -> Path | None:
    """Return the checkout that runs, or None for an installed package."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else None


def _make_room(root: Path) -> None:
    """Replace the home of an earlier demo; never anything else."""
    if not root.exists() or not any(root.iterdir()):
        return
    if not (root / ".demo").exists():
        raise SyntxError(f"{root} is there and no home of a demo", fix="give another --directory")
    click.echo(f"The home of an earlier demo in {root} is replaced.", err=True)
    shutil.rmtree(root)
