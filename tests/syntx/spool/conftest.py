"""Spools on real folders, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_id
from syntx.job import Attempt, Job, Verdict
from syntx.spool.files import FileSpool
from syntx.spool.opening import SpoolOptions


@dataclass
class Clock:
    """A wall clock and a monotonic one, turned by hand."""

    now: datetime = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    seconds: float = 1_000.0

    def turn(self, seconds: float) -> None:
        """Let time pass on both."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class Yard:
    """A folder for a spool, with what tests do there."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def open(self, **changes: Any) -> FileSpool:
        """Open a spool that is not watched, on the clock turned by hand."""
        return FileSpool.open(self.root, self.options(**changes))

    def options(self, **changes: Any) -> SpoolOptions:
        """Return the options of such a spool."""
        options = SpoolOptions(
            watch=False,
            clock=lambda: self.clock.now,
            monotonic=lambda: self.clock.seconds,
            notice=lambda event, details: self.events.append((event, dict(details))),
        )
        return replace(options, **changes)

    def job(self, **fields: Any) -> Job:
        """Make a job at the present time of the clock."""
        made = {"id": new_id("topic", "style", at=self.clock.now), "created_at": self.clock.now}
        return Job(**({"prompt": "Erkläre die Größe."} | made | fields))

    def attempt(self) -> Attempt:
        """Make an attempt at the present time of the clock."""
        return Attempt(worker="w", started=self.clock.now, ended=self.clock.now)

    def drop(self, name: str, content: str | bytes) -> Path:
        """Write a file into `incoming/` in one go."""
        path = self.root / "incoming" / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def names(self, state: str) -> list[str]:
        """Return what lies anywhere below a state's folder."""
        return sorted(path.name for path in (self.root / state).rglob("*.*") if path.is_file())

    async def ended(self, spool: FileSpool, **verdict: Any) -> Job:
        """Submit a job and end it."""
        job = self.job()
        await spool.submit([job])
        claim = await spool.claim()
        assert claim is not None
        await spool.settle(claim, Verdict(**({"outcome": "passed"} | verdict)), self.attempt())
        return claim.job


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """An empty place for a spool."""
    return Yard(tmp_path / "queue")


@pytest.fixture
async def spool(yard: Yard) -> AsyncIterator[FileSpool]:
    """An open spool in the yard."""
    async with yard.open() as opened:
        yield opened


@pytest.fixture
def settle(yard: Yard) -> Callable[[FileSpool], Any]:
    """Claim after the time that makes dropped files complete."""

    async def claim(spool: FileSpool) -> Any:
        first = await spool.claim()
        if first is not None:
            return first
        yard.clock.turn(2.0)
        return await spool.claim()

    return claim
