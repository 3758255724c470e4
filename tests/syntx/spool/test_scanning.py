"""Reading `incoming/` keeps the smallest names, and never parts a prompt from its metadata."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syntx.spool import scanning
from syntx.spool.layout import Folders
from syntx.spool.scanning import Scan, scan
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk

STEMS = st.text("abcdefgh.-", min_size=1, max_size=3).filter(lambda stem: stem.strip("."))


def scanned(root: Path, names: list[str], limit: int) -> Scan:
    """Lay out names in a fresh queue and scan it."""
    folder = root / f"{len(list(root.iterdir()))}" / "incoming"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
    return scan(Storage(Disk(), Folders.at(folder.parent)), limit)


def entry(number: int) -> str:
    """Return the name of a waiting job."""
    return f"20261120T193000.{number:06}Z-0000.json"


@pytest.mark.parametrize("at_once", [1, 3, 100])
@pytest.mark.parametrize("limit", [1, 5, 20, 50])
def test_the_smallest_entries_are_kept_in_order(
    tmp_path: Path, limit: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few names are in memory at once, the result is that of a sorted listing."""
    monkeypatch.setattr(scanning, "_AT_ONCE", at_once)
    names = [entry(number * 7919 % 1000) for number in range(20)]
    found = scanned(tmp_path, [*names, "a.txt", ".hidden", "x.part"], limit)

    assert found.entries == sorted(names)[:limit]
    assert found.truncated == (limit < 20)
    assert found.dropped == ["a.txt"]
    assert found.total == 23


def test_jobs_that_are_folders_are_entries(tmp_path: Path) -> None:
    """An ID without an ending is one, and one with another ending was dropped."""
    job_id = entry(1).removesuffix(".json")
    found = scanned(tmp_path, [entry(2), job_id, f"{job_id}.t3", f"{job_id}.txt"], 9)

    assert found.entries == [job_id, f"{job_id}.t3", entry(2)]
    assert found.dropped == [f"{job_id}.txt"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stems=st.sets(STEMS, max_size=12), limit=st.integers(2, 8))
def test_a_limit_parts_no_pair(tmp_path: Path, stems: set[str], limit: int) -> None:
    """Of dropped things, too, only the smallest are kept; a prompt stays with its metadata."""
    names = [f"{stem}{ending}" for stem in stems for ending in (".json", ".txt")]
    names = [name for name in names if not name.startswith(".")]
    found = scanned(tmp_path, names, limit)

    assert len(found.dropped) <= limit
    assert {name.removesuffix(".txt") for name in found.dropped if name.endswith(".txt")} == {
        name.removesuffix(".json") for name in found.dropped if name.endswith(".json")
    }
    assert found.dropped or not names
