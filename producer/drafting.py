"""From a recipe to a prompt: ask, judge, look for repeats, and ask again while it is one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from evolution.generations import Plan, PlanItem
from producer import records
from producer.briefing import Briefing
from producer.calling import Caller, NotAnswered
from producer.desk import Desk
from producer.gate import Family, Gate, Likeness
from producer.judging import NEAR_REPEAT, Draft, judge
from producer.lessons import Lessons
from producer.quality import draft_quality
from producer.wording import Asked, Brief, meta_prompt
from syntx.job import DraftedBy, Job
from syntx.journal.records import DraftCall, DraftCause, DraftMade
from syntx.llm.contract import Answer, Request
from syntx.llm.recording import sampling_of, tokens_of
from syntx.settings.models import Settings

REDRAWS = 3
"""So often a draft that repeats a known prompt is drawn anew, and so often again as a fresh one."""


class NoPrompt(Exception):
    """An item came to no prompt; `reason` says why, `cost` what its last call took (USD)."""

    def __init__(self, reason: str, cost: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cost = cost


@dataclass(frozen=True, slots=True)
class _Call:
    """One question to the generator model for one item."""

    item: PlanItem
    brief: Brief | None
    asked: Asked
    request: Request
    redraw: int

    @property
    def operator(self) -> str:
        """How the prompt comes about: what was planned, or fresh where that was not possible."""
        return self.item.operator if self.brief is None else self.brief.operator

    @property
    def parents(self) -> tuple[str, ...]:
        """The jobs the prompt goes back to."""
        return self.item.parents if self.brief is not None and self.brief.parent else ()

    @property
    def family(self) -> Family:
        """Whom the prompt may be more like than others."""
        return Family(self.parents, None if self.brief is None else self.brief.parent)


class Drafter:
    """Writes the prompts of one plan; `answered` is called whenever the model gave an answer."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        plan: Plan,
        lessons: Lessons,
        answered: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._plan = plan
        self._answered = answered
        self._caller = Caller(desk, settings.generator)
        self._briefing = Briefing(desk, settings, lessons)
        self._gate = Gate(desk.store, desk.spool, settings.evolution.producer.steering)
        # Two drafts that are looked at in one moment would not see each other.
        self._one_by_one = asyncio.Lock()

    async def draft(self, item: PlanItem) -> Job | None:
        """Return the job of an item, kept as drafted; raises NoPrompt or NotAnswered.

        A draft that nearly repeats a known prompt is drawn anew, in the end as a fresh one. The
        number of redraws is bounded, also if the producer is killed in between. None when somebody
        asked to stop meanwhile.
        """
        refused: tuple[str, ...] = ()
        for redraw in range(item.redraws, 2 * REDRAWS + 1):
            if refused and self._desk.stopping():
                return None
            call = await self._call(item, redraw, refused)
            answer = await self._answer(call)
            async with self._one_by_one:
                draft = await self._judge(call, answer)
                job = self._settle(call, answer, draft)
            if job is not None:
                return job
            refused = (*refused, draft.text)[-REDRAWS:]
        raise NoPrompt(NEAR_REPEAT)

    async def _call(self, item: PlanItem, redraw: int, refused: tuple[str, ...]) -> _Call:
        brief = await self._briefing.brief(item, fresh=redraw > REDRAWS)
        asked = meta_prompt(item.recipe, self._briefing.words, brief, refused)
        return _Call(item, brief, asked, self._caller.request(asked, item.job_id), redraw)

    async def _answer(self, call: _Call) -> Answer:
        try:
            answer = await self._caller.ask(call.request)
        except NotAnswered as missing:
            self._tell(call, records.failed(call.request, call.item.recipe, missing.error))
            raise
        self._answered()
        return answer

    async def _judge(self, call: _Call, answer: Answer) -> Draft:
        async def look(texts: Sequence[str]) -> list[Likeness]:
            return await self._gate.look(texts, call.item.recipe, call.family, call.asked.examples)

        return await judge(answer, call.asked, look)

    def _settle(self, call: _Call, answer: Answer, draft: Draft) -> Job | None:
        """Tell of a draft and keep its job; None for a repeat. Raises NoPrompt."""
        self._tell(call, records.answered(call.request, call.item.recipe, answer, draft))
        if draft.flaw == NEAR_REPEAT:
            self._desk.store.mark_redrawn(call.item.job_id, answer.cost)
            return None
        if draft.flaw is not None:
            raise NoPrompt(draft.flaw, answer.cost)
        job = self._job(call, answer, draft)
        similarity = None if draft.likeness is None else draft.likeness.similarity
        self._desk.store.mark_drafted(job, similarity)
        self._gate.keep(job.id, job.prompt)
        return job

    def _tell(self, call: _Call, made: DraftMade) -> None:
        cause: DraftCause = {
            "generation": self._plan.number,
            "arm": call.item.arm,
            "operator": call.operator,
            "parents": [*call.parents],
            "advice_id": None if call.brief is None else call.brief.advice_id,
            "redraw": call.redraw,
        }
        record: DraftCall = {**cause, **made}
        job_id = call.item.job_id
        self._desk.logs.write("gpt_prompts", record, job_id=job_id, trace_id=job_id)

    def _job(self, call: _Call, answer: Answer, draft: Draft) -> Job:
        item = call.item
        return Job(
            id=item.job_id,
            created_at=datetime.now(UTC),
            source="producer",
            prompt=draft.text,
            recipe=item.recipe,
            generation=self._plan.number,
            plan_id=self._plan.plan_id,
            arm=item.arm,
            operator=call.operator,
            parents=call.parents,
            family=item.family if call.parents else item.job_id,
            advice_id=None if call.brief is None else call.brief.advice_id,
            gpt_quality=draft_quality(draft.text),
            drafted_by=DraftedBy(
                model=answer.model,
                sampling=sampling_of(answer),
                tokens=tokens_of(answer),
                cost=answer.cost,
                duration=answer.duration,
                simulated=answer.simulated,
            ),
        )
