"""A fault at every call of a folder's way: it stays one job, with everything that is in it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.job import Attempt, Verdict

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
DENIED = pytest.param("EACCES", marks=pytest.mark.slow)
"""What is denied takes the way of what fails otherwise; it is looked at with `-m slow`."""

MODES = ("EIO", "ENOSPC", DENIED, "killed before", "killed after")
REQUEST = "Fasse die Größen zusammen."
Deed = Callable[[Any, Any], Awaitable[Any]]


def drop(root: Path) -> None:
    """Drop a folder with a request, options and attachments."""
    made = root / "incoming" / "auftrag"
    (made / "a").mkdir(parents=True)
    (made / "request.md").write_text(REQUEST)
    (made / "request.txt").write_text("ein Anhang")
    (made / "job.yaml").write_text("format: pdf")
    (made / "a" / "b.csv").write_text("1;2")


async def hold(spool: Any) -> Any:
    """Take the dropped folder, and let its work yield something."""
    drop(spool.root)
    claim = await spool.claim()
    held = spool.root / "processing" / spool.worker / claim.entry
    (held / "outputs" / "bericht.txt").write_text("fertig")
    return claim


async def take(spool: Any, claim: Any) -> None:
    """Drop a folder and take it in."""
    drop(spool.root)
    await spool.claim()


async def settle(spool: Any, claim: Any) -> None:
    """End the job."""
    attempt = Attempt(worker="w", started=NOW, ended=NOW)
    await spool.settle(claim, Verdict(outcome="passed", settled_at=NOW), attempt)


async def retry(spool: Any, claim: Any) -> None:
    """Give the job back with an attempt."""
    await spool.retry(claim, Attempt(worker="w", started=NOW, ended=NOW), 0)


async def release(spool: Any, claim: Any) -> None:
    """Give the job back untouched."""
    await spool.release(claim)


async def run(one: Any, act: Deed, at: int, fault: str | None) -> None:
    """Do the deed with a fault, and end the process one way or the other."""
    spool = one.open()
    claim = None if act is take else await hold(spool)
    with one.going_wrong(at, fault):
        await act(spool, claim)
    if not one.disk.dead:
        await spool.close()


def check_whole(one: Any, act: Deed, where: str) -> None:
    """The job folder is in one place, with its request, attachments and outputs."""
    found = one.jobs()
    if act is take and not found:
        # It lies where it was dropped, or it was refused since it could not be read.
        whole = ["a", "job.yaml", "request.md", "request.txt"]
        refused = one.root.glob("error/*/*.refused/dropped-1-auftrag")
        (dropped,) = (*(one.root / "incoming").glob("auftrag"), *refused)
        assert sorted(os.listdir(dropped)) == whole, where
        return
    ((places),) = found.values()
    ((_, job),) = places
    assert job.prompt == REQUEST, where
    (entry,) = (path.parent for path in one.root.rglob("job.json"))
    inside = sorted(str(path.relative_to(entry)) for path in entry.rglob("*.*"))
    outputs = [] if act is take else ["outputs/bericht.txt"]
    assert inside == sorted(
        ["attachments/a/b.csv", "attachments/request.txt", "job.json", "job.yaml", "request.md",
         *outputs]
    ), where  # fmt: skip


@pytest.mark.parametrize("fault", MODES)
@pytest.mark.parametrize("act", [take, settle, retry, release])
async def test_a_folder_stays_one_whole_job(
    bench: Callable[[], Any], act: Deed, fault: str
) -> None:
    """Whatever call fails or kills, the folder is afterwards in one place with all its files."""
    counted = bench()
    await run(counted, act, -1, None)
    assert counted.done
    for at, call in enumerate(counted.disk.calls):
        one = bench()
        await run(one, act, at, fault)
        await one.recovered()
        check_whole(one, act, f"{fault} at call {at} ({call}) of {act.__name__}")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("EIO", marks=pytest.mark.slow),
        pytest.param("killed before", marks=pytest.mark.slow),
        "killed after",
    ],
)
@pytest.mark.parametrize("act", [take, settle])
async def test_a_rescue_of_a_folder_may_fail_anywhere(
    bench: Callable[[], Any], act: Deed, fault: str
) -> None:
    """The rescuer of a half-taken or half-settled folder may itself die: the next goes on."""
    counted = bench()
    await run(counted, act, -1, None)
    for stop in range(len(counted.disk.calls)):
        steps = await _rescue(bench(), act, stop, -1, None)
        # Two calls of each rescue stand for all: where it begins to change things, and later.
        for at in {len(steps) // 3, 2 * len(steps) // 3, len(steps) - 8}:
            one = bench()
            await _rescue(one, act, stop, at, fault)
            await one.recovered()
            check_whole(one, act, f"{fault} at {at} of the rescue, killed before call {stop}")


async def _rescue(one: Any, act: Deed, stop: int, at: int, fault: str | None) -> list[str]:
    await run(one, act, stop, "killed before")
    one.disk = type(one.disk)()
    rescuer = one.open()
    with one.going_wrong(at, fault):
        await rescuer.rescue()
    if not one.disk.dead:
        await rescuer.close()
    return list(one.disk.calls)
