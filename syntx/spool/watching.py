"""Seeing work come in: watchdog's reader tells which name was closed or moved into a folder.

This only wakes and hints; reading the folder is the truth, and alone suffices where there are
no events.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

_ARRIVALS = Mask(InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_MOVED_TO)


class Watch:
    """A watch on one folder; `on_names` and `on_loss` are called in the loop that opened it.

    It takes watchdog's reader without its observer: that also hears moves out, which each claim
    is, and holds what follows one back for half a second, to pair it with a move in.
    """

    def __init__(
        self, folder: str, on_names: Callable[[list[str]], None], on_loss: Callable[[], None]
    ) -> None:
        """Start watching; raises OSError where there are no events to be had."""
        self._on_names = on_names
        self._on_loss = on_loss
        self._loop = asyncio.get_running_loop()
        self._heard: deque[str] = deque()
        self._told = False
        self._reader = InotifyFD()
        self._reader.start()
        self._reader.add_callback(os.fsencode(folder), _ARRIVALS, self, CallbackId(1))

    def close(self) -> None:
        """Stop watching."""
        self._reader.stop()
        self._reader.join()

    def on_event(self, event: InotifyEvent) -> None:
        """Note a name, and wake the loop once for all that come together (reader's thread)."""
        self._heard.append(os.fsdecode(event.name))
        if not self._told:
            self._told = True
            self._call(self._tell)

    def on_queue_overflow(self) -> None:
        """Pass on that events were lost (reader's thread)."""
        self._call(self._on_loss)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Let it pass: without the folder nothing works, and others say so."""

    def _call(self, callback: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback)

    def _tell(self) -> None:
        self._told = False
        names = [self._heard.popleft() for _ in range(len(self._heard))]
        self._on_names(names)
