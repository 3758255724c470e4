"""Where a spool in memory keeps the folders of its document jobs: below one temporary folder."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path

from syntx.errors import SpoolError
from syntx.job import Job
from syntx.spool.dropped.arriving_folders import DropLimits
from syntx.spool.layout import Folders
from syntx.spool.storage import Storage
from syntx.spool.submitting import lay_out, looked_through
from syntx.spool.syscalls import Disk
from syntx.spool.work_folder import begin_anew


class MemoryFolders:
    """Folders by job; they are gone after `remove`."""

    def take(self, job: Job, source: Path) -> None:
        """Copy a folder; raises BadRequest when it cannot be taken."""
        found = looked_through(self._storage, str(source.absolute()), DropLimits())
        making = f"{self._root.name}/making"
        self._storage.remove_tree(making)
        lay_out(self._storage, job, str(source.absolute()), found, making)
        self._storage.disk.rename_new(making, self._path(job))

    def begin(self, job: Job) -> None:
        """Make a job's folder ready to be worked in."""
        if job.kind == "document":
            begin_anew(self._storage, self._path(job), job)

    def of(self, job: Job) -> Path:
        """Return a job's folder; raises SpoolError when it has none."""
        if job.kind != "document":
            raise SpoolError(f"{job.id} is no document job, so it has no folder")
        return Path(self._path(job))

    def remove(self) -> None:
        """Remove all of them."""
        if "_root" in self.__dict__:
            self._root.cleanup()

    def _path(self, job: Job) -> str:
        return f"{self._root.name}/{job.id}"

    @cached_property
    def _root(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="syntx-spool-")

    @cached_property
    def _storage(self) -> Storage:
        return Storage(Disk(), Folders(self._root.name), durable=False)
