"""Reading at once what a spool reads in slices."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from syntx.spool.contract import Finished, Spool


async def gathered(
    spool: Spool,
    cursor: Mapping[str, int] | None = None,
    known: Callable[[str, int], bool] = lambda job_id, version: False,
    *,
    archived: bool = False,
) -> Finished:
    """Read jobs that ended since `cursor`, leaving out those `known(id, version)` knows."""
    slices = spool.endings(cursor or {}, lambda job_ids: {}, archived=archived)
    parts = [part async for part in slices]
    versions = {key: value for part in parts for key, value in part.versions.items()}
    jobs = [job for part in parts for job in part.jobs if not known(job.id, versions[job.id])]
    unreadable = [each for part in parts for each in part.unreadable]
    return Finished(tuple(jobs), tuple(unreadable), parts[-1].cursor, versions)
