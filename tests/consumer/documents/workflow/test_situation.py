from __future__ import annotations

from dataclasses import replace

import pytest

from consumer.documents.workflow.models import TaskDefinition
from consumer.documents.workflow.situation import Situation, steps_to_close, usual_action

DOCUMENT = TaskDefinition(id="t", objective="o", success_criteria=("c",), format="md")
THOUGHT = TaskDefinition(id="t", objective="o", success_criteria=("c",))
READ = Situation(has_contents=True)
FOUND = replace(READ, has_findings=True)
WRITTEN = replace(FOUND, generated=True)
RENDERED = replace(WRITTEN, rendered=True)
CHECKED = replace(RENDERED, checked=True)


@pytest.mark.parametrize(
    ("now", "action"),
    [
        (Situation(unread=True), "document.extractContent"),
        (Situation(to_neutralize=True, has_contents=True), "context.neutralizeData"),
        (READ, "ai.analyse"),
        (Situation(), "ai.generateDocument"),
        (FOUND, "ai.generateDocument"),
        (WRITTEN, "document.render"),
        (RENDERED, "document.validate"),
        (CHECKED, "ai.generateDocument"),
        (Situation(inherits=True), "document.render"),
        (
            Situation(unread=True, failed=frozenset({"document.extractContent"})),
            "ai.generateDocument",
        ),
        (replace(READ, failed=frozenset({"ai.analyse"})), "ai.generateDocument"),
    ],
)
def test_the_usual_action_follows_from_what_is_there(now: Situation, action: str) -> None:
    """Extract, neutralize, analyse, write, render, check; then the next version."""
    assert usual_action(DOCUMENT, now).action == action


def test_a_task_without_a_document_thinks() -> None:
    """About the contents where there are any."""
    assert usual_action(THOUGHT, READ).action == "ai.analyse"
    assert usual_action(THOUGHT, Situation()).action == "ai.process"


def test_simple_and_hurried_work_leave_the_analysis_out() -> None:
    """A simple request takes one call; few steps left are for the document."""
    assert usual_action(DOCUMENT, READ, simple=True).action == "ai.answer"
    assert usual_action(DOCUMENT, READ, hurry=True).action == "ai.generateDocument"


@pytest.mark.parametrize(
    ("now", "steps"),
    [
        (Situation(unread=True), 4),
        (Situation(unread=True, to_neutralize=True), 5),
        (FOUND, 3),
        (Situation(inherits=True), 2),
        (WRITTEN, 2),
        (RENDERED, 1),
        (CHECKED, 0),
    ],
)
def test_it_is_known_how_many_steps_a_document_still_needs(now: Situation, steps: int) -> None:
    """So many are kept for it, whatever the planner would do with them."""
    assert steps_to_close(now) == steps
