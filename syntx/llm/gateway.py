"""The one way to a model: choose, fit, ask, retry what may pass, and meter what it took."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog
from tenacity import AsyncRetrying, RetryCallState

from syntx.errors import DeadlineExceeded, SyntxError, Temporary
from syntx.llm.catalogue import Catalogue, ModelEntry, Target
from syntx.llm.choosing import Room, estimate_tokens, fit
from syntx.llm.contract import Answer, CallLimits, Request, Try
from syntx.llm.failover import first_of, tries_of
from syntx.llm.lines import Line, SecretSource, Switchboard, Timing
from syntx.llm.metering import cost_of, input_cost_of
from syntx.llm.pausing import Backoff, worth_waiting
from syntx.settings.models import Gateway as GatewayOptions

__all__ = ["GatewayOptions", "Hooks", "ModelGateway", "SecretSource", "Timing"]

_log = structlog.get_logger("syntx.llm")


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is told to the services: a failed try that will be repeated, and a call's answer."""

    on_try: Callable[[Request, Try], None] = _nothing
    on_call: Callable[[Request, Answer], None] = _nothing


@dataclass(slots=True)
class _Call:
    """One question on its way; `ends` is the clock's time of its deadline.

    `asking` is true while the endpoint has the question and we wait for it alone.
    """

    request: Request
    line: Line
    entry: ModelEntry
    limits: CallLimits
    ends: float | None
    asking: bool = False
    tries: list[Try] = field(default_factory=list)


