"""Putting words into sentences without using a word or a sentence twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from string import Formatter

from syntx.simulator.domains import DOMAINS
from syntx.simulator.words import ADVERBS, GROUPS, THINGS, TRAITS, VERBS

STEM = 7
"""Words that begin with the same letters count as the same word."""

Gap = tuple[str, str | None]
_WORD = re.compile(r"[^\W\d_]{3,}")


class Deck:
    """Cards in random order, dealt one by one; an empty deck is shuffled anew."""

    def __init__(self, cards: Sequence[str], chance: Random) -> None:
        self._cards = tuple(cards)
        self._chance = chance
        self._left: list[str] = []

    def deal(self) -> str:
        """Return the next card."""
        if not self._left:
            self._left = self._chance.sample(self._cards, len(self._cards))
        return self._left.pop()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken about: its domain, the words for it, quotations, and what was said before."""

    domain: str
    words: Sequence[str]
    quotes: Sequence[str] = ()
    before: str = ""
    general: tuple[str, ...] = THINGS


class Speaker:
    """Fills the gaps of sentences about a subject, with words that were not said before."""

    def __init__(self, subject: Subject, chance: Random) -> None:
        words = DOMAINS[subject.domain]
        said = {word[:STEM].casefold() for word in _WORD.findall(subject.before)}

        def deck(*cards: str) -> Deck:
            new = [card for card in cards if card[:STEM].casefold() not in said]
            return Deck(new or cards, chance)

        self._decks = {
            "T": deck(*words.things, *subject.general),
            "G": deck(*words.groups, *GROUPS),
            "A": deck(*words.traits, *TRAITS),
            "V": Deck(VERBS[::2], chance),
            "P": Deck(VERBS[1::2], chance),
            "D": deck(*ADVERBS),
            "W": Deck(subject.words, chance),
            "X": Deck(subject.words[:1], chance),
            "Q": Deck(subject.quotes, chance),
        }
        self._quoting = bool(subject.quotes)

    def can_say(self, sentence: str) -> bool:
        """Return whether there are words for every gap of the sentence."""
        return self._quoting or "{Q}" not in sentence

    def say(self, sentence: str) -> str:
        """Return the sentence with its gaps filled."""
        said = []
        for text, gap in gaps(sentence):
            said.append(text)
            if gap is not None:
                said.append(self._decks[gap].deal())
        return "".join(said)


@cache
def gaps(sentence: str) -> tuple[Gap, ...]:
    """Split a sentence into texts, each with the gap that follows it."""
    return tuple((text, gap) for text, gap, _, _ in Formatter().parse(sentence))
