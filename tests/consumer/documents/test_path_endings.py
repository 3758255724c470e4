"""How a document job ends that cannot be done: refused, out of reach, too dear, too late."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from document_work import FILES, REFUSAL, ROWS, SHORT, Player, Work

from syntx.errors import CostLimitExceeded, NotAuthorised
from syntx.job_options import BadOptions
from syntx.settings.models import Documents


async def test_a_refusal_ends_the_job_as_refused_and_is_not_asked_again(tmp_path: Path) -> None:
    """The verdict says who declined; nothing is delivered but the record."""
    work = Work(tmp_path, request="Was hält eine Stadt zusammen?")
    player = Player(lambda *_: REFUSAL)

    verdict = await work.run(player)

    assert (verdict.outcome, verdict.reason, verdict.score) == ("refused", "refused", None)
    assert player.parts["writer/answer"] == 1
    assert "declined" in (verdict.message or "")
    assert set(work.outputs) == {"workflow.json"}


async def test_a_planner_that_refuses_ends_the_job_as_refused(tmp_path: Path) -> None:
    """A refusal before there is any task is a verdict too."""
    work = Work(tmp_path, files=FILES)

    verdict = await work.run(Player(lambda *_: REFUSAL))

    assert verdict.outcome == "refused"


async def test_a_refused_task_does_not_lose_the_others(tmp_path: Path) -> None:
    """The first task's file is delivered although the writer declines the second."""
    plan = {
        "intent": "two",
        "tasks": [
            {"id": "a", "objective": "o", "successCriteria": ["c"], "format": "md"},
            {"id": "b", "objective": "o", "successCriteria": ["c"], "format": "csv"},
        ],
    }
    work = Work(tmp_path, files=FILES, options={"formats": ["md", "csv"]})

    def script(name: str, times: int) -> str | None:
        if name == "planner/understand":
            return json.dumps(plan)
        return REFUSAL if name == "writer/write" and times == 1 else None

    verdict = await work.run(Player(script))

    assert verdict.outcome == "refused"
    assert [one.success for one in work.state.results] == [True, False]
    assert any(name.endswith(".md") for name in work.outputs)


async def test_tasks_that_need_one_which_yielded_nothing_are_skipped(tmp_path: Path) -> None:
    """The result says which task they needed; the job fails and says so."""
    plan = {
        "intent": "two",
        "tasks": [
            {"id": "a", "objective": "o", "successCriteria": ["c"], "format": "md"},
            {
                "id": "b",
                "objective": "o",
                "successCriteria": ["c"],
                "format": "csv",
                "dependencies": ["a"],
            },
        ],
    }
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Wale.",
        options={"formats": ["md", "csv"]},
    )
    answers = {"planner/understand": json.dumps(plan), "writer/write": "Nein."}

    verdict = await work.run(Player(lambda name, _: answers.get(name)))

    assert verdict.outcome == "failed"
    assert "skipped, because it needs a" in work.state.results[1].reason


async def test_a_measure_that_is_out_of_reach_ends_as_low_score(tmp_path: Path) -> None:
    """The writer gets the suggestions, and stops when quality rises no more."""
    work = Work(
        tmp_path,
        files=FILES,
        options={"kpis": [ROWS]},
        settings=Documents(format="md", accept_quality=0.95),
    )
    player = Player(lambda name, _: json.dumps(SHORT) if name == "writer/write" else None)

    verdict = await work.run(player)

    assert verdict.outcome == verdict.reason == "low_score"
    assert work.state.results[0].stop_reason == "no_improvement"
    writes = [
        one.messages[0].content
        for one in player.asked
        if "# Order\nwrite" in one.messages[0].content
    ]
    assert any("# Suggestions\n" in text for text in writes[1:])
    (kpi,) = work.state.kpis
    assert kpi.current_value == 3


async def test_a_refusal_in_the_middle_keeps_the_version_that_was_made_before(
    tmp_path: Path,
) -> None:
    """The writer wrote once, was asked for more, and declined."""
    work = Work(tmp_path, files=FILES, options={"kpis": [ROWS]})

    def script(name: str, times: int) -> str | None:
        if name == "writer/write":
            return REFUSAL if times else json.dumps(SHORT)
        return None

    verdict = await work.run(Player(script))

    assert verdict.outcome == "refused"
    assert "Umsätze.md" in work.outputs


async def test_options_that_cannot_be_followed_are_named_at_once(tmp_path: Path) -> None:
    """Unknown keys, unknown models, paths that are none; no model is asked."""
    player = Player()

    with pytest.raises(BadOptions, match="colour is unknown") as unknown:
        await Work(tmp_path / "a", options={"colour": "red"}).run(player)
    with pytest.raises(BadOptions, match="no model named gpt-9"):
        await Work(tmp_path / "b", options={"models": {"write": "gpt-9"}}).run(player)
    with pytest.raises(BadOptions, match="JSONPath"):
        await Work(tmp_path / "c", options={"kpis": [{**ROWS, "jsonPath": "$["}]}).run(player)

    assert "format" in (unknown.value.fix or "")
    assert not player.asked


async def test_a_key_that_is_refused_concerns_every_job(tmp_path: Path) -> None:
    """Within an action too, the error comes out as it is."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": NotAuthorised("no key")}

    with pytest.raises(NotAuthorised):
        await work.run(Player(lambda name, _: script.get(name)))


async def test_what_no_action_follows_is_refused_by_name(tmp_path: Path) -> None:
    """Extraction takes whole documents, whatever a planner would set; it is told, and goes on."""
    options = {"extractionOptions": {"maxSize": 10, "prompt": "alles"}}
    choice = json.dumps({"action": "document.extractContent", "parameters": options})
    work = Work(tmp_path, files=FILES)
    player = Player(lambda name, n: choice if (name, n) == ("planner/select", 0) else None)

    verdict = await work.run(player)

    told = "".join(one.messages[0].content for one in player.asked)
    assert "maxSize is not supported" in told
    assert verdict.outcome == "passed"


async def test_a_cost_limit_holds_over_all_calls(tmp_path: Path) -> None:
    """Each call may cost what the earlier ones left; a call over the limit ends the job."""
    work = Work(tmp_path, files=FILES, options={"max_cost": 0.0035})
    player = Player()

    class Priced(Player):
        async def ask(self, request):  # type: ignore[no-untyped-def]
            if request.limits.cost < 0.001:
                raise CostLimitExceeded("too dear")
            return await player.ask(request)

    with pytest.raises(CostLimitExceeded):
        await work.run(Priced())

    left = [one.limits.cost for one in player.asked]
    assert left == pytest.approx([0.0035, 0.0025, 0.0015])