class ModelGateway:
    """Asks the models of a catalogue; `catalogue` gives the current one for every question."""

    def __init__(
        self,
        catalogue: Callable[[], Catalogue],
        secrets: SecretSource,
        options: GatewayOptions | None = None,
        hooks: Hooks | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._options = options or GatewayOptions()
        self._hooks = hooks or Hooks()
        self._timing = timing or Timing()
        self._backoff = Backoff(self._options.backoff, self._options.max_backoff)
        self._lines = Switchboard(secrets, self._options)
        self._warned: set[str] = set()

    async def ask(self, request: Request) -> Answer:
        """Return the answer; raises Temporary when the tries are used up, Permanent at once.

        Where the request names no single model, the tries of every model of its chain. An error's
        `tries` are the earlier tries of the same call; a missing model is a ConfigError.
        """
        now = self._timing.clock()
        deadline = request.limits.deadline
        ends = None if deadline is None else now + deadline
        answer, passed = await first_of(
            self._chain(request, now),
            lambda target: self._ask_one(request, target, ends),
            over=lambda: ends is not None and self._timing.clock() >= ends,
        )
        if passed:
            answer = replace(answer, tries=(*tries_of(passed), *answer.tries))
        self._hooks.on_call(request, answer)
        return answer

    async def close(self) -> None:
        """Close all connections."""
        await self._lines.close()

    def _chain(self, request: Request, now: float) -> tuple[Target, ...]:
        catalogue = self._catalogue()
        names = request.chain if request.model is None else (request.model,)
        if names:
            return catalogue.targets(names)
        cooling = self._lines.cooling(now)
        return catalogue.chain(request.operation, request.priority, _tokens(request), cooling)

    async def _ask_one(self, request: Request, target: Target, ends: float | None) -> Answer:
        call = self._begin(request, target, ends)
        call.line.users += 1
        try:
            return self._metered(call, await self._within_deadline(call))
        except SyntxError as error:
            error.tries = tuple(call.tries)
            raise
        finally:
            call.line.users -= 1
            await self._lines.sweep()

    def _begin(self, request: Request, target: Target, ends: float | None) -> _Call:
        limits = self._fitted(request, target.entry)
        line = self._lines.line(target.endpoint)
        line.health.check(self._timing.clock())
        return _Call(request, line, target.entry, limits, ends)

    def _fitted(self, request: Request, entry: ModelEntry) -> CallLimits:
        limits = fit(_without(request.limits, entry.omit), _room(entry, _tokens(request)))
        asked = request.limits.max_tokens
        if asked is not None and limits.max_tokens is not None and limits.max_tokens < asked:
            _log.info(
                "max_tokens_lowered",
                model=entry.name,
                asked=asked,
                sent=limits.max_tokens,
                trace_id=request.trace_id,
            )
        return _without(limits, entry.omit & {"max_tokens"})

    async def _within_deadline(self, call: _Call) -> Answer:
        try:
            async with asyncio.timeout(self._left(call)):
                return await self._until_answered(call)
        except TimeoutError as error:
            late = DeadlineExceeded(
                f"{call.entry.name}: no answer within {call.request.limits.deadline} s",
                fix="raise the deadline, or ask a faster model",
            )
            if call.asking:
                call.line.health.failed(late, self._timing.clock())
            raise late from error

    async def _until_answered(self, call: _Call) -> Answer:
        try:
            return await self._once(call)
        except Temporary as error:
            first = error
        return await self._again(call, first)

    async def _again(self, call: _Call, first: Temporary) -> Answer:
        """Hand the first failure to tenacity as its first attempt; a good call never needs it."""
        failures = [first]

        async def attempt() -> Answer:
            if failures:
                raise failures.pop()
            return await self._once(call)

        retrying = AsyncRetrying(
            sleep=self._timing.sleep,
            wait=self._pause,
            stop=lambda state: self._must_stop(call, state),
            retry=lambda state: self._may_retry(call, state),
            before_sleep=lambda state: self._note(call, state),
            reraise=True,
        )
        return await retrying(attempt)

    async def _once(self, call: _Call) -> Answer:
        line = call.line
        async with line.place(self._timing):
            # Others may have found it dead while we waited for our place.
            line.health.check(self._timing.clock())
            call.asking = True
            try:
                answer = await line.client.call(call.request, call.entry.name, call.limits)
            except SyntxError as error:
                line.health.failed(error, self._timing.clock())
                call.asking = False
                raise
        line.health.succeeded()
        return answer

    def _pause(self, state: RetryCallState) -> float:
        error = _error_of(state)
        assert isinstance(error, Temporary)
        return self._backoff.pause(state.attempt_number, error, self._timing.chance())

    def _may_retry(self, call: _Call, state: RetryCallState) -> bool:
        cooling = call.line.health.cooling(self._timing.clock())
        return isinstance(_error_of(state), Temporary) and not cooling

    def _must_stop(self, call: _Call, state: RetryCallState) -> bool:
        used_up = state.attempt_number >= self._options.max_tries
        return used_up or not worth_waiting(state.upcoming_sleep, self._left(call))

    def _left(self, call: _Call) -> float | None:
        return None if call.ends is None else call.ends - self._timing.clock()

    def _note(self, call: _Call, state: RetryCallState) -> None:
        error = _error_of(state)
        assert isinstance(error, Temporary)
        failed = Try(error.reason, error.message, state.upcoming_sleep)
        call.tries.append(failed)
        self._hooks.on_try(call.request, failed)

    def _metered(self, call: _Call, answer: Answer) -> Answer:
        cost = cost_of(answer.usage, call.entry.price)
        if cost is None and call.entry.name not in self._warned:
            self._warned.add(call.entry.name)
            missing = "price" if call.entry.price is None else "token counts"
            _log.warning("cost_unknown", model=answer.model, missing=missing)
        input_cost = input_cost_of(answer.usage, call.entry.price)
        return replace(answer, cost=cost, input_cost=input_cost, tries=tuple(call.tries))


def _error_of(state: RetryCallState) -> BaseException | None:
    return None if state.outcome is None else state.outcome.exception()


def _tokens(request: Request) -> int:
    told = request.prompt_tokens
    return estimate_tokens(request.messages) if told is None else told


def _room(entry: ModelEntry, tokens: int) -> Room:
    price = entry.price
    return Room(
        prompt_tokens=tokens,
        context=entry.context,
        max_output=entry.max_output,
        input_price=None if price is None else price.input,
        output_price=None if price is None else price.output,
    )


def _without(limits: CallLimits, names: frozenset[str]) -> CallLimits:
    return replace(limits, **dict.fromkeys(names)) if names else limits
