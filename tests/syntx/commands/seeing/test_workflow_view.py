from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from workflow_states import action, state

from syntx.commands.seeing.workflow_lines import lines_of
from syntx.commands.seeing.workflow_view import parse_workflow, percent_of, read_workflow


def test_a_running_workflow_is_told_with_tasks_actions_and_measures() -> None:
    """Each task has its state, each action its duration, each measure its share of the target."""
    lines = "\n".join(lines_of(parse_workflow(state(), at_work=True)))
    assert "complex (two attachments)" in lines
    assert "task 1  t1: Bericht schreiben  done (criteria_met)" in lines
    assert "action 2  ai.generateDocument         2.0 s  ok  quality 0.85" in lines
    assert "task 2  t2: Tabelle schreiben  running" in lines
    assert "action 1  running" in lines
    assert "rows: 412 of 500 (82 %)" in lines
    assert "title: - of Bericht" in lines
    assert "quality   0.85" in lines


def test_tasks_stand_in_the_order_they_are_worked_in() -> None:
    """A plan may name a task before the one it depends on."""
    changed = state()
    changed["understanding"]["tasks"].reverse()
    tasks = parse_workflow(changed, at_work=True).tasks
    assert [(task.id, task.state) for task in tasks] == [("t1", "done"), ("t2", "running")]


def test_a_failed_action_says_why() -> None:
    """Control characters in what a model said do not reach the terminal."""
    failed = action(1, "ai.analyse", task=2, success=False, error="no\x1b[2J answer")
    lines = "\n".join(lines_of(parse_workflow(state(actions=[failed]), at_work=True)))
    assert "failed: no\\x1b[2J answer" in lines
    assert "action 1  running" not in lines


def test_what_nobody_works_at_was_interrupted() -> None:
    """A job that failed or waits for its next try has no task or action that is running."""
    lines = "\n".join(lines_of(parse_workflow(state(), at_work=False)))
    assert "task 2  t2: Tabelle schreiben  interrupted" in lines
    assert "action 1  interrupted" in lines
    assert "running" not in lines


def test_attachments_that_could_not_be_read_are_told_once() -> None:
    """Within the running task and after it, whatever else stands there."""
    about = {"source": "a.pdf", "notes": ["the PDF is cut off"]}
    kept = {"documents": [{"validationMetadata": about}, {"validationMetadata": 3}]}
    held = [{"document": {"validationMetadata": about}}, {"document": 1}, {}]
    lines = lines_of(parse_workflow(state(messages=[kept], held=held), at_work=True))
    assert [line for line in lines if "a.pdf" in line] == ["  note      a.pdf: the PDF is cut off"]


@pytest.mark.parametrize(
    ("current", "target", "percent"),
    [(412, 500, 82), (600, 500, 100), (None, 5, 0), (0, 5, 0), (3, 0, None), ("a", "b", None)],
)
def test_percent_is_the_share_of_the_target(current: Any, target: Any, percent: int | None) -> None:
    """Rounded down, so that 100 means reached; a text has no share."""
    assert percent_of(current, target) == percent


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{not json",
        b"\xff",
        json.dumps(
            state(tasks=3, actions=[1, {}], results="x", kpis=[{}], understanding=[])
        ).encode(),
        json.dumps(state(actions=[action(1, "x", started="gestern", round="one")])).encode(),
        b"[" * 100_000,
    ],
)
def test_a_damaged_state_stops_nobody_from_looking(tmp_path: Path, content: bytes) -> None:
    """What cannot be understood is left out, or there is no workflow."""
    (tmp_path / "workflow").mkdir()
    (tmp_path / "workflow" / "state.json").write_bytes(content)
    found = read_workflow(tmp_path, at_work=True)
    assert found is None or lines_of(found)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Neither the state nor its folder may lead elsewhere."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "state.json").write_text(json.dumps(state()))
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "workflow").symlink_to(tmp_path / "real")
    (tmp_path / "two" / "workflow").mkdir(parents=True)
    (tmp_path / "two" / "workflow" / "state.json").symlink_to(tmp_path / "real" / "state.json")
    assert read_workflow(tmp_path / "one", at_work=True) is None
    assert read_workflow(tmp_path / "two", at_work=True) is None
