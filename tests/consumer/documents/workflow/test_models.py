from __future__ import annotations

import pytest
from pydantic import ValidationError

from consumer.documents.workflow.models import (
    ActionDefinition,
    ActionDocument,
    ChatWorkflow,
    TaskContext,
)


def test_a_new_round_resets_task_and_action_and_a_new_task_the_action() -> None:
    """The counters mean the same after the state was saved and loaded."""
    workflow = ChatWorkflow(id="w")
    for step in ("round", "task", "action", "action", "task", "action"):
        getattr(workflow, f"increment_{step}")()
    loaded = ChatWorkflow.model_validate_json(workflow.model_dump_json(by_alias=True))

    assert (loaded.current_round, loaded.current_task, loaded.current_action) == (1, 2, 1)

    loaded.increment_task()
    assert (loaded.current_task, loaded.current_action) == (3, 0)

    loaded.increment_round()
    assert (loaded.current_round, loaded.current_task, loaded.current_action) == (2, 0, 0)


def test_missing_parameters_need_a_second_step_and_empty_ones_do_not() -> None:
    """`null` is a question left open, `{}` is an answer."""
    assert ActionDefinition(action="ai.process").needs_stage2()
    assert not ActionDefinition(action="ai.process", parameters={}).needs_stage2()


def test_the_context_takes_over_what_a_selection_says() -> None:
    """Objective, context for parameters, learnings and the selection itself."""
    context = TaskContext()
    selection = ActionDefinition(
        action="ai.process", action_objective="o", parameters_context="p", learnings=("l",)
    )
    context.update_from_selection(selection)

    assert context.action_objective == "o"
    assert context.parameters_context == "p"
    assert context.learnings == ["l"]
    assert context.stage1_selection is not None
    assert context.stage1_selection["action"] == "ai.process"


@pytest.mark.parametrize("metadata", [{}, {"actionName": ""}, {"other": 1}])
def test_a_document_that_does_not_name_its_action_is_rejected(metadata: dict[str, object]) -> None:
    """Without validation metadata nobody could check it."""
    with pytest.raises(ValidationError, match="validationMetadata"):
        ActionDocument(
            document_name="a", document_data=b"", mime_type="x", validation_metadata=metadata
        )
