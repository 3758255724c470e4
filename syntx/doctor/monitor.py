"""Whether somebody watches this home, and whether alerts reach whom they should."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.report import Found, ok, skipped, warning
from syntx.doctor.subject import Subject, systemd_runs
from syntx.observing.spans import span
from syntx.systemd.rendering import UNITS

_MISSED_LOOKS = 3
_UNIT = "syntx-monitor.service"


def look(subject: Subject) -> Iterator[Found]:
    """Give figures that are not renewed, and an alert command that failed."""
    options = subject.settings.system.monitoring
    if options.alert_command and _alert_failed(subject.home.root / ".cache" / "alerts.json"):
        edit = subject.calling.line("config", "edit", "system.yaml")
        again = subject.calling.line("monitor", "--once")
        yield warning("the alert command failed when it was run last", f"{edit} && {again}")
    age = _age(subject, options.metrics_file)
    if age is None:
        yield skipped("no monitor has been at work here")
    elif age > max(60.0, _MISSED_LOOKS * options.every):
        yield warning(f"the figures are {span(age)} old: no monitor renews them", _renew(subject))
    else:
        yield ok(f"the figures are {span(max(0.0, age))} old")


def _age(subject: Subject, file: Path | None) -> float | None:
    """Return the seconds since figures were written; None where none are to be found."""
    if file is None:
        return None
    try:
        return time.time() - (subject.home.root / file).stat().st_mtime
    except OSError:
        return None


def _alert_failed(file: Path) -> bool:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("ok") is False


def _renew(subject: Subject) -> str:
    if (subject.root / UNITS / _UNIT).exists() and systemd_runs():
        return as_root(f"systemctl restart {_UNIT}")
    return subject.calling.line("monitor", "--once")
