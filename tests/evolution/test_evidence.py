from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evolution.choosing import Choice
from evolution.evidence import EvidenceStore
from evolution.generations import Plan, new_plan
from evolution.rows import Row
from evolution.tallies import Evidence, Terms
from syntx.errors import SpoolError
from syntx.job import DraftedBy, Job, Recipe

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a store in a folder that is not there yet."""
    return tmp_path / ".state" / "evolution.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[EvidenceStore]:
    """Open a fresh store."""
    with EvidenceStore(path) as opened:
        yield opened


@pytest.fixture
def plan(recipe: Recipe) -> Plan:
    """Plan generation 5 with three prompts."""
    return new_plan(5, [Choice(recipe, "control"), *[Choice(recipe, "steered")] * 2], NOW)


def drafted(plan: Plan, place: int, cost: float | None = 0.25) -> Job:
    """Return the drafted job of a plan's item."""
    return Job(
        id=plan.items[place].job_id,
        created_at=NOW,
        prompt="Wie verändert Schlaf das Urteil? Größe, Maß – „so“.",
        drafted_by=DraftedBy(model="writer", cost=cost),
    )


def test_rows_survive_being_closed(
    store: EvidenceStore, path: Path, finished_job: Callable[..., Job]
) -> None:
    """What was recorded is read back equal by the next who opens the store."""
    jobs = [finished_job(2, score=None), finished_job(1, score=93)]
    store.record(jobs, cursor={"2026-11-20": 3})
    store.close()

    with EvidenceStore(path) as opened:
        assert opened.outcomes([job.id for job in jobs]) == {
            jobs[0].id: "failed",
            jobs[1].id: "passed",
        }
        assert opened.cursor() == {"2026-11-20": 3}


