"""Counting goes by names alone, and needs none of the heavy libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import syntx
from syntx.ids import new_id
from syntx.spool.counting import Counts, count
from syntx.spool.files import FileSpool
from syntx.spool.layout import due_name


def test_a_queue_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Nothing is made, nothing is raised."""
    assert count(tmp_path / "nowhere") == Counts()


async def test_dropped_things_are_counted_as_the_jobs_they_will_be(
    yard: Any, spool: FileSpool
) -> None:
    """A pair is one, an envelope is one; answers and files in the making are none."""
    for name in ("a.txt", "a.json", "b.md", "c.json", "a_response.txt", ".d.txt", "e.part"):
        yard.drop(name, "x")

    assert count(yard.root).incoming == 3


async def test_what_was_refused_counts_as_error(yard: Any, spool: FileSpool) -> None:
    """People find as many things in error as they are told of."""
    yard.drop(f"{new_id(at=yard.clock.now)}.json", "x")
    assert await spool.claim() is None

    assert count(yard.root).error == 1


async def test_the_oldest_may_wait_for_its_retry(yard: Any, spool: FileSpool) -> None:
    """Its age is told by its ID, not by when it is due."""
    old = new_id(at=yard.clock.now - timedelta(seconds=90))
    name = due_name(yard.clock.now + timedelta(seconds=60), f"{old}.json")
    (yard.root / "retry" / name).touch()
    await spool.submit([yard.job()])

    assert count(yard.root, now=yard.clock.now).oldest_waiting_s == 90


def test_counting_imports_nothing_heavy() -> None:
    """A status is told within a tenth of a second or so."""
    code = "import sys, syntx.spool.counting; print('pydantic' in sys.modules)"
    env = os.environ | {"PYTHONPATH": str(Path(syntx.__file__).parents[1])}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
    )

    assert told.stdout == "False\n"
