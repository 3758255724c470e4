"""``syntx config edit``: change a file in an editor; only what is right gets in its place."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from syntx.commands.attending import is_attended
from syntx.commands.setup.config_files import ConfigFile, config_file, new_problems
from syntx.commands.shell.completing import completes
from syntx.commands.telling import home_of, visible
from syntx.errors import ConfigError, SyntxError
from syntx.home import Home
from syntx.replacing import replace_file

_EDITORS = ("sensible-editor", "editor", "nano", "vi")


@completes
def file_names(home: Home, incomplete: str) -> Iterable[str]:
    """Offer the files that can be edited."""
    settings = [path.name for path in home.config.glob("*.yaml")]
    models = [f"models/{path.name}" for path in home.models.glob("*.y*ml")]
    wrappers = [f"wrappers/{path.name}" for path in (home.root / "wrappers").glob("*.txt")]
    return [*sorted(settings), *sorted(models), *sorted(wrappers)]


@click.command()
@click.argument("file", shell_complete=file_names)
@click.pass_context
def edit(ctx: click.Context, file: str) -> None:
    """Edit FILE (queue.yaml, models/x.yaml, wrappers/x.txt) with $VISUAL or $EDITOR.

    The editor works on a copy. It takes the file's place, in one step, only when it is right; if
    not, the error is shown and the editor opens again, or the copy is kept.

    Example: syntx config edit queue.yaml
    """
    home = home_of(ctx)
    target = config_file(home, file)
    # A link stays one: the file it leads to is replaced.
    place = target.path.resolve()
    before = _content(place)
    with _copy_of(place, before) as copy:
        _edit_until_right(home, target, copy)
        if _content(place) != before:
            raise SyntxError(
                f"{place} was changed by somebody else meanwhile",
                fix="compare both, then edit again",
            )
        if copy.read_bytes() == before:
            click.echo(f"{place} is unchanged.", err=True)
        else:
            replace_file(place, copy.read_bytes())
            click.echo(f"{place} is changed; services take it up within a turn.", err=True)


@contextmanager
def _copy_of(place: Path, before: bytes) -> Iterator[Path]:
    """Give a copy to work on; what was made of it is kept when the work ends in an error."""
    copy = _hidden_beside(place, before)
    done = False
    try:
        yield copy
        done = True
    finally:
        if done or _content(copy) == before:
            copy.unlink(missing_ok=True)
        else:
            click.echo(f"your version is kept: {copy}", err=True)


def _hidden_beside(place: Path, content: bytes) -> Path:
    """Write a hidden file, readable for its owner alone; an editor knows it by its ending."""
    descriptor, name = tempfile.mkstemp(
        prefix=f".{place.stem}.", suffix=place.suffix or ".new", dir=place.parent
    )
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return Path(name)


def _edit_until_right(home: Home, target: ConfigFile, copy: Path) -> None:
    """Open the editor until the copy is right; raises ConfigError when nobody wants to go on."""
    editor = _editor()
    while True:
        _open(editor, copy)
        wrong = new_problems(home, target, copy.read_bytes())
        if not wrong:
            return
        if not is_attended():
            told = "\n".join(error.message for error in wrong)
            raise ConfigError(f"nothing was changed: {told}", fix=wrong[0].fix)
        _tell(wrong)
        if not click.confirm("Edit again?", default=True, err=True):
            raise ConfigError(f"{target.path} was not changed", fix="edit it again")


def _tell(wrong: Iterable[ConfigError]) -> None:
    for error in wrong:
        click.echo(f"error: {visible(error.message)}\nfix: {visible(error.fix or '')}", err=True)


def _editor() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        with suppress(ValueError):
            return shlex.split(named)
    for name in _EDITORS:
        if shutil.which(name) is not None:
            return [name]
    raise SyntxError("there is no editor", fix="name one: EDITOR=/usr/bin/nano syntx config edit …")


def _open(editor: list[str], copy: Path) -> None:
    try:
        code = subprocess.run([*editor, str(copy)], check=False).returncode
    except OSError as error:
        raise SyntxError(
            f"{editor[0]} cannot be run: {error.strerror}", fix="set EDITOR to an editor"
        ) from error
    if code:
        raise SyntxError(
            f"{editor[0]} ended with exit code {code}; nothing was changed", fix="edit it again"
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