def test_recording_twice_counts_once(
    store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """The same ending of a job is one row however often it is read."""
    store.record([finished_job(1)], {finished_job(1).id: 42})
    store.record([finished_job(1)], {finished_job(1).id: 42})

    assert store.count() == 1
    assert store.known([finished_job(1).id, "other"]) == {finished_job(1).id: [42]}


def test_a_retried_job_counts_by_its_latest_verdict(
    store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """Both endings are kept; the later one is the evidence, as it is in the job's file."""
    first = finished_job(1, score=40)
    again = first.settled(finished_job(1, score=95).verdict, first.attempts[0])  # type: ignore[arg-type]
    store.record([first], {first.id: 1})
    store.mark_archived([first.id])

    store.record([again], {again.id: 2})

    (stratum,) = store.evidence(Terms()).strata
    assert (stratum.rows, stratum.scores.total) == (1, 95)
    assert store.outcomes([first.id]) == {first.id: "passed"}
    assert store.unarchived(9) == (first.id,)
    assert sorted(store.known([first.id])[first.id]) == [1, 2]


def test_lineage_is_kept_with_the_evidence(
    store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """Parents and family of a job are known once it was read, and read anew after a rebuild."""
    first = finished_job(1)
    child = finished_job(2, parents=(first.id,), family=first.id)
    for _ in range(2):
        store.record([first, child])

        assert store.read("SELECT child, parent FROM lineage") == [(child.id, first.id)]
        assert [trial.family for trial in store.evidence(Terms()).trials] == [first.id] * 2
        store.forget()
        assert store.read("SELECT * FROM lineage") == []
        assert store.evidence(Terms()) == Evidence()


def test_rows_can_be_kept_without_a_file(row: Callable[..., Row]) -> None:
    """A store in memory learns from rows as from jobs."""
    with EvidenceStore(Path(":memory:")) as memory:
        assert memory.keep_rows([row(1, score=70), row(2, score=None, outcome="failed")]) == 2

        assert memory.evidence(Terms()).learned == 1
        assert memory.outcomes(["job-000001", "job-000002"]) == {
            "job-000001": "low_score",
            "job-000002": "failed",
        }


def test_only_learned_jobs_are_to_be_archived(
    store: EvidenceStore, finished_job: Callable[..., Job]
) -> None:
    """Failures and prompts without a recipe stay where they are; archived ones are done."""
    good, low = finished_job(1, score=95), finished_job(2, score=20)
    by_hand = finished_job(3, recipe=Recipe(topic="only this"))
    store.record([good, low, by_hand, finished_job(4, score=None)])

    assert store.unarchived(9) == (good.id, low.id)
    assert store.unarchived(9, without=[good.id]) == store.unarchived(1, [good.id]) == (low.id,)
    assert store.unarchived(1) == (good.id,)
    store.mark_archived([good.id])
    assert store.unarchived(9) == (low.id,)


def test_numbers_rise_for_ever(
    store: EvidenceStore, plan: Plan, finished_job: Callable[..., Job]
) -> None:
    """The next number is above every plan, generation and log line that can be believed."""
    assert store.next_number() == 1
    store.record([finished_job(1, generation=3)])
    assert store.next_number() == 4
    store.save_plan(plan)
    assert store.next_number() == 6
    store.record([finished_job(2, generation=10**9), finished_job(3, generation=90, plan_id=None)])
    store.record([finished_job(4, generation=17)])
    assert store.next_number() == 6
    assert store.next_number(floor=40) == 41


def test_a_plan_is_read_back_as_it_was_saved(store: EvidenceStore, path: Path, plan: Plan) -> None:
    """Recipes, arms, IDs and order survive a restart."""
    store.save_plan(plan)
    store.close()

    with EvidenceStore(path) as opened:
        assert opened.open_plan() == plan
        assert opened.plan(6) is None


def test_a_restart_finds_how_far_each_prompt_was(store: EvidenceStore, plan: Plan) -> None:
    """Drafted, submitted and failed items say so, and a draft's bytes are there to submit."""
    store.save_plan(plan)
    for place in (0, 1):
        store.mark_drafted(drafted(plan, place))
    store.mark_submitted(plan.items[1].job_id)
    store.mark_failed(plan.items[2].job_id, "refused", cost=0.5)

    found = store.open_plan()

    assert found is not None
    assert [item.state for item in found.items] == ["drafted", "submitted", "failed"]
    assert found.items[0].envelope == drafted(plan, 0).to_bytes()
    assert found.items[1].envelope is None
    assert found.items[2].reason == "refused"
    assert store.cost_of(5) == 1.0


def test_a_price_nobody_knows_is_no_zero(store: EvidenceStore, plan: Plan) -> None:
    """A generation drafted by a model without a price has no cost rather than none."""
    store.save_plan(plan)
    store.mark_drafted(drafted(plan, 0, cost=None))

    assert store.cost_of(5) is None


def test_what_was_submitted_is_never_drafted_again(store: EvidenceStore, plan: Plan) -> None:
    """A submitted prompt goes back to no earlier state; nor does one nobody planned move."""
    store.save_plan(plan)
    store.mark_drafted(drafted(plan, 0))
    store.mark_submitted(plan.items[0].job_id)

    with pytest.raises(SpoolError, match="could become drafted"):
        store.mark_drafted(drafted(plan, 0))
    with pytest.raises(SpoolError, match="could become failed"):
        store.mark_failed("unknown", "refused")


def test_plans_are_finished_in_order(store: EvidenceStore, plan: Plan) -> None:
    """A plan is open until it is closed, logged or not; then the next one is."""
    later = replace(new_plan(6, [], NOW), plan_id="later")
    store.save_plan(later)
    store.save_plan(plan)
    store.mark_logged(5)

    assert (found := store.open_plan()) is not None
    assert (found.number, found.logged, found.archived) == (5, True, False)
    store.close_plan(5)
    assert store.open_plan() == later
    store.close_plan(6)
    assert store.open_plan() is None


def test_a_number_is_planned_once(store: EvidenceStore, plan: Plan) -> None:
    """A second plan of one number is refused, and the first stands whole."""
    store.save_plan(plan)

    with pytest.raises(SpoolError):
        store.save_plan(replace(plan, items=()))
    assert store.open_plan() == plan


def test_spending_adds_up_by_day(store: EvidenceStore) -> None:
    """Each UTC day has its own sum, starting at nothing."""
    store.spend("2026-11-20", 0.1)
    store.spend("2026-11-20", 0.2)
    store.spend("2026-11-21", 5)

    assert store.spent("2026-11-20") == pytest.approx(0.3)
    assert store.spent("2026-11-22") == 0


def test_a_damaged_store_says_what_to_do(path: Path) -> None:
    """Bytes that are no database are an error that tells the remedy."""
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)

    with pytest.raises(SpoolError) as caught:
        EvidenceStore(path)
    assert "read anew from the jobs" in str(caught.value.fix)


def test_a_newer_store_is_left_alone(store: EvidenceStore, path: Path) -> None:
    """Tables of a later version are not touched."""
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(SpoolError, match="newer syntx"):
        EvidenceStore(path)


def test_every_write_is_flushed_to_disk(store: EvidenceStore) -> None:
    """The database waits for the disk at each commit, so a call that returned survives."""
    assert store.read("PRAGMA synchronous") == [(2,)]
    assert store.read("PRAGMA journal_mode") == [("wal",)]


def test_only_a_plan_says_which_generation_a_job_is_of(
    store: EvidenceStore, plan: Plan, finished_job: Callable[..., Job]
) -> None:
    """A job that was put there with a forged origin teaches its recipe, and nothing else."""
    store.save_plan(plan)
    own = finished_job(1, generation=5, arm="steered").model_copy(
        update={"id": plan.items[1].job_id}
    )
    ancestor = finished_job(2).id
    forged = [
        finished_job(place, generation=number, arm="steered", parents=(own.id,), family=own.id)
        for place, number in ((3, 5), (4, 99_999_999))
    ]
    store.record([own, *forged])

    assert store.next_number() == 6
    assert [(each.generation, each.arm, each.scores.n) for each in store.arms()] == [
        (5, "steered", 1)
    ]
    trials = {trial.job_id: trial for trial in store.evidence(Terms()).trials}
    assert {trials[job.id].family for job in forged} == {job.id for job in forged}
    assert store.read("SELECT * FROM lineage") == []

    before = finished_job(9, generation=3, parents=(ancestor,), family=ancestor)
    store.record([before])
    trials = {trial.job_id: trial for trial in store.evidence(Terms()).trials}
    assert (trials[before.id].generation, trials[before.id].family) == (3, ancestor)
