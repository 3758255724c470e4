"""Every verb of the spool, with a mark in the trace around each call of the disk.

Run as `traced.py ROOT` under strace. A mark is a look at a path that is nowhere, so that it
stands among the system calls of the same thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syntx.ids import new_ids
from syntx.job import Attempt, Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions
from syntx.spool.space import Watermarks
from syntx.spool.syscalls import Disk

CALLS = [name for name, call in vars(Disk).items() if callable(call) and name[0] != "_"]


PASSED = Verdict(outcome="passed")


class MarkingDisk(Disk):
    """A disk that says when a call begins and when it ends."""


@contextmanager
def marked(who: str) -> Iterator[None]:
    """Mark what is called within the block, which must not wait for anything."""
    os.access(f"/disk-begins/{who}", os.F_OK)
    try:
        yield
    finally:
        os.access(f"/disk-ends/{who}", os.F_OK)


def _marking(name: str) -> Callable[..., Any]:
    real = getattr(Disk, name)

    def call(self: MarkingDisk, *args: Any, **kwargs: Any) -> Any:
        with marked(name):
            result = real(self, *args, **kwargs)
        return _streaming(name, result) if isinstance(result, AbstractContextManager) else result

    return call


@contextmanager
def _streaming(name: str, stream: AbstractContextManager[Iterator[str]]) -> Iterator[Any]:
    """Give the names of a stream, each read within marks."""
    with marked(name):
        names = stream.__enter__()
    try:
        yield _each(name, names)
    finally:
        with marked(name):
            stream.__exit__(None, None, None)


def _each(name: str, names: Iterator[str]) -> Iterator[str]:
    while True:
        with marked(name):
            one = next(names, None)
        if one is None:
            return
        yield one


for _name in CALLS:
    setattr(MarkingDisk, _name, _marking(_name))


def some_jobs(count: int) -> list[Job]:
    """Make jobs."""
    now = datetime.now(UTC)
    return [
        Job(id=one, created_at=now, prompt="Frage") for one in new_ids([("t", "s")] * count, at=now)
    ]


async def claimed(spool: FileSpool) -> Any:
    """Claim what must be there."""
    while (claim := await spool.claim()) is None:
        await spool.wait(0.1)
    return claim


async def every_verb(spool: FileSpool) -> None:
    """Rescue, take in, refuse, and use each verb alone and with others."""
    attempt = attempt_of(spool)
    assert await spool.rescue() == 1
    taken = [await claimed(spool) for _ in range(3)]
    assert {claim.job.kind for claim in taken} == {"document", "prompt"}
    await spool.submit(some_jobs(1))
    await spool.submit(some_jobs(8))
    taken += [await claimed(spool) for _ in range(6)]
    await spool.settle(taken[0], PASSED, attempt)
    await asyncio.gather(*(spool.settle(claim, PASSED, attempt) for claim in taken[1:5]))
    await asyncio.gather(*(spool.retry(claim, attempt, 0) for claim in taken[5:7]))
    await spool.release(taken[7])
    await settle_again(spool, taken[8], attempt)
    held = [await claimed(spool) for _ in range(4)]
    await operate(spool, held.pop())
    await spool.rescue()
    await spool.wait(0.01)
    ended = [job async for part in spool.endings({}, lambda job_ids: {}) for job in part.jobs]
    assert await spool.archive([job.id for job in ended]) == len(ended) > 4
    assert await spool.locate(held[0].job.id) == "processing"
    with marked("script"):
        assert list(spool.root.glob("error/*/*.refused/refusal.json"))


async def operate(spool: FileSpool, claim: Any) -> None:
    """Let a job fail; discard it, bring it back, and let it wait again."""
    failed = Verdict(outcome="failed")
    await spool.settle(claim, failed, attempt_of(spool))
    for verb in (spool.discard, spool.restore, spool.reopen):
        moved = await verb([claim.job.id])
        assert moved.moved == (claim.job.id,), verb


def attempt_of(spool: FileSpool) -> Attempt:
    """One attempt, just now."""
    now = datetime.now(UTC)
    return Attempt(worker=spool.worker, started=now, ended=now)


async def settle_again(spool: FileSpool, claim: Any, attempt: Attempt) -> None:
    """Settle a job of which there is an outcome already, which makes a conflict."""
    first = spool.root / "processed" / claim.job.day / f"{claim.job.id}.json"
    with marked("script"):
        first.write_bytes(claim.job.to_bytes())
    await spool.settle(claim, PASSED, attempt)
    with marked("script"):
        assert list(spool.root.glob("error/*/*.conflict-*"))


async def main(root: Path) -> None:
    """Open, do all, close with jobs in hand."""
    options = SpoolOptions(
        settle_seconds=0, watermarks=Watermarks(bytes=1, inodes=1, reserve=1_000)
    )
    async with FileSpool.open(root, options, disk=MarkingDisk()) as spool:
        await every_verb(spool)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
