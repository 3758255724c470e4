"""Opening a spool: its options, and the checks before anything is promised."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from syntx.errors import ConfigError
from syntx.spool.layout import FOLDERS, Folders
from syntx.spool.space import UNLIMITED, Watermarks
from syntx.spool.storage import Storage


def _now() -> datetime:
    return datetime.now(UTC)


def _unnoticed(event: str, details: Mapping[str, object]) -> None:
    """Let an event pass."""


@dataclass(frozen=True, slots=True)
class SpoolOptions:
    """How a spool on files behaves (delays in seconds, sizes in bytes).

    `notice` is told of events worth a log line (`jobs_rescued`, `entry_refused`,
    `settle_conflicted`, `watch_unavailable`, `entry_immovable`, `disk_low`, `disk_recovered`,
    `reserve_spent`), from any thread.
    """

    durability: Literal["full", "relaxed"] = "full"
    max_rescues: int = 3
    max_retry_delay: float = 3600.0
    settle_seconds: float = 2.0
    poll_seconds: float = 2.0
    watch: bool = True
    max_entry_bytes: int = 1_000_000
    max_folder_bytes: int = 200_000_000
    watermarks: Watermarks = UNLIMITED
    clock: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    notice: Callable[[str, Mapping[str, object]], None] = _unnoticed


def prepare(storage: Storage) -> None:
    """Make missing folders and check them; raises ConfigError with the remedy."""
    root = Path(storage.folders.root)
    try:
        for missing in reversed([path for path in (root, *root.parents) if not path.exists()]):
            storage.make_folder(str(missing))
        for name in FOLDERS:
            storage.make_folder(storage.folders.path(name))
        _check_one_file_system(storage.folders)
        storage.open_root()
    except OSError as error:
        raise ConfigError(
            f"the queue at {root} cannot be used: {error.strerror} ({error.filename})",
            fix=f"make {root} a folder that this user may write, on a disk with free space",
        ) from error


def _check_one_file_system(folders: Folders) -> None:
    root = os.lstat(folders.root)
    for name in FOLDERS:
        found = os.stat(folders.path(name))
        if found.st_dev != root.st_dev:
            raise ConfigError(
                f"{folders.path(name)} lies on another file system than {folders.root}",
                fix="keep all folders of the queue on one file system; renames depend on it",
            )
        if not os.access(folders.path(name), os.R_OK | os.W_OK | os.X_OK):
            raise ConfigError(
                f"{folders.path(name)} is not readable and writable for this user",
                fix=f"chown -R {os.geteuid()} {folders.root}",
            )
