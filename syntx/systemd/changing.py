"""What an install or uninstall would change, decided first and carried out then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from syntx.systemd.rendering import PLACES, UNITS
from syntx.systemd.stamping import is_ours, is_untouched

ENABLED = PurePosixPath("etc/systemd/system")
"""Where `systemctl enable` puts its links."""

Action = Literal["write", "keep", "remove", "same"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file and what happens to it; `content` is what a write puts there.

    `keep` is a file that somebody edited or put there himself.
    """

    path: Path
    action: Action
    content: bytes = b""


def to_install(
    root: Path, files: Mapping[PurePosixPath, bytes], *, force: bool = False
) -> list[Change]:
    """Return a change per file, and per file or link of an earlier version that is no more.

    What an operator changed is kept, unless forced.
    """
    written = [_to_write(root / place, content, force) for place, content in files.items()]
    ours = {change.path for change in written}
    return written + _to_remove(
        root, [(path, data) for path, data in _installed(root) if path not in ours], force
    )


def _to_write(path: Path, content: bytes, force: bool) -> Change:
    found = _read(path)
    if found == content:
        return Change(path, "same")
    if force or (found is not None and is_untouched(found)) or not os.path.lexists(path):
        return Change(path, "write", content)
    return Change(path, "keep")


def to_uninstall(root: Path, *, force: bool = False) -> list[Change]:
    """Return a change per file of ours, of whatever version, and per link that enables one."""
    return _to_remove(root, _installed(root), force)


def _to_remove(root: Path, files: Iterable[tuple[Path, bytes]], force: bool) -> list[Change]:
    changes = [
        Change(path, "remove" if force or is_untouched(data) else "keep") for path, data in files
    ]
    gone = {change.path.name for change in changes if change.action == "remove"}
    return changes + [Change(link, "remove") for link in _links(root, gone)]


def carry_out(changes: list[Change]) -> None:
    """Write and remove as decided; raises OSError at what the system refuses."""
    for change in changes:
        if change.action == "write":
            _write(change.path, change.content)
        elif change.action == "remove":
            change.path.unlink(missing_ok=True)
            _remove_empty_folder_of_ours(change.path.parent)


def _installed(root: Path) -> Iterator[tuple[Path, bytes]]:
    for folder in (UNITS, *PLACES.values()):
        found = root / folder
        for path in sorted([*found.glob("syntx*"), *found.glob("syntx*.d/*")]):
            data = _read(path)
            if data is not None and is_ours(data):
                yield path, data


def _links(root: Path, units: set[str]) -> Iterator[Path]:
    for link in sorted((root / ENABLED).glob("*.wants/syntx*")):
        if link.is_symlink():
            target = PurePosixPath(os.readlink(link))
            if target.name in units and target.parent == PurePosixPath("/") / UNITS:
                yield link


def _read(path: Path) -> bytes | None:
    """Return a file's content; None for a link, a folder, or what is not there."""
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
            file.flush()
            # A unit that a power cut left empty would count as masked.
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _remove_empty_folder_of_ours(folder: Path) -> None:
    if folder.name.startswith("syntx"):
        with suppress(OSError):
            folder.rmdir()
