"""A job is found by its ID without reading what cannot hold it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from syntx.spool.searching import refusals, search

ID = "20261120T193000.123456Z-7f3a"


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    """Give a queue with jobs of two days, one of them a folder, one discarded, one refused."""
    for path in (
        f"processed/2026-11-20/{ID}.json",
        f"processed/2026-11-20/{ID}-stadt.json",
        "processed/2026-11-19/20261119T193000.123456Z-7f3a.json",
        "archive/discarded/2026-11-20/20261120T200000.000000Z-0001.json",
        "retry/20261121T000000.000000Z~20261120T210000.000000Z-0002.json",
        "error/2026-11-21/20261120T235959.000000Z-0004.refused/refusal.json",
        "error/2026-11-20/20261120T220000.000000Z-0003/job.json",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    return tmp_path


def test_only_the_folders_of_its_day_are_listed(queue: Path, monkeypatch: Any) -> None:
    """The date in an ID says where its job lies once it has ended."""
    listed: list[str] = []
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(Path(path).name) or real(path))

    found = search(queue, ID)

    assert [path.name for path in found] == [f"{ID}.json"]
    assert "2026-11-19" not in listed
    assert "processed" not in listed


def test_a_whole_id_is_its_job_though_others_begin_so(queue: Path) -> None:
    """An ID without words may be the beginning of one with words."""
    assert len(search(queue, ID[:-1])) == 2
    assert len(search(queue, ID)) == 1


@pytest.mark.parametrize(
    ("beginning", "state"),
    [
        ("20261120T2000", "archive"),
        ("20261120T2100", "retry"),
        ("20261120T2200", "error"),
        ("2026111", "processed"),
    ],
)
def test_a_job_is_found_wherever_it_is(queue: Path, beginning: str, state: str) -> None:
    """Discarded, waiting for its retry, as a folder, or by less than a date."""
    (found,) = search(queue, beginning)

    assert found.relative_to(queue).parts[0] == state


def test_a_refusal_may_lie_in_a_later_day(queue: Path) -> None:
    """One that a rescue ended after midnight is found all the same."""
    (found,) = refusals(queue, "20261120T2359")

    assert found.parent.name == "2026-11-21"
