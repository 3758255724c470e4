"""A file is replaced whole, with the owner and the rights it had, or stays as it was."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syntx.replacing import replace_file

NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_rights_stay_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    """A mode that is given wins; a new file without one is as the umask says."""
    kept, new, given = (tmp_path / name for name in ("kept", "new", "given"))
    kept.write_bytes(b"old")
    kept.chmod(0o604)
    usual = tmp_path / "usual"
    usual.touch()
    for path in (kept, new):
        replace_file(path, b"content")
    replace_file(given, b"content", mode=0o640)

    assert [_mode(path) for path in (kept, new, given)] == [0o604, _mode(usual), 0o640]
    assert {path.read_bytes() for path in (kept, new, given)} == {b"content"}


def test_a_refusal_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full in the middle changes nothing."""
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")

    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_what_is_for_its_owner_alone_is_so_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When content is there, rights are; the file and then its folder reach the disk."""
    path, seen = tmp_path / "keys", []
    path.touch(0o600)

    def flushed(descriptor: int) -> None:
        found = os.fstat(descriptor)
        seen.append("folder" if stat.S_ISDIR(found.st_mode) else stat.S_IMODE(found.st_mode))

    monkeypatch.setattr(os, "fsync", flushed)
    replace_file(path, b"secret")
    assert seen == [0o600, "folder"]

    replace_file(path, b"secret", flush=False)
    assert len(seen) == 2


def test_what_a_kill_left_is_not_written_through(tmp_path: Path) -> None:
    """The one scratch file of a sole writer is made anew, were it a link to somewhere else."""
    path, other = tmp_path / "file", tmp_path / "other"
    other.write_bytes(b"untouched")
    (tmp_path / ".file.tmp").symlink_to(other)
    replace_file(path, b"content", sole=True)

    assert (path.read_bytes(), other.read_bytes()) == (b"content", b"untouched")
    assert sorted(os.listdir(tmp_path)) == ["file", "other"]


def test_many_may_write_the_same_file(tmp_path: Path) -> None:
    """One of them wins, whole."""
    path, contents = tmp_path / "file", [bytes([65 + number]) * 50_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: replace_file(path, one, flush=False), contents * 3))

    assert path.read_bytes() in contents
    assert os.listdir(tmp_path) == ["file"]


@root_only
def test_root_takes_no_file_from_its_owner(tmp_path: Path) -> None:
    """A new file belongs to the folder's owner, an old one to its own."""
    os.chown(tmp_path, NOBODY, NOBODY)
    new, old = tmp_path / "new", tmp_path / "old"
    old.touch()
    for path in (new, old):
        replace_file(path, b"content")

    assert [(path.stat().st_uid, path.stat().st_gid) for path in (new, old)] == [
        (NOBODY, NOBODY),
        (0, 0),
    ]
