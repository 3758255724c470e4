"""Counting the logs of a home, each line once, however often we are killed in between."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from syntx.home import Home
from syntx.journal.appending import Unreadable, record_of
from syntx.journal.files import Position, lines_since
from syntx.monitoring.cache_files import MODE, cache_folder, dumped, locked, read_json
from syntx.monitoring.records import COUNTED, add
from syntx.monitoring.totals import Totals, from_json, to_json
from syntx.replacing import replace_file

FILE = "totals.json"

_VERSION = 2
_PIECE_BYTES = 1 << 22
"""So much of a log is in memory at once."""


@dataclass(slots=True)
class Counted:
    """Totals, how far each log was counted for them, and whether that was to its end."""

    totals: Totals = field(default_factory=Totals)
    positions: dict[str, Position] = field(default_factory=dict)
    whole: bool = False


def counted(
    home: Home, logs: Path, providers: Mapping[str, str], *, seconds: float | None = None
) -> Counted:
    """Count what is new in the logs, and keep totals and positions in one file.

    With `seconds` it goes no further after them, and leaves it to another who counts just then.
    Where the file cannot be written, the totals are right all the same, and the next call counts
    the same lines again.
    """
    until = math.inf if seconds is None else time.monotonic() + seconds
    with ExitStack() as stack:
        kept, free = None, True
        with suppress(OSError):
            folder = cache_folder(home)
            free = stack.enter_context(locked(folder / "totals.lock", wait=seconds is None))
            kept = folder / FILE
        counts = _read(home.root / ".cache" / FILE)
        if not free:
            return counts
        while not counts.whole and _advanced(counts, logs, providers):
            if kept is not None:
                with suppress(OSError):
                    replace_file(kept, _dumped(counts), mode=MODE, sole=True)
            if time.monotonic() >= until:
                break
        return counts


def _advanced(counts: Counted, logs: Path, providers: Mapping[str, str]) -> bool:
    """Count a piece of each log; returns whether anything was new.

    A piece that is short is the last one: what is written meanwhile is for the next look.
    """
    before = dict(counts.positions)
    counts.whole = True
    for log in COUNTED:
        lines, counts.positions[log] = lines_since(
            logs / f"{log}.jsonl", before.get(log), most_bytes=_PIECE_BYTES
        )
        counts.whole &= sum(map(len, lines)) + len(lines) < _PIECE_BYTES
        for line in lines:
            record = record_of(line, 0)
            if not isinstance(record, Unreadable):
                add(counts.totals, log, record, providers)
    return counts.positions != before


def _dumped(counts: Counted) -> bytes:
    positions = {log: _plain(position) for log, position in counts.positions.items()}
    return dumped({"version": _VERSION, "positions": positions, **to_json(counts.totals)})


def _read(path: Path) -> Counted:
    """Return what was kept; where it is damaged or of another shape, counting begins anew."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        found = read_json(path)
        if found.get("version") == _VERSION:
            return Counted(from_json(found), dict(map(_position, found["positions"].items())))
    return Counted()


def _plain(position: Position) -> dict[str, Any]:
    head, known = position.head.hex(), sorted(position.known)
    return {**asdict(position), "head": head, "known": known}


def _position(item: tuple[str, Any]) -> tuple[str, Position]:
    log, kept = item
    head, known = bytes.fromhex(kept["head"]), frozenset(map(str, kept["known"]))
    return log, Position(str(kept["name"]), int(kept["inode"]), int(kept["offset"]), head, known)
