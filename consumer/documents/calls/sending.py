"""One call to one model: what is sent is cleaned, checked and bounded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from consumer.documents.calls.budget import Correction, estimated_prompt
from consumer.documents.calls.debugging import DebugFiles
from consumer.documents.calls.models import AiCallOptions, ProcessingMode
from consumer.documents.failing import LeakBlocked
from syntx.errors import BadRequest, DeadlineExceeded, SyntxError
from syntx.llm.catalogue import Target
from syntx.llm.contract import Answer, CallLimits, Gateway, Message, Request


class Guard(Protocol):
    """What stands between a job's content and remote models."""

    def clean(self, text: str) -> str:
        """Return the text with personal data replaced; cleaning twice changes nothing more."""

    def check(self, text: str) -> None:
        """Raise LeakBlocked when personal data is still in what is about to leave."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all calls of a job may take together: USD, and seconds from now on; None is no bound."""

    cost: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One question: `purpose` names it in journal and debug files.

    `models` is a chain of its own, in place of the one of its operation; `max_tokens` is the
    longest answer.
    """

    purpose: str
    messages: tuple[Message, ...]
    options: AiCallOptions
    max_tokens: int | None = None
    models: tuple[str, ...] = ()

    def subject(self) -> dict[str, object]:
        """Return what makes it the question it is, for its key in the journal."""
        return {
            "purpose": self.purpose,
            "messages": [[message.role, message.content] for message in self.messages],
            "options": self.options.model_dump(mode="json", by_alias=True),
            "maxTokens": self.max_tokens,
        }


class Sender:
    """Sends the calls of one job; `spent` tells the USD they took so far."""

    def __init__(
        self,
        gateway: Gateway,
        spent: Callable[[], float],
        *,
        trace_id: str | None = None,
        guard: Guard | None = None,
        debug: DebugFiles | None = None,
        bounds: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.guard = guard
        self._gateway = gateway
        self._spent = spent
        self._trace_id = trace_id
        self._debug = debug
        self._bounds = bounds or Bounds()
        self._clock = clock
        seconds = self._bounds.seconds
        self._ends = None if seconds is None else clock() + seconds
        self._corrections: dict[str, Correction] = {}

    def correction(self, target: Target) -> Correction:
        """Return what is known of a model's way of counting."""
        return self._corrections.setdefault(target.name, Correction())

    def time_is_up(self) -> bool:
        """Whether the job's seconds are over."""
        return self._ends is not None and self._clock() >= self._ends

    async def send(self, call: Call, target: Target) -> Answer:
        """Ask one model; raises what the gateway raises, LeakBlocked, or BadRequest for options."""
        # Cleaning takes its time with large prompts; the service must not stand still meanwhile.
        request = await asyncio.to_thread(self._request, call, target)
        try:
            answer = await self._gateway.ask(request)
        except SyntxError as error:
            await self._show(call, request, f"(no answer: {error.message})")
            raise
        await self._show(call, request, answer.text)
        self.correction(target).tell(estimated_prompt(request.messages), answer.usage.input)
        return answer

    def _request(self, call: Call, target: Target) -> Request:
        refuse_unknown(call.options)
        messages = call.messages
        if self.guard is not None and not target.is_local:
            messages = tuple(_cleaned(self.guard, message) for message in messages)
            self.guard.check("\n".join(message.content for message in messages))
        return Request(
            operation=call.options.operation_type.value,
            messages=messages,
            model=target.name,
            limits=self._limits(call),
            priority=call.options.priority.value,
            trace_id=self._trace_id,
            prompt_tokens=self.correction(target).tokens(estimated_prompt(messages)),
        )

    def _limits(self, call: Call) -> CallLimits:
        options = call.options
        left = None if self._bounds.cost is None else max(0.0, self._bounds.cost - self._spent())
        return CallLimits(
            max_tokens=call.max_tokens,
            temperature=options.temperature,
            deadline=_least(self._seconds_left(), options.max_processing_time),
            cost=_least(left, options.max_cost),
        )

    def _seconds_left(self) -> float | None:
        if self._ends is None:
            return None
        if self.time_is_up():
            raise DeadlineExceeded(
                "the seconds for this job are over",
                fix="raise `documents.deadline` in system.yaml, or ask for less",
            )
        return self._ends - self._clock()

    async def _show(self, call: Call, request: Request, answer: str) -> None:
        if self._debug is None:
            return
        prompt = "\n\n".join(f"[{one.role}]\n{one.content}" for one in request.messages)
        shown = (self._showable(prompt), self._showable(answer))
        await asyncio.to_thread(self._debug.write, call.purpose, *shown)

    def _showable(self, text: str) -> str:
        if self.guard is None:
            return text
        clean = self.guard.clean(text)
        try:
            self.guard.check(clean)
        except LeakBlocked:
            return "(left out: personal data)"
        return clean


def refuse_unknown(options: AiCallOptions) -> None:
    """Raise BadRequest for an option that nothing here follows."""
    if options.processing_mode is not ProcessingMode.BASIC:
        raise BadRequest(
            f"processingMode {options.processing_mode.value!r} is not supported",
            fix="use basic, which is one pass over the content",
        )


def _cleaned(guard: Guard, message: Message) -> Message:
    return replace(message, content=guard.clean(message.content))


def _least(*bounds: float | None) -> float | None:
    return min((bound for bound in bounds if bound is not None), default=None)
