"""What a look needs of the settings: read once, remembered until something changed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.observing import basics
from syntx.observing.basics import SETTLED_NS, read_basics


def _cache(home: Home) -> Path:
    return home.root / ".cache" / "basics.json"


def _settle(home: Home) -> None:
    """Wait until the files are old enough to be remembered."""
    newest = max(file.stat().st_ctime_ns for file in home.config.glob("*.yaml"))
    while time.time_ns() - newest <= SETTLED_NS:
        time.sleep(0.02)


def test_what_was_read_is_remembered(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look reads no settings at all."""
    _settle(home)
    first = read_basics(home)
    monkeypatch.setattr("syntx.settings.folder.load", None)

    assert read_basics(home) == first
    assert first.queue == str(home.root / "queue")


def test_a_changed_file_counts_at_once(home: Home) -> None:
    """An edit is seen by the next look, also one that leaves size and mtime as they were."""
    _settle(home)
    file = home.config / "queue.yaml"
    file.write_text("thresholds: {high: 60}\n")
    _settle(home)
    assert read_basics(home).thresholds.high == 60
    before = file.stat()

    file.write_text("thresholds: {high: 70}\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert read_basics(home).thresholds.high == 70


def test_another_program_reads_the_settings_anew(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older version took for the defaults does not outlive its code."""
    (tmp_path / "shapes").mkdir()
    code = tmp_path / "shapes" / "queue.py"
    code.touch()
    monkeypatch.setattr(basics, "_SHAPES", code.parent)
    while not _cache(home).exists():
        read_basics(home)
    code.write_text("high = 60")
    monkeypatch.setattr("syntx.settings.folder.load", None)

    with pytest.raises(TypeError):
        read_basics(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_root_leaves_no_folder_in_the_way_of_the_owner(home: Home) -> None:
    """A look of root at another user's home makes nothing there."""
    os.chown(home.root, 65534, 65534)
    _settle(home)
    read_basics(home)

    assert not _cache(home).parent.exists()


def test_fresh_files_are_not_remembered(home: Home) -> None:
    """A file that may change again within the same tick of its times is read anew."""
    (home.config / "queue.yaml").write_text("thresholds: {high: 60}\n")
    read_basics(home)
    if time.time_ns() - (home.config / "queue.yaml").stat().st_ctime_ns < SETTLED_NS:
        assert not _cache(home).exists()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"stamps": 1}', '{"basics": {}}', "[" * 5000])
def test_a_damaged_memory_only_costs_time(home: Home, damage: str) -> None:
    """Whatever lies there, the settings are what the files say."""
    _settle(home)
    expected = read_basics(home)
    _cache(home).write_text(damage)

    assert read_basics(home) == expected
    assert json.loads(_cache(home).read_text())["basics"]["queue"] == expected.queue


def test_wrong_settings_are_told(home: Home) -> None:
    """A wrong key is an error with its file and line, though a good state was remembered."""
    _settle(home)
    read_basics(home)
    (home.config / "queue.yaml").write_text("tresholds: {}\n")

    with pytest.raises(ConfigError, match=r"queue\.yaml:1: tresholds"):
        read_basics(home)
