"""Which command mends a file that is wrong."""

from __future__ import annotations

import shlex
from pathlib import Path

from syntx.doctor.subject import Subject
from syntx.errors import SyntxError

_EDITABLE_BYTES = 256_000


def told(message: str) -> str:
    """Return a message on one line."""
    return "; ".join(line.strip() for line in message.splitlines() if line.strip())


def explained(error: SyntxError) -> str:
    """Return what is wrong on one line, with the advice behind it that is no command."""
    advice = "" if not error.fix or error.fix.startswith("syntx ") else f" ({told(error.fix)})"
    return f"{told(error.message)}{advice}"


def mend_file(subject: Subject, path: Path) -> str:
    """Return the line that mends a file: edit it, put the shipped one back, or set it aside."""
    if path == subject.home.models or not path.parent.is_dir():
        return subject.calling.line("init", str(subject.home.root))
    if _is_text(path):
        return subject.calling.line("config", "edit", _named(subject, path))
    if subject.is_shipped(path):
        return subject.calling.line("config", "restore", _named(subject, path))
    return subject.calling.as_owner(shlex.join(["mv", "--", str(path), f"{path}.broken"]))


def _named(subject: Subject, path: Path) -> str:
    for folder, prefix in ((subject.home.config, ""), (subject.wrappers, "wrappers/")):
        if path.is_relative_to(folder):
            return f"{prefix}{path.relative_to(folder)}"
    return str(path)


def _is_text(path: Path) -> bool:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        return "\0" not in raw.decode("utf-8-sig") and len(raw) <= _EDITABLE_BYTES
    except UnicodeDecodeError:
        return False
