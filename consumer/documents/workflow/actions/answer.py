"""Answer a simple request in one call; the plain answer becomes the document."""

from __future__ import annotations

from pydantic import Field

from consumer.documents.failing import Unusable
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.reading import told_contents
from consumer.documents.workflow.references import References
from consumer.documents.workflow.sections import lines_section, request_section, wishes_section
from consumer.documents.workflow.shelf import DOCUMENT
from consumer.documents.workflow.text_documents import document_of, title_of

NAME = "ai.answer"
WORD = "document"
DESCRIPTION = "Answer a simple request in one call; the plain answer becomes the document."

_ANSWER = "Answer the request in plain text; headings, lists and tables as in Markdown are fine."


class AnswerParameters(Parameters):
    """What to look at."""

    document_list: References = Field(
        default=(), description="references to extracted contents; none: all of them"
    )


async def run(parameters: AnswerParameters, desk: Desk) -> ActionResult:
    """Yield the answer as a document of headings, paragraphs, lists and tables."""
    contents = desk.contents(parameters.document_list or None)
    sections = [
        request_section(desk.request),
        wishes_section(desk.wishes.told(desk.task.format)),
        lines_section("Suggestions", desk.suggestions),
        ("Content", await told_contents(desk, contents)),
    ]
    answer = await desk.ask_text("writer", "answer", sections, _ANSWER)
    if not answer.text.strip():
        raise Unusable("the model's answer is empty")
    title = desk.wishes.title or title_of(answer.text, desk.request.prompt)
    document = document_of(answer.text, title, desk.wishes.language)
    made = desk.document("document.json", document.to_wire(), DOCUMENT, NAME, contents)
    return ActionResult(success=True, documents=(made,), result_label=desk.label)
