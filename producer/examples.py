"""The prompts a new one is written beside: its parent, a good example and a poor one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evolution.generations import PlanItem
from evolution.pack import Example
from producer.remarks import remarks
from producer.wording import Parent
from syntx.job import Job, Recipe
from syntx.spool.contract import Spool

LONGEST = 3_000
"""A longer prompt (characters) is no example of a prompt to be written here."""

_TRIES = 4


class Examples:
    """Reads what the generator model is shown, each prompt once in a turn."""

    def __init__(self, spool: Spool, pack: Sequence[Example]) -> None:
        self._spool = spool
        self._pack = pack
        self._jobs: dict[str, Job | None] = {}

    async def parent(self, item: PlanItem) -> Parent | None:
        """Return the prompt an item goes back to; None without one, or when its text is gone."""
        if not item.parents:
            return None
        job = await self._job(item.parents[0])
        if job is None:
            return None
        score = None if job.verdict is None else job.verdict.score
        return Parent(job.id, job.prompt, job.recipe.topic, remarks(score))

    async def better(self, recipe: Recipe, without: Sequence[str] = ()) -> str | None:
        """Return a prompt that was answered better than expected, as near the recipe as can be."""
        return await self._first(recipe, without, 1)

    async def worse(self, recipe: Recipe, without: Sequence[str] = ()) -> str | None:
        """Return a prompt that was answered worse than expected, as near the recipe as can be."""
        return await self._first(recipe, without, -1)

    async def _first(self, recipe: Recipe, without: Sequence[str], sign: int) -> str | None:
        for job_id in _nearest(self._pack, recipe, without, sign):
            if (job := await self._job(job_id)) is not None:
                return job.prompt
        return None

    async def _job(self, job_id: str) -> Job | None:
        if job_id not in self._jobs:
            job = await self._spool.read(job_id)
            usable = job is not None and job.prompt.strip() and len(job.prompt) <= LONGEST
            self._jobs[job_id] = job if usable else None
        return self._jobs[job_id]


def _nearest(
    pack: Sequence[Example], recipe: Recipe, without: Sequence[str], sign: int
) -> Iterator[str]:
    def order(example: Example) -> tuple[float, ...]:
        trial = example.trial
        same = (trial.category == recipe.category) + (trial.style == recipe.style)
        return -same, -abs(example.surprise)

    fitting = [
        each for each in pack if each.surprise * sign > 0 and each.trial.job_id not in without
    ]
    yield from (each.trial.job_id for each in sorted(fitting, key=order)[:_TRIES])
