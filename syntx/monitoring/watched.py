"""That a home has one monitor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from syntx.errors import Temporary
from syntx.home import Home
from syntx.monitoring.cache_files import cache_folder, locked

_LOCK = "monitor.lock"


@contextmanager
def watching(home: Home) -> Iterator[None]:
    """Be the one monitor of a home; raises Temporary where another is."""
    with locked(cache_folder(home) / _LOCK, wait=False) as free:
        if not free:
            raise Temporary(
                f"{home.root}: another monitor watches this home",
                fix="leave it at work, or stop it first",
            )
        yield


def is_watched(home: Home) -> bool:
    """Whether a monitor of this home is at work."""
    file = home.root / ".cache" / _LOCK
    with suppress(OSError):
        if file.exists():
            with locked(file, wait=False) as free:
                return not free
    return False
