"""The file system to measure on: what is here, or a journalled ext4 on a loop device."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_GIGABYTE = 1024**3


@contextmanager
def measuring_folder(choice: str) -> Iterator[tuple[Path, str]]:
    """Give a folder and the name of its file system; `choice` is auto, here or loop."""
    with tempfile.TemporaryDirectory(prefix="bench-spool-", dir="/var/tmp") as name:
        folder = Path(name)
        here = describe(folder)
        if choice == "here" or (choice == "auto" and not _should_mount(here)):
            yield folder, here
            return
        with _loop_mounted(folder) as mounted:
            yield mounted, f"{describe(mounted)}, on a loop device over {here}"


def describe(folder: Path) -> str:
    """Name the file system a folder is on, and say whether it keeps a journal."""
    kind, device = _mount_of(folder)
    if not kind.startswith("ext"):
        return kind
    journals = Path("/proc/fs/jbd2")
    name = os.path.basename(device)
    journalled = journals.is_dir() and any(
        entry.rpartition("-")[0] == name for entry in os.listdir(journals)
    )
    return f"{kind} ({'journalled' if journalled else 'no journal'})"


def _should_mount(here: str) -> bool:
    return "no journal" in here and os.geteuid() == 0 and shutil.which("mkfs.ext4") is not None


def _mount_of(folder: Path) -> tuple[str, str]:
    best = ("", "unknown", "")
    for line in Path("/proc/mounts").read_text().splitlines():
        device, where, kind, *_ = line.split()
        inside = folder.resolve() == Path(where) or Path(where) in folder.resolve().parents
        if inside and len(where) >= len(best[0]):
            best = (where, kind, device)
    return best[1], best[2]


@contextmanager
def _loop_mounted(folder: Path) -> Iterator[Path]:
    image, mounted = folder / "disk.img", folder / "mounted"
    with image.open("wb") as file:
        file.truncate(3 * _GIGABYTE)
    mounted.mkdir()
    subprocess.run(["mkfs.ext4", "-q", "-N", "500000", str(image)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(mounted)], check=True)
    try:
        yield mounted
    finally:
        # Lazily: a process that is just ending must not leave the mount behind.
        subprocess.run(["umount", "--lazy", str(mounted)], check=True)
