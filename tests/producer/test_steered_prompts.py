"""What the generator model is told about steered prompts, and what of it reaches the jobs."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from turning import Maker, consume, desk_in, lines_of, simulated, text_of

from evolution.evidence import EvidenceStore
from evolution.generations import Plan, PlanItem
from producer.cycle import turn
from producer.desk import Desk
from producer.order import Order
from syntx.home import Home
from syntx.job import Job
from syntx.llm.contract import Request
from syntx.llm.scripted import ScriptedModel
from syntx.settings.folder import load
from syntx.shipped.laying_out import lay_out
from syntx.spool.memory import MemorySpool

GENERATIONS = 6
LEARNED = ("Ziel:", "Erfahrung:", "Vorlage:", "Ein Prompt, auf den", "Kandidaten")


def _score(job: Job) -> int:
    """Scenarios and one topic in three do well."""
    liked = 12 * (job.recipe.pattern == "scenario") + 6 * (len(job.recipe.topic or "") % 3)
    return 70 + liked + sum(job.prompt.encode()) % 5


async def _learn(desk: Desk, spool: MemorySpool, generations: int) -> list[Plan]:
    plans = []
    for _ in range(generations):
        plans += await turn(desk, Order(size=20, force=True))
        await consume(spool, _score)
    return plans


@dataclass(frozen=True)
class Run:
    """A learning run: what was planned, what the model was asked, what became of it."""

    items: list[PlanItem]
    asked: dict[str, list[str]]
    jobs: dict[str, Job]
    calls: list[dict[str, Any]]
    last: dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a run of some generations."""
    home = Home(tmp_path_factory.mktemp("run"))
    lay_out(home.root)
    with EvidenceStore(home.root / "evolution.sqlite") as store:
        return asyncio.run(_run(home, store))


async def _run(home: Home, store: EvidenceStore) -> Run:
    model, spool = ScriptedModel(simulated()), MemorySpool()
    plans = await _learn(desk_in(home, store, model, spool, load(home)), spool, GENERATIONS)
    items = [item for plan in plans for item in plan.in_state("submitted")]
    asked: dict[str, list[str]] = {item.job_id: [] for plan in plans for item in plan.items}
    for request in model.requests:
        asked[request.trace_id or ""].append(request.messages[-1].content)
    jobs = [await spool.read(item.job_id) for item in items]
    return Run(
        items,
        asked,
        {job.id: job for job in jobs if job is not None},
        lines_of(home.root / "logs" / "gpt_prompts.jsonl"),
        lines_of(home.root / "logs" / "evolution.jsonl")[-1],
    )


@pytest.fixture
def spool() -> MemorySpool:
    """Give an empty spool."""
    return MemorySpool()


def test_what_was_learned_reaches_steered_prompts_alone(run: Run) -> None:
    """No request of the control arm holds goal, advice, parent, example or several candidates."""
    told: dict[str, set[str]] = {"control": set(), "steered": set()}
    for item in run.items:
        for asked in run.asked[item.job_id]:
            told[item.arm] |= {mark for mark in LEARNED if mark in asked}

    assert told == {"control": set(), "steered": set(LEARNED)}


def test_a_child_is_asked_for_with_its_parent_and_does_not_repeat_it(run: Run) -> None:
    """Mutated and crossed prompts are written beside their parent's text, which they never hold."""
    children = [run.jobs[item.job_id] for item in run.items if item.parents]
    for child in children:
        parent = run.jobs[child.parents[0]]
        assert parent.prompt in run.asked[child.id][0]
        assert parent.prompt not in child.prompt
        assert child.family == (parent.family or parent.id) != child.id

    assert {child.operator for child in children} == {"mutate", "cross"}


def test_a_job_says_how_it_came_about(run: Run) -> None:
    """Operator, parents, family and advice are the same in job and plan."""
    for item in run.items:
        job = run.jobs[item.job_id]
        assert (job.operator, job.parents, job.family, job.advice_id) == (
            item.operator, item.parents, item.family, item.advice_id,
        )  # fmt: skip
        assert bool(job.parents) == (job.family != job.id) == (job.operator != "fresh")


def test_advice_is_recorded_wherever_it_was_given(run: Run) -> None:
    """Job and log name the same advice, and only where the request held some."""
    for call in run.calls:
        assert (call["advice_id"] is not None) == ("Erfahrung:" in call["prompt_in"])
    told = {call["job_id"]: call["advice_id"] for call in run.calls if call["success"]}
    assert told == {job.id: job.advice_id for job in run.jobs.values()}
    assert any(told.values())


def test_the_log_tells_of_claims_operators_and_repeats(run: Run) -> None:
    """A generation's line names what is decided, how prompts came about, and how alike they are."""
    claims, last = run.last["claims"], run.last
    assert {"factor", "level", "kind", "effect", "low", "high", "n", "id"} == set(claims[0])
    assert ("pattern", "scenario") in {(each["factor"], each["level"]) for each in claims}
    assert {each["kind"] for each in claims} <= {"best", "better", "worse"}
    assert sum(last["operators"].values()) == last["prompts_generated"]
    assert 0 < last["similarity"] < 0.5
    assert set(last["duplicates"]) == {"redrawn", "rate"}
    assert set(last["drift"]) == {"cut", "z"}


async def test_a_model_that_echoes_gets_no_jargon_into_a_job(
    make_desk: Maker, spool: MemorySpool
) -> None:
    """A model that repeats all it is told, or a part of it, never gets that into a job's prompt."""
    numbers = itertools.count()

    def echoing(request: Request) -> str:
        number, asked = next(numbers), request.messages[-1].content
        if number < 40:
            return text_of(number)
        lines = [line.partition(": ")[2] or line for line in asked.splitlines()]
        lines = [line for line in lines if len(line.split()) > 5]
        return [
            asked,
            f"{text_of(number)} {lines[number % len(lines)]}",
            f"Basierend auf erfolgreichen Patterns (98/100): {text_of(number)}",
            text_of(number),
        ][number % 4]

    jobs = []
    desk = make_desk(ScriptedModel(echoing), spool)
    for _ in range(12):
        await turn(desk, Order(size=20, force=True))
        jobs += await consume(spool, _score)

    words = (
        "erfahrung:", "bisher gelingen", "/100", "pattern", "kandidaten", "vorlage", "ziel:",
        "auf den eine", "antwort darauf", "anderes thema",
    )  # fmt: skip
    assert len(jobs) > 60
    assert [
        job.prompt for job in jobs if any(word in job.prompt.casefold() for word in words)
    ] == []


async def test_a_parent_that_is_gone_makes_the_child_a_fresh_prompt(
    make_desk: Maker, spool: MemorySpool, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its parent's text a prompt is written anew, and job and plan say so."""
    desk = make_desk(ScriptedModel(simulated()), spool)
    await _learn(desk, spool, 3)

    async def gone(_: str) -> None:
        return None

    monkeypatch.setattr(spool, "read", gone)
    planned = []
    original = store.save_plan
    monkeypatch.setattr(store, "save_plan", lambda plan: (planned.append(plan), original(plan)))
    (plan,) = await turn(desk, Order(size=20, force=True))

    assert any(item.parents for item in planned[0].items)
    assert {item.operator for item in plan.items} == {"fresh"}
    assert {item.parents for item in plan.items} == {()}
    assert all(item.family == item.job_id for item in plan.items)
