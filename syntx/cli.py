"""The command line: a command's code is imported only when that command is called."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from syntx import __version__
from syntx.commands.index import COMMANDS, HEADINGS
from syntx.errors import SyntxError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["COMMANDS", "cli", "main"]

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

SERVICES = frozenset({"producer", "consumer", "monitor", "simulator", "run"})
"""Commands that run until they are asked to stop, which then is their success."""


class LazyGroup(click.Group):
    """Knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a user's way."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None if there is none of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, without importing any."""
        width = max(map(len, COMMANDS))
        for heading, commands in HEADINGS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(name.ljust(width), each.line) for name, each in commands.items()]
                )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the names of commands without importing any."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=entry.line)
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

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

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; Ctrl-C, also while it asks something, ends it with one quiet line."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(_visible(error.format_message()), error.ctx) from error
        except SyntxError as told:
            told.fix = _for_home(told.fix, ctx.obj)
            raise
        except (KeyboardInterrupt, click.Abort) as error:
            asked = isinstance(error, click.Abort)
            if asked and not isinstance(error.__context__, KeyboardInterrupt):
                raise
        # The terminal has just written ^C.
        click.echo("\ninterrupted" if sys.stderr.isatty() else "interrupted", err=True)
        raise click.exceptions.Exit(INTERRUPTED)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run; an error of ours is told as `error: … / fix: …` with its exit code."""
        try:
            return super().main(*args, **extra)
        except SyntxError as error:
            _tell(error.message, error.fix)
            sys.exit(error.exit_code)
        except OSError as error:
            # The last boundary: what the disk or the kernel refused, told without a traceback.
            message = f"{error.filename or 'the system'}: {error.strerror}"
            _tell(message, "syntx doctor")
            sys.exit(1)


def _tell(message: str, fix: str | None) -> None:
    click.echo(_visible(f"error: {message}"), err=True)
    if fix:
        click.echo(_visible(f"fix: {fix}"), err=True)


def _for_home(fix: str | None, home: str | None) -> str | None:
    """Let a command that mends something mean the home that was named, too."""
    if not fix or fix.startswith("syntx init "):
        return fix
    from syntx.home import addressed, called_for

    return addressed(fix, called_for(home))


def _visible(text: str) -> str:
    from syntx.escaping import visible

    return visible(text)


def _print_manual(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from syntx.commands.shell.manual import manual

        click.echo(manual(ctx), nl=False)
        ctx.exit()


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    metavar="DIR",
    type=click.Path(readable=False),
    help="The home to work in (default: $SYNTX_HOME, else this checkout, else /var/lib/syntx).",
)
@click.version_option(__version__, prog_name="syntx")
@click.option(
    "--manual",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_manual,
    help="Print the help of all commands as Markdown and exit.",
)
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """Write prompts, score the answers, learn what to ask next.

    Example: syntx demo
    """
    if home == "":
        raise click.UsageError("--home is empty; name a directory")
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


def never_fail_to_print() -> None:
    """Let what a terminal's encoding lacks be escaped instead of ending the command."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def stop_at_once(args: Sequence[str]) -> None:
    """Let a service that is asked to stop before it could begin end well: nothing was begun."""
    if called(args) in SERVICES:
        signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))


def called(args: Sequence[str]) -> str | None:
    """Return the name of the command that arguments call."""
    rest = iter(args)
    for arg in rest:
        if arg == "--home":
            next(rest, None)
        elif not arg.startswith("-"):
            return arg
    return None


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line."""
    arguments = list(sys.argv[1:] if args is None else args)
    one_thread_for_matrices()
    collect_rarely()
    never_fail_to_print()
    stop_at_once(arguments)
    try:
        cli.main(args=arguments, prog_name="syntx")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
