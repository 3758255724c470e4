"""The folder of a held document job: whether it may be worked in, and where its work begins anew.

::

    ID/attachments/  outputs/  workflow/
    ID/outputs.1/  workflow.1/        of the first verdict that an operator's retry set aside
"""

from __future__ import annotations

import contextlib
import stat
from typing import Any

from syntx.job import Job
from syntx.spool.dropped.arriving_folders import DropLimits, check_readable, survey
from syntx.spool.dropped.foreign import Refused
from syntx.spool.layout import ATTACHMENTS, OUTPUTS, WORKFLOW
from syntx.spool.plain import describe
from syntx.spool.storage import Storage

EARLIER_VERDICTS = "earlier_verdicts"
"""The key in a job's metadata under which verdicts stand that no longer count."""

FROM_OUTSIDE = frozenset(
    {
        "bad_options", "bug", "config", "context_exceeded", "cost_limit", "disk", "missing_extra",
        "not_authorised", "rate_limited", "spool", "temporary", "timeout", "unavailable",
        "worker_killed",
    }
)  # fmt: skip
"""Reasons of failures that say nothing against the answers given before them."""

_UNBOUNDED = DropLimits(folder_bytes=1 << 62, files=1 << 62)
"""What the work makes is as large as it is; a worker that died may have left as much."""


def check_inside(storage: Storage, entry: str, limits: DropLimits) -> None:
    """Raise Refused unless all that is read or flushed in an entry is plain.

    Such a folder may have been made by hand, with anything in it.
    """
    _check(storage, entry, ATTACHMENTS, limits)
    _check(storage, entry, OUTPUTS, _UNBOUNDED)
    _check(storage, entry, WORKFLOW, _UNBOUNDED)


def _check(storage: Storage, entry: str, name: str, limits: DropLimits) -> None:
    folder = f"{entry}/{name}"
    try:
        mode = storage.disk.lstat(folder).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        raise Refused("not_plain", f"{name} in it is {describe(mode)}, not a folder")
    found = survey(storage, folder, limits)
    if found.refused is not None:
        raise found.refused
    check_readable(storage, folder, found)


def begin_anew(storage: Storage, entry: str, job: Job) -> None:
    """Set the work of the last verdict aside, unless its answers are worth going on with.

    May be repeated: the numbered workflow folder, which is made last, says that it is done.
    """
    earlier = job.metadata.get(EARLIER_VERDICTS)
    if not isinstance(earlier, list) or not earlier or may_go_on(earlier[-1]):
        return
    number = len(earlier)
    if storage.exists(f"{entry}/{WORKFLOW}.{number}"):
        return
    _set_aside(storage, entry, OUTPUTS, number)
    with contextlib.suppress(FileExistsError):
        storage.disk.mkdir(f"{entry}/{OUTPUTS}")
    _set_aside(storage, entry, WORKFLOW, number)
    with contextlib.suppress(FileExistsError):
        storage.disk.mkdir(f"{entry}/{WORKFLOW}.{number}", 0o700)
    storage.sync_once(entry)


def _set_aside(storage: Storage, entry: str, name: str, number: int) -> None:
    with contextlib.suppress(FileNotFoundError, FileExistsError):
        storage.disk.rename_new(f"{entry}/{name}", f"{entry}/{name}.{number}")


def may_go_on(verdict: Any) -> bool:
    """Whether work that ended so is resumed by a retry: nobody judged its answers."""
    if not isinstance(verdict, dict) or verdict.get("outcome") != "failed":
        return False
    return verdict.get("reason") in FROM_OUTSIDE
