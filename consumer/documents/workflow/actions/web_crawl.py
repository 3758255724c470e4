"""Read a page of the web, where a model can do that."""

from __future__ import annotations

from pydantic import Field

from consumer.documents.calls.models import OperationType
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.web import ask_the_web

NAME = "web.crawl"
WORD = "page"
DESCRIPTION = "Read a page of the web; yields its content as text."
OPERATION = OperationType.WEB_CRAWL


class WebCrawlParameters(Parameters):
    """Which page."""

    url: str = Field(pattern=r"^https?://[^\s/]+", description="the page's address")
    question: str = Field(default="", description="what to look for there; none: everything")


async def run(parameters: WebCrawlParameters, desk: Desk) -> ActionResult:
    """Yield the page's content as text."""
    question = parameters.question or "all of its content"
    order = f"Read the page the request names and return, as text: {question}"
    return await ask_the_web(desk, NAME, OPERATION, parameters.url, order)
