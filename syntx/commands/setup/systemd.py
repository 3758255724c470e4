"""``syntx systemd``: put the units where systemd finds them, and take them away again."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import click

from syntx.errors import ConfigError, SyntxError
from syntx.home import INSTALLED
from syntx.shipped.folder import source
from syntx.systemd.changing import Change, carry_out, to_install, to_uninstall
from syntx.systemd.following import next_steps
from syntx.systemd.rendering import Installation, is_hidden, render

_TOLD = {"write": "written", "remove": "removed", "same": "unchanged", "keep": "kept"}
_NO_TIME = "--now goes with the prefix / alone, and not with --dry-run"

_prefix = click.option(
    "--prefix",
    default="/",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The root to install below.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Tell what would change, change nothing.")
_force = click.option("--force", is_flag=True, help="Also where somebody edited our files.")


@click.group()
def systemd() -> None:
    """Run consumer, producer and monitor as services of systemd.

    Example: syntx systemd install
    """


@systemd.command()
@_prefix
@click.option("--home", metavar="DIR", help=f"The services' home (default: {INSTALLED}).")
@click.option("--syntx", "executable", metavar="FILE", help="What they run (default: this syntx).")
@_dry_run
@_force
@click.option("--now", is_flag=True, help="Also do what comes next, up to the start.")
@click.pass_context
def install(
    ctx: click.Context,
    prefix: Path,
    home: str | None,
    executable: str | None,
    dry_run: bool,
    force: bool,
    now: bool,
) -> None:
    """Write units, user and folders; a second time changes nothing.

    After a new version of syntx the same call brings the units up to date: what an earlier version
    installed and nobody edited is replaced, or removed where it is no more.

    Example: syntx systemd install --home /var/lib/syntx --syntx /opt/syntx/bin/syntx
    """
    if now and (dry_run or prefix != Path("/")):
        raise click.UsageError(_NO_TIME)
    installation = Installation(
        syntx=executable or _this_syntx(), home=home or ctx.find_root().obj or str(INSTALLED)
    )
    changes = to_install(prefix, render(source() / "systemd", installation), force=force)
    steps = next_steps(prefix, installation, changes)
    _apply(changes, dry_run)
    if any(change.action == "keep" for change in changes):
        click.echo("kept files were edited or are not ours; --force replaces them.", err=True)
        click.echo("better: restore them, and change units by drop-ins: systemctl edit", err=True)
    _tell_root(prefix)
    for step in steps:
        if now:
            _run(step)
        else:
            click.echo(f"next: {shlex.join(step)}", err=True)


@systemd.command()
@_prefix
@_dry_run
@_force
def uninstall(prefix: Path, dry_run: bool, force: bool) -> None:
    """Remove what install wrote, and the links that enable it; homes and keys stay.

    Example: syntx systemd uninstall --dry-run
    """
    changes = to_uninstall(prefix, force=force)
    _apply(changes, dry_run)
    if any(change.action == "keep" for change in changes):
        click.echo("kept files were edited; --force removes them too.", err=True)
    if changes:
        _tell_root(prefix)
        click.echo("next: systemctl stop syntx.target 'syntx-*'", err=True)
        click.echo("next: systemctl daemon-reload", err=True)


def _apply(changes: list[Change], dry_run: bool) -> None:
    if not dry_run:
        carry_out(changes)
    for change in changes:
        click.echo(f"{_TOLD[change.action]} {change.path}")
    changed = sum(change.action in ("write", "remove") for change in changes)
    would = "would be " if dry_run else ""
    files = "file" if changed == 1 else "files"
    click.echo(f"{changed or 'no'} {files} {would}changed.", err=True)


def _tell_root(prefix: Path) -> None:
    if prefix != Path("/"):
        click.echo(f"on the system whose root is {prefix}, not here:", err=True)


def _run(step: list[str]) -> None:
    click.echo(f"now: {shlex.join(step)}", err=True)
    try:
        code = subprocess.run(step, check=False, stdout=sys.stderr).returncode
    except FileNotFoundError as error:
        raise SyntxError(
            f"{step[0]} is not there", fix="run it on a system with systemd"
        ) from error
    if code:
        raise SyntxError(
            f"{shlex.join(step)} ended with exit code {code}", fix="mend it and do the rest by hand"
        )


def _this_syntx() -> str:
    """Return the executable we were called as; raises ConfigError when services cannot run it."""
    checkout = Path(__file__).resolve().parents[3]
    python = Path(sys.executable)
    candidates = (Path(sys.argv[0]), python.with_name("syntx"), checkout / "run")
    found = [path for path in candidates if path.name in ("syntx", "run") and path.is_file()]
    if found and not is_hidden(str(python.resolve())):
        return str(found[0].absolute())
    raise ConfigError(
        f"this syntx runs with {python.resolve()}, which the services cannot see or run",
        fix="/usr/bin/python3 -m venv /opt/syntx, install syntx there, and call that one",
    )
