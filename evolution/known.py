"""Which endings of jobs are known, asked for a folder's worth of names at a time.

Looking up a million names one by one costs seconds, reading the day they belong to in order half
a second. So where names come in such numbers, a day's endings are held as numbers while its
folder is read: 16 bytes for each. A name is told by 64 bits of its hash then, so that a new job
is mistaken for a known one with a chance of one to 10¹³ in a day of a million.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syntx.ids import day_of

MANY = 2_000
"""From so many names at once on their day is read whole."""

Stream = Callable[..., Iterator[Any]]
"""Runs a query with its values and gives its rows one by one."""

_SOME = """
SELECT job_id, version FROM evidence INDEXED BY evidence_versions
WHERE job_id IN (SELECT value FROM json_each(?))
"""
_DAY = """
SELECT job_id, version FROM evidence INDEXED BY evidence_versions
WHERE job_id BETWEEN ? AND ? || '~'
"""
_ENDING = np.dtype([("job", np.int64), ("version", np.int64)])
_PRIORITIES = ("", *(f"{digit}-" for digit in range(10)))

Versions = Mapping[str, Collection[int]]


class Known:
    """Answers, during one look, which endings of jobs are recorded."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._day: str | None = None
        self._endings: NDArray[np.void] = np.empty(0, _ENDING)

    def __call__(self, job_ids: Sequence[str]) -> Versions:
        """Return the recorded versions of these jobs; those without any are left out."""
        days = {day_of(job_id) for job_id in job_ids}
        if len(job_ids) < MANY or len(days) != 1:
            return self._some(job_ids)
        (day,) = days
        if day != self._day:
            self._day, self._endings = day, self._of_day(day.replace("-", ""))
        return self._among_the_day(job_ids)

    def _some(self, job_ids: Sequence[str]) -> Versions:
        found: dict[str, tuple[int, ...]] = {}
        for job_id, version in self._stream(_SOME, json.dumps([*job_ids])):
            found[job_id] = (*found.get(job_id, ()), version)
        return found

    def _of_day(self, date: str) -> NDArray[np.void]:
        rows = (
            (hash(job_id), version)
            for priority in _PRIORITIES
            for job_id, version in self._stream(_DAY, priority + date, priority + date)
        )
        endings = np.fromiter(rows, _ENDING)
        return endings[np.argsort(endings["job"], kind="stable")]

    def _among_the_day(self, job_ids: Sequence[str]) -> Versions:
        asked = np.fromiter(map(hash, job_ids), np.int64, len(job_ids))
        first = np.searchsorted(self._endings["job"], asked, "left").tolist()
        last = np.searchsorted(self._endings["job"], asked, "right").tolist()
        versions = self._endings["version"]
        return {
            job_id: versions[start:end].tolist()
            for job_id, start, end in zip(job_ids, first, last, strict=True)
            if end > start
        }
