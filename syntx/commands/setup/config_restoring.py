"""``syntx config restore``: put the shipped version of a file back, and keep the old one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from syntx.commands.setup.config_editing import file_names
from syntx.commands.setup.config_files import config_file
from syntx.commands.telling import home_of
from syntx.errors import SyntxError
from syntx.replacing import replace_file
from syntx.shipped.folder import source


@click.command()
@click.argument("file", shell_complete=file_names)
@click.pass_context
def restore(ctx: click.Context, file: str) -> None:
    """Put the shipped version of FILE back; the old one stays beside it as FILE.old-DATE.

    Example: syntx config restore wrappers/human.txt
    """
    target = config_file(home_of(ctx), file)
    shipped = source() / target.shipped
    if not shipped.is_file():
        raise SyntxError(
            f"{target.shipped} is not shipped", fix=f"syntx config edit {target.shipped}"
        )
    if target.path.exists() and shipped.samefile(target.path):
        raise SyntxError(
            f"{target.path} is the checkout's own", fix=f"git restore -- {target.path}"
        )
    content = shipped.read_bytes()
    kept = _keep(target.path, content)
    replace_file(target.path, content)
    told = "" if kept is None else f" The old one is {kept}."
    click.echo(f"{target.path} is as it is shipped.{told}", err=True)


def _keep(path: Path, content: bytes) -> Path | None:
    """Give the old file a second name, its own stays until the new one has it."""
    if not os.path.lexists(path) or (path.is_file() and path.read_bytes() == content):
        return None
    now = datetime.now(UTC)
    for stamp in (f"{now:%Y-%m-%d}", f"{now:%Y-%m-%dT%H%M%S.%f}"):
        kept = path.with_name(f"{path.name}.old-{stamp}")
        try:
            _name_too(path, kept)
        except FileExistsError:
            continue
        return kept
    raise SyntxError(f"the old {path} could not be kept", fix="try again")


def _name_too(path: Path, kept: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        if kept.exists():
            raise FileExistsError(kept)
        path.rename(kept)
    else:
        os.link(path, kept, follow_symlinks=False)
