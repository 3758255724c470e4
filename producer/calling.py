"""Calls to the generator model, each within the day's budget."""

from __future__ import annotations

from producer.budget import Budget
from producer.desk import Desk
from producer.wording import Asked
from syntx.errors import ConfigError, SyntxError
from syntx.llm.contract import Answer, CallLimits, Request
from syntx.settings.models import Generator


class NotAnswered(Exception):
    """A call brought no answer; `error` says why."""

    def __init__(self, error: SyntxError) -> None:
        super().__init__(error.message)
        self.error = error


class Caller:
    """Asks the generator model; no call is made that could exceed the day's budget."""

    def __init__(self, desk: Desk, generator: Generator) -> None:
        self._desk = desk
        self._generator = generator
        self._budget = Budget(desk.store, generator.budget.daily)

    def request(self, asked: Asked, trace_id: str) -> Request:
        """Return the request for what is asked, with the sampling of generator.yaml."""
        model = self._generator.openai
        return Request(
            operation="draft",
            messages=asked.messages,
            model=model.model,
            limits=CallLimits(
                # The limit of generator.yaml is for one prompt.
                max_tokens=model.max_tokens * asked.candidates,
                temperature=model.temperature,
                top_p=model.top_p,
                deadline=model.deadline,
            ),
            trace_id=trace_id,
        )

    async def ask(self, request: Request) -> Answer:
        """Return the model's answer; raises NotAnswered, and BudgetReached before the call."""
        most = self._most(request)
        await self._budget.reserve(most)
        cost: float | None = None
        try:
            answer = await self._desk.gateway.ask(request)
            cost = answer.cost
        except SyntxError as error:
            raise NotAnswered(error) from error
        finally:
            await self._budget.settle(most, cost)
        return answer

    def _most(self, request: Request) -> float:
        """Return the most a call can cost in USD; raises ConfigError when that is unknown."""
        if self._generator.budget.daily is None:
            return 0.0
        model = request.model or ""
        _, entry = self._desk.catalogue().model(model)
        if entry.price is None:
            raise ConfigError(
                f"generator.yaml: budget.daily is set, but model {model!r} has no price",
                fix=f"add `price: {{input: …, output: …}}` to {model} under config/models",
            )
        # A token is at least one byte, so this is never less than the bill.
        given = sum(len(message.content.encode()) for message in request.messages)
        tokens = request.limits.max_tokens or entry.max_output or 0
        return (given * entry.price.input + tokens * entry.price.output) / 1_000_000
