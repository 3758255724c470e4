"""What a job's calls gave and cost, this run's and earlier ones'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from consumer.documents.calls.journal import AnswerJournal, Kept, Place, key_of
from consumer.documents.threads import in_thread
from syntx.llm.contract import Answer


class Ledger:
    """Keeps the answers of one job, and finds those of an earlier run again."""

    def __init__(self, journal: AnswerJournal) -> None:
        self._journal = journal
        self._kept = journal.everything()
        self._place = Place()
        self._seen: Counter[str] = Counter()

    @property
    def answers(self) -> list[Answer]:
        """All answers in the order they were given; those of earlier runs marked as replayed."""
        return [kept.answer for kept in self._kept]

    @property
    def spent(self) -> float:
        """What all answers cost together in USD, as far as it is known."""
        return sum(answer.cost or 0.0 for answer in self.answers)

    def at(self, place: Place) -> None:
        """Stand at a place of the workflow; equal questions are counted anew from here."""
        self._place = place
        self._seen.clear()

    def key(self, subject: Mapping[str, Any]) -> str:
        """Return the key of the next question about a subject at this place."""
        first = key_of(self._place, 0, subject)
        occurrence = self._seen[first]
        self._seen[first] += 1
        return first if not occurrence else key_of(self._place, occurrence, subject)

    def find(self, key: str) -> Kept | None:
        """Return what an earlier run was answered, or None."""
        return self._journal.find(key)

    async def keep(
        self, key: str, purpose: str, answer: Answer, note: Mapping[str, Any] | None = None
    ) -> Answer:
        """Put an answer on disk before anybody uses it, and return it as it is kept."""
        plain = replace(answer, text=_without_halves(answer.text))
        number = 1 + max((kept.number for kept in self._kept), default=0)
        kept = Kept(self._place, purpose, number, plain, dict(note or {}))
        self._kept.append(kept)
        await in_thread(self._journal.keep, key, kept)
        return plain


def _without_halves(text: str) -> str:
    """Return the text with halves of surrogate pairs, which no file can hold, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
