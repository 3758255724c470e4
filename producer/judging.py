"""Judging an answer of the generator model: which of its texts is the prompt, if any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from producer.candidates import candidates
from producer.flaws import flaw, unusable
from producer.gate import Likeness
from producer.wording import Asked
from syntx.llm.contract import Answer

NEAR_REPEAT = "near_repeat"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text an answer is worth; `flaw` says why it may not be asked, None if it may."""

    text: str
    flaw: str | None = None
    likeness: Likeness | None = None
    candidates: int = 1


async def judge(
    answer: Answer, asked: Asked, look: Callable[[Sequence[str]], Awaitable[list[Likeness]]]
) -> Draft:
    """Return the flawless text that is least like the known prompts, as `look` tells."""
    reason = unusable(answer, several=asked.candidates > 1)
    if reason is not None:
        return Draft(answer.text, reason)
    texts = candidates(answer.text, asked.candidates, cut=answer.truncated)
    flaws = [flaw(text, asked) for text in texts] or ["truncated"]
    whole = [text for text, why in zip(texts, flaws, strict=False) if why is None]
    if not whole:
        return Draft(answer.text, flaws[0], candidates=len(texts))
    looks = zip(await look(whole), whole, strict=True)
    likeness, text = min(looks, key=lambda found: (found[0].repeats, found[0].similarity))
    return Draft(text, NEAR_REPEAT if likeness.repeats else None, likeness, len(texts))
