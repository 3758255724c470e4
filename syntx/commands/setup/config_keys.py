"""``syntx config key``: put a key into the home's `.env`, without showing it to anybody."""

from __future__ import annotations

import fcntl
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from syntx.commands.attending import is_attended
from syntx.commands.shell.completing import completes
from syntx.commands.telling import home_of
from syntx.doctor.keys import secret_problem
from syntx.errors import ConfigError
from syntx.home import Home
from syntx.replacing import replace_file

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWNER_ALONE = 0o600


@completes
def key_names(home: Home, incomplete: str) -> Iterable[str]:
    """Offer the keys that the files of models name."""
    lines = [line for path in home.models.glob("*.y*ml") for line in path.open(encoding="utf-8")]
    return sorted({found[1] for line in lines if (found := re.match(r"key:\s*(\w+)", line))})


@click.command()
@click.argument("name", shell_complete=key_names)
@click.pass_context
def key(ctx: click.Context, name: str) -> None:
    """Set the key NAME: typed unseen, or read from standard input; never printed.

    It goes into `.env` of the home, which its owner alone can read then.

    Example: syntx config key OPENAI_API_KEY
    """
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"{name!r} is no name of a key, as OPENAI_API_KEY is one")
    path = home_of(ctx).env_file
    value = _asked(name)
    set_key(path.resolve(), name, value)
    click.echo(f"{name} is set in {path}.", err=True)
    if os.environ.get(name, value) != value:
        click.echo(f"{name} in the environment wins over it: unset {name}", err=True)


def set_key(path: Path, name: str, value: str) -> None:
    """Set a key in a `.env`, one caller after the other, so that none undoes another."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        replace_file(path, with_key(_content(path), name, value), mode=_OWNER_ALONE)
    finally:
        os.close(folder)


def with_key(content: bytes, name: str, value: str) -> bytes:
    """Return the text of a `.env` in which a key is set once, every other line as it was."""
    line = f"{name}={value}".encode()
    lines = content.splitlines()
    places = [place for place, each in enumerate(lines) if _sets(each, name)]
    kept = [each for place, each in enumerate(lines) if place not in places[1:]]
    if places:
        kept[places[0]] = line
    else:
        kept.append(line)
    return b"\n".join(kept) + b"\n"


def _sets(line: bytes, name: str) -> bool:
    text = line.removeprefix(b"\xef\xbb\xbf").strip().removeprefix(b"export ")
    before, equals, _ = text.partition(b"=")
    return bool(equals) and before.strip() == name.encode()


def _asked(name: str) -> str:
    """Return the key that was typed or piped; raises ConfigError when it can be none."""
    if is_attended():
        value = click.prompt(name, hide_input=True, err=True)
    else:
        value = sys.stdin.buffer.readline().decode("utf-8", "replace")
    value = value.strip()
    problem = "is empty" if not value else secret_problem(value)
    if problem is None and value != value.strip("'\""):
        problem = "begins or ends with a quote"
    if problem is not None:
        raise ConfigError(f"the key {problem}; nothing was changed", fix=f"copy {name} again")
    return value


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
