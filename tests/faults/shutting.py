"""Shut a file system down inside a submit: `shutting.py FOLDER KIND`.

The disk fails between the rename and the flush of its folder; the submit must say so. Ends with
1 if it returns as if all were well. To be run under `unshare --mount`, as `outage.py`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from loading import prompt_of
from power import Volume, shut_down

from syntx.errors import SpoolError
from syntx.ids import new_id
from syntx.job import Job
from syntx.spool.files import FileSpool
from syntx.spool.syscalls import Disk


class FailingDisk(Disk):
    """A disk that fails, once armed, as soon as a folder is to be flushed."""

    armed = False

    def fsync(self, fd: int) -> None:
        """Flush, but let the file system go down before a folder's flush."""
        if self.armed and os.path.isdir(f"/proc/self/fd/{fd}"):
            self.armed = False
            shut_down(fd)
        super().fsync(fd)


def new_job() -> Job:
    """Make a job."""
    job_id = new_id()
    return Job(id=job_id, created_at=datetime.now(UTC), prompt=prompt_of(job_id))


async def submitted(root: Path) -> bool:
    """Whether a submit returns though the file system went down within it."""
    disk = FailingDisk()
    spool = FileSpool.open(root, disk=disk)
    await spool.submit([new_job()])
    disk.armed = True
    try:
        await spool.submit([new_job()])
    except SpoolError as error:
        print(error)
        return False
    finally:
        try:
            await spool.close()
        except SpoolError as error:
            print(error)
    return True


def main(folder: str, kind: str) -> int:
    """Make the volume, let it go down, and unmount it in any case."""
    volume = Volume(Path(folder), kind)
    try:
        volume.make()
        return int(asyncio.run(submitted(volume.mount_point / "queue")))
    finally:
        volume.unmount()
        volume.image.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
