"""Seeing work come in: watchdog tells which name was closed or renamed into a folder.

This only wakes and hints; reading the folder is the truth, and alone suffices where there are
no events.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from watchdog.events import (
    DirModifiedEvent,
    FileModifiedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyConstants, Mask


class _ArrivalEmitter(InotifyEmitter):
    """Hears of arrivals only.

    The stock mask hears moves out as well and holds what follows one back for half a second, to
    pair it with a move in; each claim is a move out.
    """

    def get_event_mask_from_filter(self) -> Mask:
        """Return the kernel events to hear of."""
        arrivals = InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_MOVED_TO
        return Mask(arrivals | InotifyConstants.IN_DELETE_SELF)


class Watch(FileSystemEventHandler):
    """A watch on one folder; `on_name` is called in the event loop that opened it."""

    def __init__(self, folder: str, on_name: Callable[[str], None]) -> None:
        """Start watching; raises OSError where there are no events to be had."""
        self._on_name = on_name
        self._loop = asyncio.get_running_loop()
        self._observer = BaseObserver(_ArrivalEmitter)
        self._observer.schedule(self, folder)
        self._observer.start()

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass a name on; called in watchdog's thread."""
        if isinstance(event, DirModifiedEvent | FileModifiedEvent) or self._loop.is_closed():
            return
        path = event.dest_path or event.src_path
        self._loop.call_soon_threadsafe(self._on_name, os.path.basename(os.fsdecode(path)))
