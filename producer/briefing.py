"""What a steered prompt is written with: advice, its parent, examples; nothing for the others."""

from __future__ import annotations

from evolution.generations import PlanItem
from producer.advice import advice
from producer.desk import Desk
from producer.examples import Examples
from producer.lessons import Lessons
from producer.wording import Brief, Words
from syntx.settings.models import Settings


class Briefing:
    """Puts together what the generator model is told about each item of a plan."""

    def __init__(self, desk: Desk, settings: Settings, lessons: Lessons) -> None:
        self.words = Words(settings.generator.styles.words, desk.space().patterns)
        self._candidates = settings.evolution.producer.steering.candidates
        self._claims = lessons.claims
        self._examples = Examples(desk.spool, lessons.examples)

    async def brief(self, item: PlanItem, *, fresh: bool = False) -> Brief | None:
        """Return the brief of a steered item, None for an unsteered one.

        Without the text of its parent, or where `fresh` is asked for, an item is written anew.
        """
        if item.arm != "steered":
            return None
        told = advice(self._claims, item.recipe)
        parent = None if fresh else await self._examples.parent(item)
        if parent is None:
            return Brief(told.sentences, told.id, candidates=self._candidates)
        return Brief(
            told.sentences,
            told.id,
            item.operator,
            parent,
            better=await self._examples.better(item.recipe, item.parents),
            worse=await self._examples.worse(item.recipe, item.parents),
        )
