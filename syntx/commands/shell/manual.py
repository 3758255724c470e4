"""The help of every command as one Markdown page, with exit codes and the environment."""

from __future__ import annotations

from collections.abc import Iterator

import click

from syntx.commands.index import HEADINGS

WIDTH = 96
"""So many columns each help has, whatever the terminal."""

_HEAD = """\
# Commands

Made from the program itself: `syntx --manual > docs/reference/commands.md`.

stdout is data, stderr is talk. Commands that read have `--json`: one JSON object, whose schema
`syntx schema` prints. What moves jobs asks first, unless `--yes` is given; `--dry-run` only tells.
An error is two lines, `error: …` and `fix: …`. `syntx completion` prints what makes Tab complete
commands, options, job IDs, causes, models and wrappers.

## Exit codes

| code | meaning |
|---|---|
| 0 | done; a service: stopped in order |
| 1 | failed, or declined when asked |
| 2 | wrong usage, or nobody is there to be asked (`--yes`) |
| 3 | done in part |
| 69 | the endpoint is unavailable |
| 75 | not now, try again: the disk is full, the queue pauses, an endpoint is busy |
| 78 | the configuration is wrong, or a key is missing; nothing was started |
| 130 | interrupted: Ctrl-C, or a second signal to a service |
| 143 | ended by SIGTERM (128 + 15), as the shell tells it; a service ends with 0 |

## Environment

| variable | meaning |
|---|---|
| `SYNTX_HOME` | the home to work in, where no `--home` is given |
| `SYNTX_SIMULATOR_URL` | where the simulated models are served; `syntx run` tells its children |
| `OPENAI_API_KEY` and other names after `key:` in `config/models/*.yaml` | keys of endpoints; \
systemd's credentials come first, the home's `.env` last |
| `CREDENTIALS_DIRECTORY` | set by systemd: the folder of credentials, one file per key |
| `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`, `JOURNAL_STREAM` | set by systemd: \
readiness, signs of life, and log lines with priorities |
| `SYNTX_PARENT` | the process ID of the parent to end with; `syntx run` sets it |
| `OPENBLAS_NUM_THREADS` | threads for matrices, 1 unless set |
| `NO_COLOR` | no colours |
| `VISUAL`, `EDITOR` | what `syntx config edit` opens a file with |
| `SUDO_USER` | set by sudo: who the audit log names |
| `_SYNTX_COMPLETE` | set by the script of `syntx completion`; words to complete are asked for so |
"""


def manual(ctx: click.Context) -> str:
    """Return the page for the tree of commands below `ctx`."""
    parts = [_HEAD, *_section(ctx.command, "syntx", 2)]
    group = ctx.command
    assert isinstance(group, click.Group)
    for heading, commands in HEADINGS.items():
        parts.append(f"\n## {heading}\n")
        for name in commands:
            command = group.get_command(ctx, name)
            assert command is not None
            parts += _section(command, f"syntx {name}", 3)
    return "".join(parts)


def _section(command: click.Command, name: str, level: int) -> Iterator[str]:
    """Give the help of a command, and of those below it unless it is the root."""
    options = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    settings = {**command.context_settings, "help_option_names": ["-h", "--help"], **options}
    context = click.Context(command, info_name=name, **settings)
    yield f"\n{'#' * level} {name}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group) and level > 2:
        for inner in command.list_commands(context):
            below = command.get_command(context, inner)
            if below is not None and not below.hidden:
                yield from _section(below, f"{name} {inner}", level + 1)
