"""Asking a model that can reach the web."""

from __future__ import annotations

from consumer.documents.calls.models import OperationType
from consumer.documents.failing import Unusable
from consumer.documents.wording import tagged
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.shelf import FINDINGS
from syntx.errors import ConfigError


async def ask_the_web(
    desk: Desk, action: str, operation: OperationType, subject: str, order: str
) -> ActionResult:
    """Yield what the model found; raises Unusable, which says what to add, where none can."""
    sections = [("Request", tagged("request", subject))]
    try:
        answer = await desk.ask("analyst", "answer", sections, order, operation)
    except ConfigError as error:
        raise Unusable(
            f"{action} needs a model that does {operation.value}, and there is none",
            fix=f"list {operation.value} under `operations` of a model in config/models",
        ) from error
    if not answer.text.strip():
        raise Unusable(f"{action}: the model's answer is empty")
    made = desk.document(f"{operation.value}.md", answer.text.encode(), FINDINGS, action)
    return ActionResult(success=True, documents=(made,), result_label=desk.label)
