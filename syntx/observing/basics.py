"""The few settings that looking at a home needs, remembered so that a look takes no validation.

Reading and checking YAML costs more than all of the look. What was found is kept in `.cache/` of
the home, and holds for as long as neither the files nor this program changed.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syntx import __version__
from syntx.replacing import replace_file

if TYPE_CHECKING:
    from syntx.home import Home
    from syntx.settings.models import Settings

SETTLED_NS = 100_000_000
"""A file changed so recently may change again without its times telling (nanoseconds)."""

_FILE = Path(".cache", "basics.json")
_READ = ("queue.yaml", "system.yaml", "evolution.yaml")
_SHAPES = Path(__file__).resolve().parent.parent / "settings"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inclusive upper bounds of waiting jobs for each state of the queue."""

    starving: int
    low: int
    balanced: int
    high: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many prompts are written in each state of the queue."""

    starving: int
    low: int
    balanced: int
    high: int
    overflow: int


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is bad; see `monitoring` in system.yaml."""

    min_free_bytes: int
    min_free_inodes: int
    error_share: float
    error_calls: int
    key_refusals: int
    stuck_seconds: float


@dataclass(frozen=True, slots=True)
class Basics:
    """Where queue and logs lie (absolute), and the bounds a look judges by."""

    queue: str
    logs: str
    evolution_log: str
    thresholds: Bounds
    production: Wanted
    limits: Limits


def read_basics(home: Home) -> Basics:
    """Return the basics of a home; raises ConfigError when its settings are wrong."""
    stamps = _stamps(home)
    file = home.root / _FILE
    known = _remembered(file, stamps)
    if known is not None:
        return known
    from syntx.settings.folder import load

    found = basics_of(home, load(home))
    if _settled(stamps):
        _remember(file, stamps, found)
    return found


def basics_of(home: Home, settings: Settings) -> Basics:
    """Take the basics out of a snapshot of the settings."""
    from syntx.settings.folder import queue_root

    queue, monitoring = settings.queue, settings.system.monitoring
    return Basics(
        queue=str(queue_root(home, settings)),
        logs=str(home.path(settings.system.logging.base_dir, "logs")),
        evolution_log=str(
            home.path(settings.evolution.logging.evolution_log, "logs/evolution.jsonl")
        ),
        thresholds=Bounds(**queue.thresholds.model_dump()),
        production=Wanted(**queue.production.model_dump()),
        limits=Limits(
            queue.min_free_bytes,
            queue.min_free_inodes,
            monitoring.error_share,
            monitoring.error_calls,
            monitoring.key_refusals,
            monitoring.stuck_seconds,
        ),
    )


def _stamps(home: Home) -> list[Any]:
    """Return what changes whenever the settings, their defaults or this program do."""
    files = [home.config / name for name in _READ]
    shapes = sorted(entry.path for entry in os.scandir(_SHAPES) if entry.name.endswith(".py"))
    return [__version__, str(home.root), *map(_stamp, [*map(str, files), *shapes])]


def _stamp(path: str) -> list[int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino]


def _settled(stamps: list[Any]) -> bool:
    newest = max((max(stamp[:2]) for stamp in stamps if isinstance(stamp, list)), default=0)
    return time.time_ns() - newest > SETTLED_NS


def _remembered(file: Path, stamps: list[Any]) -> Basics | None:
    damaged = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
    with suppress(OSError, *damaged):
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["stamps"] == stamps:
            basics = found["basics"]
            return Basics(
                basics["queue"],
                basics["logs"],
                basics["evolution_log"],
                Bounds(**basics["thresholds"]),
                Wanted(**basics["production"]),
                Limits(**basics["limits"]),
            )
    return None


def _remember(file: Path, stamps: list[Any], basics: Basics) -> None:
    """Write down what was found; best effort, since it only saves time."""
    with suppress(OSError):
        # A folder of another user than the home's would be in its way.
        if os.stat(file.parent.parent).st_uid == os.geteuid():
            file.parent.mkdir(mode=0o750, exist_ok=True)
        content = {"stamps": stamps, "basics": asdict(basics)}
        replace_file(file, json.dumps(content).encode(), flush=False)
