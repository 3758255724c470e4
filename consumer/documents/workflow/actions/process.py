"""Let a model answer in plain text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.wording import tagged
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.reading import told_contents
from consumer.documents.workflow.references import References
from consumer.documents.workflow.sections import lines_section, request_section, task_section

NAME = "ai.process"
WORD = "text"
DESCRIPTION = "Let a model do something with the contents; the result is plain text."

_MIME = {"txt": "text/plain", "md": "text/markdown", "csv": "text/csv"}


class ProcessParameters(Parameters):
    """What to do, and what comes of it."""

    ai_prompt: str = Field(default="", description="what to do; none: the task's objective")
    document_list: References = Field(
        default=(), description="references to extracted contents and texts; none: all of them"
    )
    result_type: Literal["txt", "md", "csv"] = Field(
        default="txt", description="the ending of the result"
    )


async def run(parameters: ProcessParameters, desk: Desk) -> ActionResult:
    """Yield the model's answer as a text document."""
    contents = desk.contents(parameters.document_list or None)
    order = parameters.ai_prompt or desk.task.objective
    sections = [
        request_section(desk.request),
        task_section(desk.task),
        lines_section("Learnings", desk.learnings),
        ("Work", tagged("work", order)),
        ("Content", await told_contents(desk, contents)),
    ]
    answer = await desk.ask_text("writer", "answer", sections, "Answer in plain text.")
    if not answer.text.strip():
        raise Unusable("the model's answer is empty")
    suffix = parameters.result_type
    data = answer.text.encode()
    made = desk.document(f"result.{suffix}", data, _MIME[suffix], NAME, contents, resultType=suffix)
    return ActionResult(success=True, documents=(made,), result_label=desk.label)
