"""When a dropped file is complete, and what is no file at all.

A file that was closed or renamed in (an event says so) is complete at once; one found by a
scan when size, mtime and ctime have been still for `settle_seconds`; neither while somebody
has it open for writing, as far as the kernel tells. A prompt whose metadata lies beside it
waits until that is complete too, and one that seems to have none waits a moment, since its
`.json` may be on the way. A lone `.json` always waits, for it may be a sidecar.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from syntx.spool.dropped.arriving_folders import DropLimits, Survey, is_being_written, survey
from syntx.spool.dropped.foreign import Refused, refused_by_name
from syntx.spool.dropped.intake import names_being_taken
from syntx.spool.layout import (
    INCOMING,
    Kind,
    arrival_stamp,
    kind_of,
    parse_entry,
    sidecar_of,
    stem_of,
)
from syntx.spool.plain import NotPlain, check_plain
from syntx.spool.storage import Storage

LOOK_LIMIT = 5_000
"""How many dropped names are looked at in one scan."""

_GRACE_SECONDS = 0.2
_PROMPT_ENDINGS = (".txt", ".md", ".TXT", ".MD")
_PARKED_SECONDS = 60.0

Signature = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """A dropped thing that may be taken now, with its place in the order."""

    order: str
    name: str
    sidecar: str | None = field(default=None, compare=False)
    refused: Refused | None = field(default=None, compare=False)


@dataclass(slots=True)
class _Sight:
    noticed: float
    signature: Signature | None = None
    still_since: float = 0.0
    closed: bool = False
    looked_after_close: bool = True
    modified: float = 0.0
    refused: Refused | None = None
    folder: Survey | None = None


class Arrivals:
    """What is known of the dropped names in `incoming/`."""

    def __init__(
        self,
        storage: Storage,
        *,
        settle_seconds: float,
        limits: DropLimits,
        monotonic: Callable[[], float],
    ) -> None:
        self.next_look: float | None = None
        """When something may become complete, on the monotonic clock; None: nothing waits."""
        self.present: set[str] = set()
        """The names that were still there at the last look."""
        self._storage = storage
        self._settle = settle_seconds
        self._limits = limits
        self._monotonic = monotonic
        self._sights: dict[str, _Sight] = {}
        self._parked: dict[str, float] = {}

    def park(self, name: str) -> None:
        """Leave a name alone for a minute, since it cannot be moved."""
        self._parked[name] = self._monotonic() + _PARKED_SECONDS

    def is_parked(self, name: str) -> bool:
        """Whether a name is left alone for now."""
        return self._parked.get(name, float("-inf")) > self._monotonic()

    def look(self, names: Iterable[str], closed: Iterable[str] = ()) -> list[Arrival]:
        """Return what may be taken among the dropped names, oldest first.

        `closed` are those that were closed after writing, or renamed in, since the last look.
        """
        now = self._monotonic()
        for name in closed:
            self._close(name, now)
        self._parked = {name: until for name, until in self._parked.items() if until > now}
        candidates = sorted(
            name
            for name in names
            if kind_of(name) is not Kind.IN_THE_MAKING and name not in self._parked
        )
        # The limit bounds what one look costs; a pair must not be cut in two by it.
        present = set(candidates)
        looked = candidates[:LOOK_LIMIT]
        fresh = [name for name in looked if self._see(name, now)]
        self.present = present.difference(set(looked).difference(fresh))
        self._sights = {name: self._sights[name] for name in fresh}
        stems = {stem_of(name) for name in present if kind_of(name) is Kind.PROMPT}
        waits = {name: self._wait_of(name, present, stems, now) for name in fresh}
        self._keep_pairs_together(waits)
        late = [wait for wait in waits.values() if wait > 0]
        self.next_look = now + max(0.02, min(late)) if late else None
        return sorted(self._arrival(name, present) for name, wait in waits.items() if wait <= 0)

    def _keep_pairs_together(self, waits: dict[str, float]) -> None:
        """Let metadata wait whose prompt is just being taken: its taker comes for it.

        First incoming is looked at, then what is being taken: a prompt goes that way, so one of
        the looks meets it, unless its taker has come for the metadata already.
        """
        lone = {
            name: [stem_of(name) + ending for ending in _PROMPT_ENDINGS]
            for name, wait in waits.items()
            if wait <= 0 and kind_of(name) is Kind.JSON
        }
        incoming = self._storage.folders.path(INCOMING)
        meeting = {
            name
            for name, prompts in lone.items()
            if any(self._storage.exists(f"{incoming}/{prompt}") for prompt in prompts)
        }
        taken = set(names_being_taken(self._storage)) if len(lone) > len(meeting) else set()
        for name, prompts in lone.items():
            if name in meeting or not taken.isdisjoint(prompts):
                waits[name] = self._settle_or_blink()

    def _close(self, name: str, now: float) -> None:
        sight = self._sights.setdefault(name, _Sight(now))
        sight.closed = True
        sight.looked_after_close = False

    def _see(self, name: str, now: float) -> bool:
        """Look at one name; False when it is gone."""
        try:
            found = self._storage.disk.lstat(self._storage.folders.path(INCOMING, name))
        except FileNotFoundError:
            return False
        sight = self._sights.setdefault(name, _Sight(now))
        sight.folder = self._survey(name) if stat.S_ISDIR(found.st_mode) else None
        inside = 0 if sight.folder is None else sight.folder.signature
        signature = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, inside)
        if signature != sight.signature:
            sight.closed = sight.closed and not sight.looked_after_close
            sight.signature, sight.still_since = signature, now
        sight.looked_after_close = True
        sight.modified = found.st_mtime
        if sight.folder is None:
            sight.refused = _look_at(found, self._limits.file_bytes)
        else:
            sight.refused = sight.folder.refused
        return True

    def _survey(self, name: str) -> Survey:
        path = self._storage.folders.path(INCOMING, name)
        return survey(self._storage, path, self._limits)

    def _wait_of(self, name: str, present: set[str], stems: set[str], now: float) -> float:
        """Return the seconds to wait until a name may be taken, at most 0 when it may."""
        sight = self._sights[name]
        if sight.folder is not None:
            return self._complete(name, now)
        if sight.refused is not None and sight.refused.reason != "too_large":
            return 0.0
        kind = kind_of(name)
        if kind is Kind.PROMPT:
            return self._wait_of_prompt(name, present, now)
        own = self._still(name, now)
        if kind is Kind.JSON and stem_of(name) in stems:
            return max(own, self._settle, 0.02)
        if kind is Kind.ANSWER and name[: -len("_response.txt")] in stems:
            return max(own, self._settle, 0.02)
        return own

    def _wait_of_prompt(self, name: str, present: set[str], now: float) -> float:
        own = self._complete(name, now)
        if own > 0:
            return own
        sidecar = self._sidecar_of(name, present)
        if sidecar is not None:
            return self._complete(sidecar, now) if sidecar in self._sights else 0.0
        grace = min(_GRACE_SECONDS, self._settle)
        return self._sights[name].noticed + grace - now

    def _sidecar_of(self, prompt: str, present: set[str]) -> str | None:
        """Return the name of a prompt's metadata if it is there; a folder or an entry is none."""
        sidecar = sidecar_of(prompt)
        if sidecar not in present or parse_entry(sidecar) is not None:
            return None
        sight = self._sights.get(sidecar)
        return sidecar if sight is None or sight.folder is None else None

    def _complete(self, name: str, now: float) -> float:
        sight = self._sights[name]
        if not sight.closed:
            return self._still(name, now)
        return self._settle_or_blink() if self._is_open(name) else 0.0

    def _still(self, name: str, now: float) -> float:
        left = self._sights[name].still_since + self._settle - now
        if left > 0:
            return left
        return self._settle_or_blink() if self._is_open(name) else 0.0

    def _settle_or_blink(self) -> float:
        return max(self._settle, 0.02)

    def _is_open(self, name: str) -> bool:
        """Whether somebody still writes to it."""
        disk = self._storage.disk
        path = self._storage.folders.path(INCOMING, name)
        sight = self._sights[name]
        if sight.refused is not None:
            return False
        if sight.folder is not None:
            return is_being_written(self._storage, path, sight.folder)
        try:
            fd = disk.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.ENOENT, errno.ELOOP, errno.ENXIO):
                return False
            raise
        try:
            return disk.is_being_written(fd)
        finally:
            self._storage.quietly_close(fd)

    def _arrival(self, name: str, present: set[str]) -> Arrival:
        sight = self._sights[name]
        kind = kind_of(name)
        may_be_paired = kind is Kind.PROMPT and sight.folder is None
        sidecar = self._sidecar_of(name, present) if may_be_paired else None
        refused = sight.refused
        if refused is None and sight.folder is None:
            refused = refused_by_name(name)
        order = arrival_stamp(name, sight.modified)
        return Arrival(order, name, sidecar, refused)


def _look_at(found: os.stat_result, max_bytes: int) -> Refused | None:
    """Refuse from the outside what must not even be opened."""
    try:
        check_plain(found, max(max_bytes, found.st_size))
    except NotPlain as error:
        return Refused("not_plain", f"it is {error}")
    if found.st_size > max_bytes:
        return Refused("too_large", f"{found.st_size} bytes, more than the {max_bytes} allowed")
    return None
