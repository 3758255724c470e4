"""How much content goes into one call; pure.

Two ways to count. The documented formula takes four bytes for a token, keeps a fifth back and
gives text 70 % of the rest, images 80 %. The working estimate counts by kind of character, rather
too many than too few, and is corrected by what the model reports.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from syntx.errors import ContextExceeded
from syntx.llm.contract import Message

_SYSTEM_TOKENS = 10
_OVERHEAD_TOKENS = 100
_MESSAGE_TOKENS = 4

_PLAIN = string.ascii_letters.encode() + b" "
_CODE = re.compile(rb"[0-9][A-Za-z]+")
_LETTERS = re.compile(r"[\x80-\u0fff\u1e00-\u1fff]+")
_WORD, _SIGN, _LETTER, _REST = 1 / 3, 3 / 5, 2 / 3, 4 / 3

LOWEST_RATIO, HIGHEST_RATIO = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class ChunkSizes:
    """The most content of one call in bytes, for text and for images."""

    text: int
    image: int


def documented_sizes(context: int, max_output: int, prompt_bytes: int) -> ChunkSizes:
    """Return what the documented formula leaves for content; sizes in tokens, the prompt in bytes.

    Raises ContextExceeded when that is nothing.
    """
    reserved = prompt_bytes / 4 + _SYSTEM_TOKENS + _OVERHEAD_TOKENS + max_output
    available = int((context - reserved) * 0.8) * 4
    sizes = ChunkSizes(int(available * 0.7), int(available * 0.8))
    if sizes.text <= 0:
        raise ContextExceeded(
            f"a context of {context} tokens less {max_output} for the answer leaves nothing beside "
            f"a prompt of {prompt_bytes} bytes",
            fix="shorten the prompt or the longest answer, or ask a model with a longer context",
        )
    return sizes


def estimated_tokens(text: str) -> float:
    """Return about how many tokens a text takes: words a third a character, the rest more.

    Numbers, codes (what follows a digit), punctuation and line ends three fifths, European letters
    beyond ASCII two thirds, all else (Chinese, Japanese, emoji) one and a third. It never shrinks
    when a text grows.
    """
    plain = text.encode("ascii", "ignore")
    foreign = len(text) - len(plain)
    letters = sum(map(len, _LETTERS.findall(text))) if foreign else 0
    codes = _CODE.findall(plain)
    # A code's letters stand behind its digits, as in 9f86d0; each match begins with one of those.
    words = len(plain) - len(plain.translate(None, _PLAIN)) - sum(map(len, codes)) + len(codes)
    signs = len(plain) - words
    return words * _WORD + signs * _SIGN + letters * _LETTER + (foreign - letters) * _REST


def estimated_prompt(messages: Iterable[Message]) -> float:
    """Return about how many tokens messages take together."""
    return sum(estimated_tokens(message.content) + _MESSAGE_TOKENS for message in messages)


@dataclass(slots=True)
class Correction:
    """What a model's own counts say of our estimate; 1 until it has told one."""

    ratio: float = 1.0

    def tell(self, estimated: float, reported: int | None) -> None:
        """Learn from a call; up at once, down by halves."""
        if not reported or estimated <= 0:
            return
        seen = min(HIGHEST_RATIO, max(LOWEST_RATIO, reported / estimated))
        self.ratio = seen if seen > self.ratio else (self.ratio + seen) / 2

    def tokens(self, estimated: float) -> int:
        """Return the corrected count."""
        return math.ceil(estimated * self.ratio)


def content_tokens(
    context: int, prompt_tokens: int, answer_tokens: int | None, safety_margin: float
) -> int:
    """Return the tokens left for content beside a prompt and the longest answer.

    An answer that would take more than half of the context is given half. Raises ContextExceeded
    when nothing is left.
    """
    half = context // 2
    reserve = half if answer_tokens is None else min(answer_tokens, half)
    room = context - prompt_tokens - reserve - _SYSTEM_TOKENS - _OVERHEAD_TOKENS
    left = int(room * (1 - safety_margin))
    if left <= 0:
        raise ContextExceeded(
            f"a context of {context} tokens leaves nothing for content beside a prompt of about "
            f"{prompt_tokens} tokens and an answer of {reserve}",
            fix="shorten the request, or ask a model with a longer context",
        )
    return left
