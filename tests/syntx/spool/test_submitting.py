"""Folders that are submitted while the disk is small, or while somebody writes in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from spool_folders import document, written

from syntx.errors import BadRequest, SpoolError, SpoolFull
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.space import Watermarks
from syntx.spool.syscalls import Disk


class SmallDisk(Disk):
    """A disk with a million bytes free."""

    def statvfs(self, path: str) -> os.statvfs_result:
        """Describe it in blocks of a byte."""
        return os.statvfs_result((1, 1, 10**6, 10**6, 10**6, 10**6, 10**6, 10**6, 0, 255))


class Meddling(Disk):
    """A disk on which somebody does something as soon as a folder is copied."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self._deed = deed
        self.armed = False

    def mkdir(self, path: str, mode: int = 0o750) -> None:
        """Make a folder, after the deed."""
        if self.armed:
            self.armed = False
            self._deed()
        super().mkdir(path, mode)


async def test_a_folder_that_would_fill_the_disk_is_not_copied(tmp_path: Path) -> None:
    """What is free is compared with the folder's size, before a byte is copied."""
    options = SpoolOptions(watermarks=Watermarks(bytes=900_000))
    large, small = written(tmp_path / "large"), written(tmp_path / "small")
    (large / "scan.bin").write_bytes(bytes(200_000))
    async with FileSpool.open(tmp_path / "q", options, disk=SmallDisk()) as spool:
        with pytest.raises(SpoolFull, match="would leave"):
            await spool.submit_folder(document(), large)
        assert list((tmp_path / "q" / ".tmp" / spool.worker).iterdir()) == []
        await spool.submit_folder(document(), small)
        assert (await spool.counts()).incoming == 1


def _growing(source: Path) -> Callable[[], object]:
    return lambda: (source / "a" / "b.csv").write_text("1;2\n3;4\n")


def _losing(source: Path) -> Callable[[], object]:
    return lambda: (source / "a" / "b.csv").unlink()


def _linking(source: Path) -> Callable[[], object]:
    def deed() -> None:
        (source / "a" / "b.csv").unlink()
        (source / "a" / "b.csv").symlink_to("/etc/passwd")

    return deed


@pytest.mark.parametrize("meddle", [_growing, _losing, _linking])
async def test_a_folder_that_changes_while_it_is_copied_is_not_taken(
    tmp_path: Path, meddle: Callable[[Path], Callable[[], object]]
) -> None:
    """Half of the old and half of the new would be neither; nothing is left of it."""
    source = written(tmp_path / "auftrag")
    disk = Meddling(meddle(source))
    async with FileSpool.open(tmp_path / "q", disk=disk) as spool:
        disk.armed = True
        with pytest.raises((BadRequest, SpoolError)):
            await spool.submit_folder(document(), source)
        assert (await spool.counts()).incoming == 0
        assert list((tmp_path / "q" / ".tmp" / spool.worker).iterdir()) == []
