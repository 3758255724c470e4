"""Look something up on the web, where a model can do that."""

from __future__ import annotations

from pydantic import Field

from consumer.documents.calls.models import OperationType
from consumer.documents.wire import Parameters
from consumer.documents.workflow.desk import Desk
from consumer.documents.workflow.models import ActionResult
from consumer.documents.workflow.web import ask_the_web

NAME = "web.search"
WORD = "search"
DESCRIPTION = "Search the web; yields addresses with what is found there in short."
OPERATION = OperationType.WEB_SEARCH


class WebSearchParameters(Parameters):
    """What to look for."""

    query: str = Field(min_length=1, description="what to look for")
    max_results: int = Field(default=10, ge=1, le=50, description="how many results at most")


async def run(parameters: WebSearchParameters, desk: Desk) -> ActionResult:
    """Yield what was found as text."""
    order = (
        f"Search the web for what the request says; list at most {parameters.max_results} "
        "results, each with its address and two sentences."
    )
    return await ask_the_web(desk, NAME, OPERATION, parameters.query, order)
