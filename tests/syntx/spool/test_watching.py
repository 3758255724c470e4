"""Events wake the spool at once; without them polling does."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from syntx.spool import claiming
from syntx.spool.contract import Claim
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions

LONG = SpoolOptions(poll_seconds=60, settle_seconds=0)


async def claimed_by_event(spool: FileSpool, name: str, content: bytes) -> Claim:
    """Rename a file in while the spool waits, and claim it long before the next poll."""
    assert await spool.claim() is None
    waiting = asyncio.create_task(spool.wait(30))
    await asyncio.sleep(0)
    outside = spool.root / "outside"
    outside.write_bytes(content)
    outside.rename(spool.root / "incoming" / name)
    await waiting
    async with asyncio.timeout(10):
        while (claim := await spool.claim()) is None:
            await spool.wait(30)
    return claim


async def test_jobs_renamed_in_wake_long_before_the_next_poll(yard: Any) -> None:
    """One after the other, each is noticed by its event; claims in between change nothing."""
    async with FileSpool.open(yard.root, LONG) as spool:
        for _ in range(5):
            job = yard.job()
            claim = await claimed_by_event(spool, f"{job.id}.json", job.to_bytes())
            assert claim.job == job


async def test_a_prompt_closed_after_writing_wakes_at_once(yard: Any) -> None:
    """A dropped file needs no quiet time when the kernel says that it is complete."""
    options = SpoolOptions(poll_seconds=60, settle_seconds=30)
    async with FileSpool.open(yard.root, options) as spool:
        await spool.wait(0.01)
        yard.drop("a.json", '{"topic": "T"}')
        yard.drop("a.txt", "Frage")

        async with asyncio.timeout(5):
            while (claim := await spool.claim()) is None:
                await spool.wait(5)

        assert claim.job.recipe.topic == "T"


async def test_a_slow_writer_is_waited_for(yard: Any) -> None:
    """Its file is taken when it is closed, not when it pauses."""
    options = SpoolOptions(poll_seconds=0.01, settle_seconds=0.01)
    async with FileSpool.open(yard.root, options) as spool:
        with (yard.root / "incoming" / "a.txt").open("w") as writer:
            for part in ("erste ", "zweite"):
                writer.write(part)
                writer.flush()
                for _ in range(5):
                    await spool.wait(0.01)
                    assert await spool.claim() is None
        async with asyncio.timeout(5):
            while (claim := await spool.claim()) is None:
                await spool.wait(5)

        assert claim.job.prompt == "erste zweite"


async def test_without_events_the_next_poll_sees_it(yard: Any) -> None:
    """A job and a dropped file are found by looking."""
    options = SpoolOptions(poll_seconds=0.02, settle_seconds=0.02, watch=False)
    async with FileSpool.open(yard.root, options) as spool:
        assert await spool.claim() is None
        yard.drop("a.txt", "Frage")

        async with asyncio.timeout(5):
            while (claim := await spool.claim()) is None:
                await spool.wait(5)

        assert claim.job.prompt == "Frage"


async def test_a_system_without_events_is_told_of_and_polled(
    yard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When no watch is to be had the spool says so and works."""

    def refused(*_: object) -> None:
        raise OSError(24, os.strerror(24))

    monkeypatch.setattr(claiming, "Watch", refused)
    async with yard.open(watch=True) as spool:
        await spool.submit([yard.job()])
        await spool.wait(0.01)

        assert await spool.claim() is not None
        assert [event for event, _ in yard.events] == ["watch_unavailable"]


async def test_lost_events_lead_to_a_scan(yard: Any) -> None:
    """An overflow of the kernel's queue costs a look at the folder, not a job."""
    async with yard.open() as spool:
        await spool.submit([yard.job(), yard.job()])
        assert await spool.claim() is not None
        older = yard.job(id="0-" + yard.job().id)
        yard.drop(f"{older.id}.json", older.to_bytes())

        spool._claiming._lost_events()

        claim = await spool.claim()
        assert claim is not None
        assert claim.job.id == older.id
