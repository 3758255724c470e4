"""Folders on the command line as document jobs, checked before anything is submitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syntx.errors import BadRequest, ConfigError
from syntx.job import Job
from syntx.job_options import BadOptions, read_job_options
from syntx.settings.models import Queue
from syntx.spool.dropped.arriving_folders import DropLimits
from syntx.spool.dropped.foreign import Refused
from syntx.spool.dropped.requests import compose_request
from syntx.spool.submitting import read_request


def folder_job(
    source: Path,
    job_id: str,
    asked: Mapping[str, Any],
    queue: Queue,
    known: Callable[[str], object] | None = None,
) -> Job:
    """Make the document job of a folder; raises BadRequest, as its worker would.

    `known` is given the name of each model, and raises ConfigError for one that there is not.
    """
    limits = DropLimits(queue.max_entry_bytes, queue.max_folder_bytes)
    request = read_request(source, limits)
    try:
        job = compose_request(request, job_id, datetime.now(UTC), source="submitted", asked=asked)
        options = read_job_options(job.metadata["options"])
    except Refused as refused:
        raise BadRequest(f"{source}: {refused.message}", fix="correct it") from refused
    except BadOptions as error:
        raise BadOptions(f"{source}: {error.message}", fix=error.fix) from error
    if known is None:
        return job
    for name in dict.fromkeys(name for _, chain in options.models for name in chain):
        try:
            known(name)
        except ConfigError as error:
            raise BadOptions(f"{source}: job.yaml: {error.message}", fix=error.fix) from error
    return job
