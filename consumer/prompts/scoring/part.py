"""What every part of the score gives back, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from consumer.prompts.parsing import Parsed
from consumer.prompts.scoring.words import legible, stems, words
from syntx.wrappers import Wrapper


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score: a value in 0..1, the reason in a sentence, and what was counted."""

    value: float
    reason: str
    measures: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=64)
def wrapper_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a wrapper's text, computed once per wrapper."""
    return tuple(words(text))


@dataclass(frozen=True)
class Material:
    """An answer made ready for scoring; what is costly is computed once."""

    answer: str
    parsed: Parsed
    wrapper: Wrapper
    prompt: str
    truncated: bool = False

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of every field found with one, as read, by key, in order of occurrence."""
        return {found.key: legible(found.text) for found in self.parsed.fields if found.text}

    @cached_property
    def legible_answer(self) -> str:
        """The whole answer as a reader sees it."""
        return legible(self.answer)

    @cached_property
    def weights(self) -> dict[str, float]:
        """The fields' weights as shares of one; equal shares where none are given."""
        given = {item.key: item.weight for item in self.wrapper.fields}
        total = sum(given.values())
        return {key: weight / total if total else 1 / len(given) for key, weight in given.items()}

    @cached_property
    def field_words(self) -> dict[str, list[str]]:
        """The folded words of every field that has text."""
        return {key: words(text) for key, text in self.texts.items()}

    @cached_property
    def all_words(self) -> list[str]:
        """The folded words of the whole answer."""
        return words(self.legible_answer)

    @cached_property
    def body_words(self) -> list[str]:
        """The folded words of all fields together."""
        return [word for found in self.field_words.values() for word in found]

    @cached_property
    def prompt_words(self) -> list[str]:
        """The folded words of the prompt."""
        return words(self.prompt)

    @cached_property
    def given_stems(self) -> set[str]:
        """Content words that were there before the answer: prompt, wrapper and headings."""
        names = " ".join(f"{item.heading} {' '.join(item.parts)}" for item in self.wrapper.fields)
        return (
            stems(self.prompt_words) | stems(wrapper_words(self.wrapper.text)) | stems(words(names))
        )
