"""A file system in an image file, whose power can be cut.

The cut is the kernel's own shutdown without flushing the journal (EXT4_IOC_SHUTDOWN,
XFS_IOC_GOINGDOWN): what was not committed by then never reaches the image, and every later call
fails. The next mount replays the journal, as after a power cut.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

_SHUTDOWN = 0x8004587D
"""_IOR('X', 125, __u32), the same on both file systems."""
_WITHOUT_LOG_FLUSH = 2
_IMAGE_BYTES = 512 << 20
_TRIES = 100


class Volume:
    """One image below `folder`, made and mounted; unmount it in any case."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.kind = kind
        self.image = folder / f"{kind}.img"
        self.mount_point = folder / kind
        self.mounted = False

    def make(self) -> None:
        """Make an empty file system and mount it."""
        self.unmount()
        self.mount_point.mkdir(exist_ok=True)
        self.image.unlink(missing_ok=True)
        with self.image.open("wb") as image:
            image.truncate(_IMAGE_BYTES)
        _run(f"mkfs.{self.kind}", "-q", str(self.image))
        self.mount()

    def mount(self) -> None:
        """Mount the image, which replays its journal."""
        _run("mount", "-t", self.kind, "-o", "loop", str(self.image), str(self.mount_point))
        self.mounted = True

    def cut(self) -> None:
        """Cut the power."""
        fd = os.open(self.mount_point, os.O_RDONLY)
        try:
            shut_down(fd)
        finally:
            os.close(fd)

    def unmount(self) -> None:
        """Unmount, as soon as the last process has let go."""
        for _ in range(_TRIES):
            if not self.mounted:
                return
            done = subprocess.run(["umount", str(self.mount_point)], capture_output=True)
            self.mounted = done.returncode != 0
            if self.mounted:
                time.sleep(0.05)
        raise OSError(f"{self.mount_point} cannot be unmounted: {done.stderr.decode()}")


def shut_down(fd: int) -> None:
    """Shut down the file system a descriptor is on, flushing nothing."""
    fcntl.ioctl(fd, _SHUTDOWN, struct.pack("I", _WITHOUT_LOG_FLUSH))


def what_is_missing(kind: str) -> str | None:
    """Say why no power can be cut here, or None."""
    if os.geteuid() != 0:
        return "cutting the power needs root"
    tools = ("mount", "umount", "unshare", f"mkfs.{kind}")
    absent = [tool for tool in tools if shutil.which(tool) is None]
    if absent:
        return f"cutting the power needs {', '.join(absent)}"
    try:
        os.close(os.open("/dev/loop-control", os.O_RDWR))
        _run("unshare", "--mount", "true")
    except OSError as error:
        return f"cutting the power needs loop devices and mounts of its own: {error}"
    return None


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
