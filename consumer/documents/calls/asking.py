"""The calls of one job: journaled, failing over, and replayed after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from consumer.documents.calls.choosing import Targets
from consumer.documents.calls.debugging import DebugFiles
from consumer.documents.calls.journal import AnswerJournal, Kept, Place
from consumer.documents.calls.ledger import Ledger
from consumer.documents.calls.sending import Bounds, Call, Guard, Sender, refuse_unknown
from consumer.documents.failing import ModelRefused, NothingSaid
from consumer.documents.wording import as_json, prompt, role_of
from syntx.llm.catalogue import Target
from syntx.llm.contract import Answer, Gateway, Request
from syntx.llm.failover import first_of, tries_of
from syntx.llm.stitching import ask_whole

__all__ = ["Bounds", "Call", "Caller", "Guard"]

log = structlog.get_logger()

_TAIL = 200
_MOST_PARTS = 1000


class Caller:
    """Asks on behalf of one job; the journal's earlier answers are used before any model is."""

    def __init__(
        self,
        gateway: Gateway,
        targets: Targets,
        journal: AnswerJournal,
        *,
        trace_id: str | None = None,
        guard: Guard | None = None,
        debug: DebugFiles | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self.ledger = Ledger(journal)
        self.sender = Sender(
            gateway,
            lambda: self.ledger.spent,
            trace_id=trace_id,
            guard=guard,
            debug=debug,
            bounds=bounds,
        )
        self._targets = targets

    @property
    def answers(self) -> list[Answer]:
        """Every answer the job was given so far, in order; replayed ones are marked."""
        return self.ledger.answers

    def at(self, round: int, task: int, action: int) -> None:
        """Stand at an action of the workflow: what it asked in an earlier run is found again."""
        self.ledger.at(Place(round, task, action))

    async def ask(self, call: Call) -> Answer:
        """Return one answer, which may be cut; raises ModelRefused when the model declines.

        NothingSaid when it is cut before its first word, Temporary when all models of the chain
        stay unreachable, and Permanent as the gateway.
        """
        return usable(await self._kept(call))

    async def ask_on(self, call: Call) -> Answer:
        """Return one answer that goes on with an earlier one, a refusal as it came.

        Raises what the gateway raises.
        """
        return await self._kept(call)

    async def ask_text(self, call: Call) -> Answer:
        """Return a plain text answer, asked on where it was cut; raises what `ask` raises."""
        return await self.complete(call, await self.ask(call))

    async def complete(self, call: Call, first: Answer) -> Answer:
        """Return an answer to a call with its continuations, of at most `max_parts` parts."""

        async def ask(request: Request) -> Answer:
            if request.messages == call.messages:
                return first
            return await self._kept(replace(call, purpose="continue", messages=request.messages))

        asked = Request(call.options.operation_type.value, call.messages)
        most = call.options.max_parts or _MOST_PARTS
        whole = await ask_whole(ask, asked, most, lambda said: _go_on(call, said))
        if whole.truncated:
            log.warning("answer_stayed_cut", model=whole.model, characters=len(whole.text))
        return whole

    async def keep(self, key: str, call: Call, answer: Answer, note: dict[str, Any]) -> Answer:
        """Put an answer with a note on disk, and return it."""
        return await self.ledger.keep(key, call.purpose, answer, note)

    def chain(self, call: Call) -> Sequence[Target]:
        """Return the models to ask, the first first; raises ConfigError where there is none."""
        return self._targets(call.options.operation_type, call.options.priority, call.models)

    async def _kept(self, call: Call) -> Answer:
        refuse_unknown(call.options)
        key = self.ledger.key(call.subject())
        found: Kept | None = self.ledger.find(key)
        if found is not None:
            return found.answer
        answer, passed = await first_of(
            self.chain(call),
            lambda target: self.sender.send(call, target),
            over=self.sender.time_is_up,
        )
        if passed:
            answer = replace(answer, tries=(*tries_of(passed), *answer.tries))
        return await self.ledger.keep(key, call.purpose, answer)


def usable(answer: Answer) -> Answer:
    """Return the answer; raises ModelRefused for a refusal, NothingSaid when cut before any."""
    if answer.refused:
        raise ModelRefused(
            f"{answer.model} declined to answer",
            fix="word the request differently, or name another model",
        )
    if answer.truncated and not answer.text.strip():
        most = answer.limits.max_tokens
        limit = "its limit" if most is None else f"its limit of {most} tokens"
        raise NothingSaid(
            f"{answer.model} reached {limit} before it said anything",
            fix="raise `documents.max_new_tokens` in system.yaml, or ask a model that thinks less",
        )
    return answer


def _go_on(call: Call, delivered: str) -> str:
    told = as_json({"characters": len(delivered), "tail": delivered[-_TAIL:]})
    return prompt(
        role_of(call.messages[0].content),
        "continue",
        [("Delivered", told)],
        "Go on exactly after the tail, with plain text. Repeat nothing and add no remark.",
    )
