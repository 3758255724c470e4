"""Claiming: the oldest waiting thing, be it an entry or dropped, becomes held."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from syntx.spool.contract import Claim
from syntx.spool.dropped import intake
from syntx.spool.dropped.arrivals import Arrival, Arrivals
from syntx.spool.dropped.intake import Immovable, Taking
from syntx.spool.failures import translating
from syntx.spool.holding import Holding
from syntx.spool.layout import INCOMING, RETRY, Kind, kind_of, parse_entry
from syntx.spool.lineup import Delays, Lineup
from syntx.spool.opening import SpoolOptions
from syntx.spool.recovery import give_due
from syntx.spool.scanning import Scan, mtime_ns, scan
from syntx.spool.watching import Watch

T = TypeVar("T")

_LARGE_NAMES = 5_000
_LARGE_BYTES = 400_000
"""Beyond one of these a folder is read in a thread."""

_RETRY_LOOK_SECONDS = 0.01
"""How often `retry/` is looked at for what other workers put there."""

_MISSES = 64
"""So many names taken by others in a row, and the folder is read anew."""


class Claiming:
    """Knows what waits, and hands it out oldest first."""

    def __init__(
        self, holding: Holding, taking: Taking, options: SpoolOptions, hand: ThreadPoolExecutor
    ) -> None:
        self._holding = holding
        self._taking = taking
        self._storage = taking.storage
        self._options = options
        self._hand = hand
        self._lineup = Lineup()
        self._delays = Delays(options.max_retry_delay, options.clock, options.monotonic)
        self._arrivals = Arrivals(
            taking.storage,
            settle_seconds=options.settle_seconds,
            limits=taking.limits,
            monotonic=options.monotonic,
        )
        self._ready: list[Arrival] = []
        self._dropped: set[str] = set()
        self._closed_names: set[str] = set()
        self._bell = asyncio.Event()
        self._watch: Watch | None = None
        self._watched = not options.watch
        self._turn = asyncio.Lock()
        self._scans = 0
        self._scanned_at: float | None = None
        self._scanned_names: int | None = None
        self._seen: dict[str, int | None] = {INCOMING: None, RETRY: None}
        self._half_taken = False
        self._own: set[str] = set()
        self._retry_looked_at = float("-inf")

    def add(self, name: str) -> None:
        """Note an entry that we made wait in `incoming/`."""
        self._lineup.add(name)
        if self._watch is not None:
            self._own.add(name)
        self._bell.set()

    def add_retry(self, name: str) -> None:
        """Note an entry that came to wait in `retry/`."""
        self._delays.add(name)
        self._bell.set()

    async def claim(self) -> Claim | None:
        """Take the oldest thing that waits; raises SpoolError when the disk fails."""
        with translating("claim a job"):
            await self._refresh()
            return await self._claim_oldest()

    async def wait(self, timeout: float) -> None:
        """Return when there may be something to claim, at the latest after `timeout` seconds.

        Watching begins with the first wait: who never runs dry needs no events.
        """
        self._start_watch()
        now = self._options.monotonic()
        moments = (self._delays.next_due, self._arrivals.next_look)
        left = min([timeout, self._options.poll_seconds, *(m - now for m in moments if m)])
        if not (self._lineup or self._ready or self._closed_names) and left > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._bell.wait()
        self._bell.clear()

    def close(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    async def _claim_oldest(self) -> Claim | None:
        misses = 0
        while True:
            self._pass_over()
            claim = await self._take_first()
            if claim is not None or not (self._lineup or self._ready):
                return claim
            misses += 1
            if misses % _MISSES == 0:
                await self._scan()

    def _pass_over(self) -> None:
        """Leave out what may not be taken now; a later scan brings it back."""
        while (name := self._lineup.first) is not None:
            if not (self._arrivals.is_parked(name) or self._holding.has_twin(name)):
                return
            self._lineup.pop()

    async def _take_first(self) -> Claim | None:
        name = self._lineup.first
        if self._ready and (name is None or self._ready[0].order < name):
            return await self._take_dropped(self._ready.pop(0))
        if name is None:
            return None
        try:
            return self._holding.take(self._lineup.pop())
        except Immovable as error:
            self._park(name, error)
            return None

    async def _take_dropped(self, arrival: Arrival) -> Claim | None:
        self._dropped -= {arrival.name, arrival.sidecar}
        future = asyncio.get_running_loop().run_in_executor(self._hand, self._take_in, arrival)
        try:
            claim = await asyncio.shield(future)
        except asyncio.CancelledError:
            # An intake cannot be stopped halfway: let it end, then give its job back.
            claim = await future
            if claim is not None and (name := self._holding.put_back(claim)):
                self.add(name)
            raise
        except OSError:
            self._half_taken = True
            raise
        return claim

    def _take_in(self, arrival: Arrival) -> Claim | None:
        try:
            job = intake.take(self._taking, arrival.name, arrival.sidecar, arrival.refused)
        except Immovable as error:
            self._park(arrival.name, error)
            return None
        return None if job is None else self._holding.keep(job)

    def _park(self, name: str, error: Immovable) -> None:
        self._arrivals.park(name)
        self._taking.notice("entry_immovable", {"message": str(error)})

    async def _refresh(self) -> None:
        if self._half_taken or self._holding.has_stranded:
            await self._mend()
        self._give_due()
        if self._needs_scan():
            await self._scan()
        elif self._needs_look():
            await self._look()

    async def _mend(self) -> None:
        for name in await self._in_thread(self._holding.mend):
            self._lineup.add(name)
        self._half_taken = False

    def _give_due(self) -> None:
        """Move retries that are due back to `incoming/`."""
        if self._is_retry_folder_changed():
            self._delays.see(self._storage.names(self._storage.folders.path(RETRY)))
        for name in self._delays.pop_due():
            try:
                with contextlib.suppress(FileNotFoundError):
                    self._lineup.add(give_due(self._taking, name))
            except OSError:
                # This one and those after it are still there, so they must be seen again.
                self._seen[RETRY] = None
                raise

    def _is_retry_folder_changed(self) -> bool:
        now = self._options.monotonic()
        if now - self._retry_looked_at < _RETRY_LOOK_SECONDS:
            return False
        self._retry_looked_at = now
        seen, self._seen[RETRY] = self._seen[RETRY], mtime_ns(self._storage, RETRY)
        return seen != self._seen[RETRY]

    def _needs_scan(self) -> bool:
        if self._scanned_at is None:
            return True
        if self._lineup.truncated:
            return self._lineup.low
        if self._options.monotonic() - self._scanned_at >= self._options.poll_seconds:
            return True
        if self._lineup or self._ready:
            return False
        seen = self._seen[INCOMING]
        return seen is None or mtime_ns(self._storage, INCOMING) != seen

    async def _scan(self) -> None:
        before = self._scans
        async with self._turn:
            if self._scans != before:
                return
            self._own.clear()
            self._lineup.scan_begins()
            found = await self._in_thread(self._read) if self._is_large() else self._read()
            self._scans += 1
            self._scanned_at = self._options.monotonic()
            self._scanned_names = found.total
            self._seen[INCOMING] = found.mtime_ns
            self._lineup.scan_ended(found.entries, truncated=found.truncated)
            self._dropped.update(found.dropped)
        await self._look()

    def _read(self) -> Scan:
        return scan(self._storage)

    def _is_large(self) -> bool:
        if self._scanned_names is not None:
            return self._scanned_names > _LARGE_NAMES
        path = self._storage.folders.path(INCOMING)
        return self._storage.disk.lstat(path).st_size > _LARGE_BYTES

    def _needs_look(self) -> bool:
        due = self._arrivals.next_look
        return bool(self._closed_names) or (due is not None and due <= self._options.monotonic())

    async def _look(self) -> None:
        """See which dropped things may be taken, and refuse those that never may."""
        if not self._dropped:
            self._ready, self._arrivals.next_look = [], None
            return
        async with self._turn:
            names, self._dropped = self._dropped, set()
            closed, self._closed_names = self._closed_names, set()
            ready, present = await self._in_thread(lambda: self._inspect(names, closed))
            self._ready = ready
            self._dropped |= present

    def _inspect(self, names: set[str], closed: set[str]) -> tuple[list[Arrival], set[str]]:
        seen = self._arrivals.look(names, closed)
        for arrival in seen:
            if arrival.refused is not None:
                self._take_in(arrival)
        ready = [arrival for arrival in seen if arrival.refused is None]
        return ready, self._arrivals.present

    def _start_watch(self) -> None:
        if self._watched:
            return
        self._watched = True
        try:
            self._watch = Watch(self._storage.folders.path(INCOMING), self._came, self._lost_events)
            # What came in between the last look and now made no event.
            self._lost_events()
        except (OSError, NotImplementedError) as error:
            self._taking.notice("watch_unavailable", {"message": str(error)})

    def _came(self, names: list[str]) -> None:
        for name in names:
            if name in self._own:
                # It is known since we moved it in, and may be claimed or even settled by now.
                self._own.discard(name)
            elif parse_entry(name) is not None:
                self._lineup.add(name)
                self._bell.set()
            elif kind_of(name) is not Kind.IN_THE_MAKING:
                self._dropped.add(name)
                self._closed_names.add(name)
                self._bell.set()

    def _lost_events(self) -> None:
        self._scanned_at = None
        self._bell.set()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._hand, work)
