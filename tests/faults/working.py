"""A worker process for the tests: `working.py ROOT drain|hold|submit`, one line per job."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from syntx.ids import new_id
from syntx.job import Attempt, Job, Verdict
from syntx.spool.files import FileSpool


async def drain(spool: FileSpool) -> None:
    """Claim and settle until nothing waits; tell each job that is settled."""
    while (claim := await spool.claim()) is not None:
        now = datetime.now(UTC)
        attempt = Attempt(worker=spool.worker, started=now, ended=now)
        await spool.settle(claim, Verdict(outcome="passed"), attempt)
        print(claim.job.id, flush=True)


async def hold(spool: FileSpool) -> None:
    """Claim one job and never end it."""
    claim = await spool.claim()
    print(claim.job.id if claim else "nothing", flush=True)
    await asyncio.Event().wait()


async def submit(spool: FileSpool) -> None:
    """Submit for ever; tell each job that is promised."""
    while True:
        job = Job(id=new_id(), created_at=datetime.now(UTC), prompt="Frage")
        await spool.submit([job])
        print(job.id, flush=True)


async def main(root: Path, deed: str) -> None:
    """Open the spool and do the deed."""
    async with FileSpool.open(root) as spool:
        print("ready", flush=True)
        await {"drain": drain, "hold": hold, "submit": submit}[deed](spool)


asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
