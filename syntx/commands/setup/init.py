"""``syntx init DIR``: lay out a home, and bring it up to date."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from pathlib import Path

import click

from syntx.errors import HomeNotFound
from syntx.shipped.laying_out import alone, carry_out
from syntx.shipped.planning import Plan, is_checkout, plan_layout, plan_upgrade

_TOLD = {
    "write": "written",
    "replace": "replaced",
    "remove": "removed",
    "keep": "kept",
    "beside": "kept",
    "absent": "absent",
    "own": "kept",
}


@click.command()
@click.argument("directory", type=click.Path(file_okay=False))
@click.option("--upgrade", is_flag=True, help="Bring the files nobody edited up to date.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, change nothing.")
def init(directory: str, upgrade: bool, dry_run: bool) -> None:
    """Lay out a home in DIRECTORY; files that are there stay as they are.

    With --upgrade, after a new version of syntx: what nobody edited is replaced, or removed where
    it is no longer shipped; beside what was edited the new version is laid as NAME.new; what was
    removed stays away.

    \b
    Example: syntx init /srv/syntx
             syntx init --upgrade --dry-run /srv/syntx
    """
    if not directory:
        raise click.UsageError("DIRECTORY is empty; name a directory")
    root = Path(directory).expanduser().absolute()
    if upgrade:
        _upgrade(root, dry_run)
    else:
        _lay_out(root, dry_run)


def _lay_out(root: Path, dry_run: bool) -> None:
    if not dry_run:
        root.mkdir(parents=True, exist_ok=True)
    with nullcontext() if dry_run else alone(root):
        plan = plan_layout(root)
        if not dry_run:
            carry_out(plan)
    for step in plan.steps:
        click.echo(step.name)
    would = "would be " if dry_run else ""
    click.echo(f"{root}: {_files(len(plan.steps))} {would}laid out.", err=True)
    if not dry_run:
        _tell_what_is_old(root)
        click.echo(f"next: syntx --home {shlex.quote(str(root))} run --generations 3", err=True)


def _tell_what_is_old(root: Path) -> None:
    old = () if is_checkout(root) else plan_upgrade(root).of("replace", "remove", "beside")
    if old:
        told = f"{_files(len(old))} came with another version of syntx"
        click.echo(f"{told}: syntx init --upgrade {shlex.quote(str(root))}", err=True)


def _upgrade(root: Path, dry_run: bool) -> None:
    if not (root / "config").is_dir():
        fix = f"syntx init {shlex.quote(str(root))}"
        raise HomeNotFound(f"{root} is no syntx home: it has no config/", fix=fix)
    with nullcontext() if dry_run else alone(root):
        plan = plan_upgrade(root)
        if not dry_run:
            carry_out(plan)
    _tell(plan, dry_run)


def _tell(plan: Plan, dry_run: bool) -> None:
    for step in plan.steps:
        if step.action in _TOLD:
            click.echo(f"{_TOLD[step.action]} {step.name}")
        if step.beside:
            click.echo(f"written {step.beside}")
    would = "would be " if dry_run else ""
    changed = len(plan.of("write", "replace", "remove", "beside"))
    click.echo(f"{plan.root}: {_files(changed)} {would}changed.", err=True)
    for step in plan.of("beside"):
        files = (str(plan.root / name) for name in (step.name, step.beside or ""))
        click.echo(f"compare: diff -u {shlex.join(files)}", err=True)
    if plan.of("own"):
        click.echo("kept and no longer shipped, yours from now on:", err=True)
        for step in plan.of("own"):
            click.echo(f"  {step.name}", err=True)
    if plan.of("absent"):
        place = shlex.quote(str(plan.root))
        click.echo(f"absent files stay away; syntx init {place} brings them back", err=True)
    if changed and not dry_run:
        click.echo(f"next: syntx --home {shlex.quote(str(plan.root))} config check", err=True)


def _files(count: int) -> str:
    return f"{count or 'no'} file{'' if count == 1 else 's'}"
