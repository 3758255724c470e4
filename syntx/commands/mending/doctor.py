"""``syntx doctor``: what is wrong, and the one command that mends it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from syntx.commands.telling import home_of, print_json, visible
from syntx.doctor.examining import FAMILIES, examine, report
from syntx.doctor.report import Check
from syntx.doctor.subject import subject_of
from syntx.shipped.folder import source

_SIGNS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "-"}
_PLAIN_SIGNS = {"ok": "ok", "warning": "!!", "failed": "xx", "skipped": "--"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--only", multiple=True, metavar="NAME", type=click.Choice(list(FAMILIES)),
    help=f"Look at this alone: {', '.join(FAMILIES)}.",
)  # fmt: skip
@click.option("--offline", is_flag=True, help="Ask no endpoint.")
@click.option(
    "--prefix",
    default="/",
    type=click.Path(path_type=Path, file_okay=False),
    help="The root below which units are looked for.",
)
@click.pass_context
def doctor(
    ctx: click.Context, as_json: bool, only: tuple[str, ...], offline: bool, prefix: Path
) -> None:
    """Look at everything that may be wrong; name the command that mends each thing.

    Nothing is changed, and no call is made that costs. Exit code 0 when nothing failed (warnings
    may be there), 1 when something did, 78 when it is the configuration.

    Example: syntx doctor
    """
    subject = subject_of(home_of(ctx), source(), root=prefix.absolute(), offline=offline)
    signs = _signs()
    checks = []
    for check in examine(subject, only):
        checks.append(check)
        if not as_json:
            _print(check, signs)
    found = report(subject, checks)
    if as_json:
        print_json(asdict(found))
    else:
        _sum_up(found.checks)
    ctx.exit(found.exit_code())


def _print(check: Check, signs: dict[str, str]) -> None:
    click.echo(f"{signs[check.mark]:<2} {check.name:<12} {_line(check.text)}")
    if check.fix is not None:
        click.echo(f"   fix: {_line(check.fix)}")


def _line(text: str) -> str:
    """Return text that keeps to its line, whatever names stand in it."""
    line = visible(text).replace("\n", "\\n")
    encoding = sys.stdout.encoding or "ascii"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def _sum_up(checks: tuple[Check, ...]) -> None:
    counts = {mark: sum(check.mark == mark for check in checks) for mark in ("failed", "warning")}
    if any(counts.values()):
        warnings = counts["warning"]
        told = f"{warnings} warning{'' if warnings == 1 else 's'}"
        click.echo(f"{counts['failed']} failed, {told}", err=True)


def _signs() -> dict[str, str]:
    """Return the signs that the terminal's encoding has."""
    try:
        "".join(_SIGNS.values()).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN_SIGNS
    return _SIGNS
