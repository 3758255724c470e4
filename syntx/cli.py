"""The command line: a command's code is imported only when that command is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from syntx import __version__
from syntx.errors import SyntxError

COMMANDS = {
    "init": "syntx.commands.init:init",
    "demo": "syntx.commands.demo:demo",
    "run": "syntx.commands.run:run",
    "batch": "syntx.commands.run:batch",
    "producer": "producer.commands:producer",
    "consumer": "consumer.commands:consumer",
    "submit": "syntx.commands.submit:submit",
    "status": "producer.status:status",
    "tail": "syntx.commands.tail:tail",
    "show": "syntx.commands.show:show",
    "explain": "syntx.commands.explaining:explain",
    "retry": "syntx.commands.retrying:retry",
    "discard": "syntx.commands.discarding:discard",
    "generations": "evolution.commands.generations:generations",
    "analyze": "evolution.commands.analyze:analyze",
    "lineage": "evolution.commands.lineage:lineage_",
    "evolution": "evolution.commands.rebuilding:evolution",
    "costs": "syntx.commands.costs:costs",
    "config": "syntx.commands.config:config",
    "models": "syntx.commands.models:models",
    "wrappers": "syntx.commands.wrappers:wrappers",
    "import": "syntx.commands.importing:import_",
    "export": "syntx.commands.exporting:export",
    "simulator": "syntx.commands.simulator:simulator",
    "systemd": "syntx.commands.systemd:systemd",
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a user's way."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of that name."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the closest command when there is none of the given name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            if not close:
                raise
            message = f"{error.message} Did you mean {close[0]!r}?"
            raise click.UsageError(message, ctx) from error

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run; an error of ours is told as `error: … / fix: …` with its exit code."""
        try:
            return super().main(*args, **extra)
        except SyntxError as error:
            click.echo(f"error: {error.message}", err=True)
            if error.fix:
                click.echo(f"fix: {error.fix}", err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            # The last boundary: what the disk or the kernel refused, told without a traceback.
            click.echo(f"error: {error.filename or 'the system'}: {error.strerror}", err=True)
            click.echo("fix: check permissions and free space there", err=True)
            sys.exit(1)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    metavar="DIR",
    help="The home to work in (default: $SYNTX_HOME, else this checkout, else /var/lib/syntx).",
)
@click.version_option(__version__, prog_name="syntx")
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """Write prompts, score the answers, learn what to ask next."""
    ctx.obj = home


def one_thread_for_matrices() -> None:
    """Let numpy use one thread, here and in processes to come, unless the user wants more.

    What is learned is in small matrices; on a busy machine a second thread that waits for the
    first takes several times the CPU. It is of no effect once numpy is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def collect_rarely() -> None:
    """Let the garbage collector look less often.

    Evidence is a hundred thousand small records that live on: looking through them again and again
    while they are made takes longer than adding them up.
    """
    gc.set_threshold(50_000, 20, 50)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line."""
    one_thread_for_matrices()
    collect_rarely()
    cli.main(args=None if args is None else list(args), prog_name="syntx")
