"""The gate against repeats: how like known prompts a draft is, and whether it is too like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.novelty import jaccard, sketch
from evolution.sketches import Near, SketchBook
from producer.wording import Parent
from syntx.job import Recipe
from syntx.settings.models import Steering
from syntx.spool.contract import Spool

DOUBT = 0.15
"""So far below the limit a sketch may still be wrong; the texts are compared then."""


@dataclass(frozen=True, slots=True)
class Family:
    """Whom a draft goes back to: its parents' IDs, and the first one's text if it is at hand."""

    ids: tuple[str, ...] = ()
    parent: Parent | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like the nearest known prompt a text is (0..1), and whether that makes it a repeat."""

    similarity: float
    repeats: bool


class Gate:
    """Compares drafts with all prompts of their topic, the newest of any, and their parent."""

    def __init__(self, book: SketchBook, spool: Spool, limits: Steering) -> None:
        self._book = book
        self._spool = spool
        self._limits = limits
        self._texts: dict[str, str] = {}

    def keep(self, job_id: str, text: str) -> None:
        """Keep the text of a draft that is not yet in the spool's reach."""
        self._texts[job_id] = text

    async def look(
        self, texts: Sequence[str], recipe: Recipe, family: Family, shown: Sequence[str] = ()
    ) -> list[Likeness]:
        """Say how like the known prompts each text is; `shown` are examples beside it."""
        sketches = [sketch(text) for text in texts]
        near = self._book.nearest(recipe.category, recipe.topic, sketches)
        return [
            await self._compared(text, known, family, shown)
            for text, known in zip(texts, near, strict=True)
        ]

    async def _compared(
        self, text: str, near: Sequence[Near], family: Family, shown: Sequence[str]
    ) -> Likeness:
        found = [await self._likeness(text, each) for each in near if each.job_id not in family.ids]
        others = max([*found, *(jaccard(text, example) for example in shown)], default=0.0)
        own = 0.0 if family.parent is None else jaccard(text, family.parent.text)
        return Likeness(
            similarity=round(max(others, own), 4),
            repeats=others >= self._limits.duplicate or own >= self._limits.own_duplicate,
        )

    async def _likeness(self, text: str, near: Near) -> float:
        if near.similarity < self._limits.duplicate - DOUBT:
            return near.similarity
        known = await self._text(near.job_id)
        return near.similarity if known is None else jaccard(text, known)

    async def _text(self, job_id: str) -> str | None:
        if job_id not in self._texts:
            job = await self._spool.read(job_id)
            if job is None:
                return None
            self._texts[job_id] = job.prompt
        return self._texts[job_id]
