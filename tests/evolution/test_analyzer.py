from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evolution.analyzer import absorb, learn
from evolution.evidence import EvidenceStore
from evolution.learner import believe
from evolution.recipes import Space
from evolution.tallies import Evidence, Terms
from syntx.errors import SpoolError
from syntx.job import Job


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EvidenceStore]:
    """Open a fresh store."""
    with EvidenceStore(tmp_path / "evolution.sqlite") as opened:
        yield opened


async def test_each_finished_job_is_read_once(
    spool: Any, store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """The second look reads only what finished since, and knows everything."""
    spool.hold([finished_job(1), finished_job(2)])
    await absorb(spool, store)
    assert store.count() == 2
    spool.hold([finished_job(3)])

    await absorb(spool, store)

    assert spool.read == [finished_job(3).id]
    assert store.count() == 3


async def test_archiving_forgets_nothing(
    spool: Any, store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """What was learned stays when its jobs have gone to the archive, or are deleted there."""
    spool.hold([finished_job(1), finished_job(2)])
    before = (await learn(spool, store, Terms())).evidence
    spool.archived.add(finished_job(1).id)
    del spool.jobs[finished_job(2).id]

    assert (await learn(spool, store, Terms())).evidence == before


async def test_files_that_are_no_job_are_reported(
    spool: Any, store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """A bad file is skipped and named; the good ones are learned."""
    spool.hold([finished_job(1)])
    spool.unreadable.append(("bad.json", "not JSON"))

    learned = await learn(spool, store, Terms())

    assert learned.unreadable == (("bad.json", "not JSON"),)
    assert learned.evidence.learned == 1


async def test_a_job_that_ended_anew_is_read_again(
    spool: Any, store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """After an operator's retry the new verdict replaces the old one in what is known."""
    first = finished_job(1, score=30)
    spool.hold([first])
    await absorb(spool, store)
    spool.hold([first.settled(finished_job(1, score=95).verdict, first.attempts[0])])  # type: ignore[arg-type]

    learned = await learn(spool, store, Terms())

    assert [each.scores.total for each in learned.evidence.learnable] == [95]


async def test_a_rebuilt_store_believes_the_same(
    spool: Any, tmp_path: Path, space: Space, finished_job: Callable[..., Job]
) -> None:
    """Deleting the state and reading all jobs anew, archived ones too, gives the same belief."""
    kept, rebuilt = tmp_path / "kept.sqlite", tmp_path / "rebuilt.sqlite"
    with EvidenceStore(kept) as store:
        for number in range(60):
            spool.hold([finished_job(59 - number, score=None if number % 9 == 0 else number)])
            if number % 20 == 19:
                before = (await learn(spool, store, Terms())).evidence
                store.mark_archived(store.unarchived(100))
                spool.archived.update(job_id for job_id in spool.jobs)
    with EvidenceStore(rebuilt) as store:
        after = (await learn(spool, store, Terms())).evidence
        assert store.count() == 60

    assert after == before
    one, other = believe(space, before), believe(space, after)
    assert np.array_equal(one.mean, other.mean)
    assert np.array_equal(one.cholesky, other.cholesky)


async def test_a_look_that_broke_off_goes_on_where_it_was(
    spool: Any, store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """What was kept before the disk failed is not read again, and the archive is still read."""
    spool.hold([finished_job(number) for number in range(30)])
    spool.archived.update(finished_job(number).id for number in range(25, 30))
    spool.breaks_after = 14
    with pytest.raises(SpoolError):
        await absorb(spool, store)
    assert (store.count(), store.cursor()) == (14, None)

    spool.breaks_after = None
    await absorb(spool, store)

    assert len(spool.read) == 16
    assert store.count() == 30


async def test_nothing_is_learned_from_an_empty_spool(spool: Any, store: EvidenceStore) -> None:
    """An empty look is remembered, and its evidence is none."""
    learned = await learn(spool, store, Terms())

    assert learned.evidence == Evidence()
    assert store.cursor() == {"processed": 0}
