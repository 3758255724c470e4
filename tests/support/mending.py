"""Asking the doctor, and doing what he says: his line is run by a shell as it stands."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from syntx.cli import cli
from syntx.home import Home


def ask(home: Home, family: str, *options: str) -> list[dict[str, Any]]:
    """Return what the doctor says about one family of checks."""
    arguments = ["--home", str(home.root), "doctor", "--json", "--only", family, *options]
    shown = CliRunner().invoke(cli, arguments)
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.output
    checks: list[dict[str, Any]] = json.loads(shown.stdout)["checks"]
    assert all(check["name"] == family for check in checks)
    return checks


def unwell(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the checks that are not well; each of them names its command."""
    found = [check for check in checks if check["mark"] in ("warning", "failed")]
    assert all(check["fix"] and "\n" not in check["fix"] for check in found), found
    return found


def paste(line: str, *, stdin: str = "", cwd: Path | None = None, **extra: str) -> None:
    """Run a line in a shell; it has to succeed."""
    done = subprocess.run(
        ["sh", "-c", line],
        input=stdin,
        cwd=cwd or "/",
        env={"PATH": os.environ["PATH"], **extra},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def mend(home: Home, family: str, *options: str, stdin: str = "", **extra: str) -> dict[str, Any]:
    """Find one thing unwell, run its line, and see that the family is well; returns the check."""
    before = unwell(ask(home, family, *options))
    assert len(before) == 1, before
    paste(before[0]["fix"], stdin=stdin, **extra)
    after = ask(home, family, *options)
    assert not unwell(after), after
    assert any(check["mark"] == "ok" for check in after)
    return before[0]
