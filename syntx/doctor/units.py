"""Whether installed units are ours as they are today, run this home, and have not given up."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.report import Found, failed, ok, skipped, warning
from syntx.doctor.subject import Subject, systemd_runs
from syntx.errors import ConfigError
from syntx.systemd.changing import Change, to_install
from syntx.systemd.rendering import UNITS, Installation, render

_CONSUMER = "syntx-consumer@.service"


def look(subject: Subject) -> Iterator[Found]:
    """Give what is wrong with the units, where some are installed for this home."""
    installed = _installation(subject.root / UNITS / _CONSUMER)
    if installed is None:
        yield skipped("no units are installed")
        return
    if installed.home != str(subject.home.root):
        yield skipped(f"the units serve another home, {installed.home}")
        return
    found = [*_executable(subject, installed), *_files(subject, installed)]
    if systemd_runs() and subject.root == Path("/"):
        found += [*_given_up()]
    yield from found
    if not found:
        yield ok("the units are installed as they are shipped")


def _installation(unit: Path) -> Installation | None:
    """Return what an installed unit runs, as its ExecStart says."""
    with suppress(OSError, UnicodeDecodeError):
        for line in unit.read_text(encoding="utf-8").splitlines():
            words = line.removeprefix("ExecStart=").split()
            if line.startswith("ExecStart=") and len(words) >= 3 and words[1] == "--home":
                return Installation(syntx=words[0], home=words[2])
    return None


def _executable(subject: Subject, installed: Installation) -> Iterator[Found]:
    if subject.root == Path("/") and not Path(installed.syntx).is_file():
        line = as_root(shlex.join([*_install(subject, None), "--force"]))
        yield failed(f"the units run {installed.syntx}, which is not there", line)


def _files(subject: Subject, installed: Installation) -> Iterator[Found]:
    try:
        files = render(subject.shipped / "systemd", installed)
    except ConfigError as error:
        yield failed(error.message, as_root(shlex.join([*_install(subject, None), "--force"])))
        return
    changes = to_install(subject.root, files)
    words = shlex.join(_install(subject, installed))
    reload = " && systemctl daemon-reload" if subject.root == Path("/") else ""
    if edited := [change for change in changes if change.action == "keep"]:
        text = f"edited in place, so updates pass them by: {_names(edited)}"
        yield warning(f"{text}; keep your edits with systemctl edit", as_root(
            f"{words} --force{reload}"
        ))  # fmt: skip
    elif old := [change for change in changes if change.action == "write"]:
        yield warning(f"missing or out of date: {_names(old)}", as_root(f"{words}{reload}"))


def _install(subject: Subject, installed: Installation | None) -> list[str]:
    words = [*subject.calling.words, "systemd", "install", "--home", str(subject.home.root)]
    if installed is not None:
        words += ["--syntx", installed.syntx]
    return words if subject.root == Path("/") else [*words, "--prefix", str(subject.root)]


def _names(changes: list[Change]) -> str:
    return ", ".join(change.path.name for change in changes)


def _given_up() -> Iterator[Found]:
    asked = ["systemctl", "list-units", "--failed", "--plain", "--no-legend", "syntx*"]
    with suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout
        for line in told.splitlines():
            unit = line.split()[0]
            text = f"{unit} failed and is not started again; journalctl -u {unit} tells why"
            yield failed(text, as_root(f"systemctl restart {unit}"))
