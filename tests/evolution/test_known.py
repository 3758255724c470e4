"""Known endings are told alike, one by one or by the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evolution import known
from evolution.evidence import EvidenceStore
from syntx.job import Job


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EvidenceStore]:
    """Open a fresh store."""
    with EvidenceStore(tmp_path / "evolution.sqlite") as opened:
        yield opened


@pytest.mark.parametrize("many", [1, 10_000])
def test_all_endings_of_the_jobs_asked_for_are_told(
    store: EvidenceStore,
    finished_job: Callable[..., Job],
    many: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever way they are read, with priorities, second endings and other days beside them."""
    monkeypatch.setattr(known, "MANY", many)
    jobs = [finished_job(number) for number in range(40)]
    jobs[7] = jobs[7].model_copy(update={"id": f"3-{jobs[7].id}"})
    other_day = jobs[0].model_copy(update={"id": jobs[0].id.replace("20261120", "20261121")})
    again = jobs[3].settled(jobs[4].verdict, jobs[4].attempts[0])  # type: ignore[arg-type]
    store.record([*jobs[:30], other_day], {job.id: 100 + n for n, job in enumerate(jobs[:30])})
    store.record([again], {again.id: 999})

    told = store.known()([job.id for job in jobs])

    assert told.keys() == {job.id for job in jobs[:30]}
    assert sorted(told[jobs[3].id]) == [103, 999]
    assert [*told[jobs[7].id]] == [107]


@pytest.mark.parametrize("many", [1, 10_000])
def test_a_look_follows_from_day_to_day(
    store: EvidenceStore,
    finished_job: Callable[..., Job],
    many: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is held of one day answers for no other, and mixed days are told as well."""
    monkeypatch.setattr(known, "MANY", many)
    first = finished_job(1)
    second = first.model_copy(update={"id": first.id.replace("20261120", "20261121")})
    store.record([first, second], {first.id: 1, second.id: 2})
    look = store.known()

    told = [look([first.id]), look([second.id]), look([first.id, second.id]), look([])]

    assert [{job_id: [*at] for job_id, at in each.items()} for each in told] == [
        {first.id: [1]},
        {second.id: [2]},
        {first.id: [1], second.id: [2]},
        {},
    ]
