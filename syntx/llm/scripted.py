"""A gateway that answers from a script; for tests and rehearsals without any endpoint."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace

from syntx.llm.choosing import estimate_tokens
from syntx.llm.contract import Answer, Message, Request, Usage
from syntx.llm.refusals import is_refusal

Line = str | Answer | BaseException
Reply = Line | Awaitable[Line]


class ScriptedModel:
    """Answers each request with the next line of a script, or with what a function says to it.

    A text becomes an Answer, an exception is raised. `requests` keeps what was asked. Raises
    LookupError when the script is used up.
    """

    def __init__(self, script: Iterable[Line] | Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self.closed = False
        self._reply = script if callable(script) else _reader(iter(script))

    async def ask(self, request: Request) -> Answer:
        """Return the scripted answer, or raise the scripted error."""
        self.requests.append(request)
        reply = self._reply(request)
        line = await reply if inspect.isawaitable(reply) else reply
        if isinstance(line, BaseException):
            raise line
        return _answer(line, request) if isinstance(line, str) else line

    async def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


def _reader(lines: Iterator[Line]) -> Callable[[Request], Line]:
    def read(request: Request) -> Line:
        for line in lines:
            return line
        raise LookupError(f"the script has no line left for a {request.operation!r} request")

    return read


def _answer(text: str, request: Request) -> Answer:
    spoken = estimate_tokens([Message("assistant", text)])
    return Answer(
        text=text,
        model=request.model or "scripted",
        endpoint="scripted",
        refused=is_refusal(text),
        usage=Usage(estimate_tokens(request.messages), spoken),
        cost=0.0,
        limits=replace(request.limits),
        session_id=request.trace_id,
        simulated=True,
    )
