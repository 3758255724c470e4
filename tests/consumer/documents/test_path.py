"""The way of a document job: planned, worked, delivered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from document_work import ALWAYS, CATALOGUE, FILES, TWO_FILES, Player, Work

from consumer.documents.workflow.models import ChatWorkflow
from syntx.errors import ModelUnavailable


def _names(workflow: ChatWorkflow) -> list[str]:
    return [record.name for record in workflow.actions]


async def test_a_simple_request_takes_one_call(tmp_path: Path) -> None:
    """Nothing is planned; the plain answer is rendered, checked and delivered."""
    work = Work(tmp_path, request="Was hält eine Stadt im Winter zusammen?")
    player = Player()

    verdict = await work.run(player)

    assert player.parts == {"writer/answer": 1}
    assert verdict.outcome == "passed"
    assert set(work.outputs) > ALWAYS
    assert verdict.answers[0].text.split()[0] in work.outputs["document.json"].decode()
    assert work.state.complexity_reason


async def test_a_larger_request_is_planned_extracted_written_rendered_and_checked(
    tmp_path: Path,
) -> None:
    """Every phase leaves its record, and the outputs hold what was asked for."""
    work = Work(tmp_path, files=TWO_FILES)

    verdict = await work.run(Player())

    assert verdict.outcome == "passed"
    assert verdict.simulated
    assert verdict.score is not None
    assert verdict.score_version == "document/1"
    assert _names(work.state) == [
        "document.extractContent",
        "ai.analyse",
        "ai.generateDocument",
        "document.render",
        "document.validate",
    ]
    (rendered,) = set(work.outputs) - ALWAYS
    assert "1200" in work.outputs[rendered].decode()
    assert "Köln" in work.outputs["document.json"].decode()
    assert json.loads(work.outputs["workflow.json"])["finished"] is True
    assert work.state.messages[-1].documents_label == "round1_delivery"
    assert {one.file_name for one in work.state.messages[-1].documents} == {
        rendered,
        "document.json",
        "validation.json",
    }


async def test_every_asked_format_is_delivered(tmp_path: Path) -> None:
    """Whatever the planner forgets is added to the plan, and told."""
    work = Work(tmp_path, options={"formats": ["md", "csv", "json"]})
    task = {"id": "t1", "objective": "o", "successCriteria": ["c"], "format": "md"}
    plan = json.dumps({"intent": "one", "tasks": [task]})
    player = Player(lambda name, _: plan if name == "planner/understand" else None)

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    assert {Path(name).suffix for name in set(work.outputs) - ALWAYS} >= {".md", ".csv", ".json"}
    assert "csv" in work.state.plan_note


async def test_a_plan_that_cannot_be_run_is_told_and_then_replaced(tmp_path: Path) -> None:
    """The planner hears the faults once; after that the standard plan is taken, with a note."""
    cyclic = json.dumps(
        {
            "intent": "i",
            "tasks": [
                {"id": "a", "objective": "o", "successCriteria": ["c"], "dependencies": ["a"]}
            ],
        }
    )
    work = Work(tmp_path, files=FILES)
    player = Player(lambda name, _: cyclic if name == "planner/understand" else None)

    verdict = await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    assert player.parts["planner/understand"] == 2
    assert "# Faults\n- the dependencies go round in a circle: a → a" in asked[1]
    assert work.state.plan_note.startswith("standard plan")
    assert verdict.outcome == "passed"


async def test_a_planner_that_talks_nonsense_does_not_keep_the_job_from_its_end(
    tmp_path: Path,
) -> None:
    """Each choice that cannot be used twice is replaced by the usual action, with a note."""
    work = Work(tmp_path, files=FILES)
    nonsense = {"planner/select": '{"action": "dance"}', "planner/understand": "Gerne!"}
    player = Player(lambda name, _: nonsense.get(name))

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    assert _names(work.state)[-1] == "document.validate"
    assert all("used twice" in one.notes[-1] for one in work.state.observations)


async def test_parameters_are_asked_for_in_a_second_step_and_checked(tmp_path: Path) -> None:
    """Unknown parameters are told by name to the planner, who may try once more."""
    chosen = json.dumps({"action": "ai.generateDocument", "parameters": None})
    work = Work(tmp_path, request="Schreibe einen Bericht über Wale.")
    answers = {"planner/select": chosen, "planner/parameters": '{"colour": "red"}'}
    player = Player(lambda name, times: answers.get(name) if times == 0 else None)

    await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    assert any("ai.generateDocument: unknown parameter 'colour'" in text for text in asked)


async def test_every_start_has_a_finish_also_on_errors(tmp_path: Path) -> None:
    """Round, tasks and actions are told in pairs, nested, when the models go away midway."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": ModelUnavailable("gone")}

    with pytest.raises(ModelUnavailable):
        await work.run(Player(lambda name, _: script.get(name)))
    await work.run(Player())

    open_: list[object] = []
    for kind, where, success, _ in work.heard.lines:
        if kind == "start":
            open_.append(where)
        else:
            assert open_.pop() == where
            assert success is not None
    assert not open_


async def test_documents_are_in_no_message_until_their_task_is_over(tmp_path: Path) -> None:
    """Within the task they are held; then they have a label; the delivery has all of them."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": ModelUnavailable("gone")}
    with pytest.raises(ModelUnavailable):
        await work.run(Player(lambda name, _: script.get(name)))
    midway = work.state

    await work.run(Player())

    assert [message.documents_label for message in midway.messages] == ["attachments"]
    assert len(midway.held) == 2
    done = work.state
    assert [message.documents_label for message in done.messages] == [
        "attachments",
        "round1_task1_results",
        "round1_delivery",
    ]
    assert not done.held
    assert {one.id for one in done.messages[1].documents} == set(done.results[0].documents)


async def test_workflows_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    """Each progress names its own workflow's places, and each job its own results."""
    first = Work(tmp_path / "a", files=FILES)
    second = Work(tmp_path / "b", files=FILES, options={"formats": ["md", "csv"]})

    await asyncio.gather(first.run(Player()), second.run(Player()))
    alone = Work(tmp_path / "c", files=FILES)
    await alone.run(Player())

    assert first.heard.lines == alone.heard.lines
    assert max(where.task for _, where, *_ in second.heard.lines) == 2


async def test_a_judge_has_a_say_where_one_is_configured(tmp_path: Path) -> None:
    """The judge's own chain is asked once a check."""
    models = {"judge": "wise"}
    catalogue = CATALOGUE + "  - {name: wise, context: 32000, max_output: 4096}\n"
    work = Work(tmp_path, files=FILES, options={"models": models}, catalogue=catalogue)
    player = Player()

    await work.run(player)

    judged = [one.model for one in player.asked if "# Role\njudge" in one.messages[0].content]
    assert judged == ["wise"]
