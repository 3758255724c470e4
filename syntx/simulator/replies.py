"""What the simulated model says, and how long it is in tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """Return the estimated number of tokens of a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and why it ended.

    `as_json` tells that the text is JSON; `before` is what was said before an answer goes on.
    """

    text: str
    finish_reason: Literal["stop", "length"] = "stop"
    as_json: bool = False
    before: str | None = None

    @property
    def tokens(self) -> int:
        """The estimated number of tokens of the answer."""
        return count_tokens(self.text)

    def saying(self, text: str) -> Reply:
        """Return a copy with another text."""
        return replace(self, text=text)

    def cut(self, characters: int) -> Reply:
        """Return a copy that ends after so many characters because a limit was hit."""
        return replace(self, text=self.text[:characters], finish_reason="length")

    def within(self, max_tokens: int | None) -> Reply:
        """Return the reply as a model with that token limit would have given it."""
        if max_tokens is None or self.tokens <= max_tokens:
            return self
        return self.cut(max_tokens * CHARACTERS_PER_TOKEN)
