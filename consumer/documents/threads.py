"""Work beside the event loop that writes into a job's folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do work in a thread and return its result; a cancellation is heeded when it is done.

    Whoever cancels gives the folder to somebody else next: nothing may write into it then.
    """
    running = asyncio.create_task(asyncio.to_thread(work, *args, **kwargs))
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()  # so that it is not told as never looked at
        raise cancelled
    return running.result()
