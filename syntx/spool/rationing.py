"""Rationing: below a watermark nothing new begins; a reserve lets what runs come to its end."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace

from syntx.errors import SpoolFull
from syntx.spool.failures import translating
from syntx.spool.opening import SpoolOptions
from syntx.spool.space import UNLIMITED, Watermarks, disk_state
from syntx.spool.storage import Storage

RESERVE = ".reserve"
"""The reserve's name in the queue's folder; all processes share it."""

_LOOK_SECONDS = 1.0
_CLEARANCE = 1.1
"""Work goes on when there is so much more than the watermark, so that it does not flicker."""


class Rationing:
    """Knows whether there is room, told once a second at most; keeps and spends the reserve."""

    def __init__(self, storage: Storage, worker: str, options: SpoolOptions) -> None:
        self._storage = storage
        self._worker = worker
        self._marks = options.watermarks
        self._is_on = self._marks != UNLIMITED
        self._monotonic = options.monotonic
        self._notice = options.notice
        self._path = storage.folders.path(RESERVE)
        self._looked_at = float("-inf")
        self._shortage: str | None = None
        self._may_set_aside = False

    @property
    def allows_claims(self) -> bool:
        """Whether a worker may begin another job; sets the reserve aside for its end."""
        is_low = self.is_low
        if self._may_set_aside:
            self._may_set_aside = False
            self._make_reserve()
        return not is_low

    @property
    def is_low(self) -> bool:
        """Whether there is too little room for new work; raises SpoolError."""
        if self._is_on and (now := self._monotonic()) - self._looked_at >= _LOOK_SECONDS:
            with translating("look at the free space"):
                self._look()
            self._looked_at = now
        return self._shortage is not None

    def check(self) -> None:
        """Raise SpoolFull when there is too little room for new work."""
        if self.is_low:
            raise SpoolFull(
                f"nothing new is taken in: the disk of {self._storage.folders.root} has "
                f"{self._shortage}",
                fix="syntx doctor shows what is large; with space, work goes on by itself",
            )

    def check_for(self, size: int) -> None:
        """Raise SpoolFull when taking in so many bytes would leave too little room."""
        self.check()
        if self._is_on:
            found = disk_state(self._storage.folders.root, self._storage.disk)
            left = replace(found, free_bytes=found.free_bytes - size)
            if shortage := left.shortage(self._marks):
                raise SpoolFull(
                    f"taking in {size} bytes would leave the disk of {self._storage.folders.root} "
                    f"with {shortage}",
                    fix="syntx doctor",
                )

    def spend_reserve(self) -> bool:
        """Give the reserve's room to what must end now; False when there is none to give."""
        if not self._marks.reserve:
            return False
        with contextlib.suppress(OSError):
            self._storage.disk.unlink(self._path)
            self._notice("reserve_spent", {"bytes": self._marks.reserve})
        # If another process was first, the room it made may serve us as well.
        return True

    def _look(self) -> None:
        found = disk_state(self._storage.folders.root, self._storage.disk)
        shortage = found.shortage(self._marks if self._shortage is None else self._cleared())
        details = {"free_bytes": found.free_bytes, "free_inodes": found.free_inodes}
        if shortage is not None and self._shortage is None:
            self._notice("disk_low", {**details, "message": f"nothing new begins: {shortage}"})
        elif shortage is None and self._shortage is not None:
            self._notice("disk_recovered", {**details, "message": "work goes on"})
        self._shortage = shortage
        spare = found.free_bytes - self._marks.bytes
        self._may_set_aside = shortage is None and 0 < self._marks.reserve < spare

    def _cleared(self) -> Watermarks:
        return Watermarks(int(self._marks.bytes * _CLEARANCE), int(self._marks.inodes * _CLEARANCE))

    def _make_reserve(self) -> None:
        """Set room aside if none is; what the disk refuses is tried again at a later look."""
        scratch = self._storage.scratch_name(self._worker)
        try:
            if self._storage.exists(self._path):
                return
            fd = self._storage.disk.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                self._storage.disk.allocate(fd, self._marks.reserve)
            finally:
                self._storage.quietly_close(fd)
            self._storage.disk.rename_new(scratch, self._path)
        except OSError:
            # It never was a promise: without it a full disk only makes endings wait.
            self._storage.quietly_unlink(scratch)
