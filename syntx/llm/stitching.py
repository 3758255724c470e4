"""Answers in plain text that were cut at their limit: asked on, and put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from syntx.errors import BadAnswer, ContextExceeded, CostLimitExceeded
from syntx.llm.contract import Answer, Message, Request, Usage

SHOWN = 8_000
"""Characters of what was delivered that go along when a model is asked to go on."""

LEAST_OVERLAP = 20
"""Characters; a shorter repetition is as likely the text's own."""

_LONGEST_OVERLAP = 8_000
_RESTART = 200
_TAIL = 200


def go_on(delivered: str) -> str:
    """Return the message that asks for the rest of an answer."""
    return (
        "Your answer was cut at its limit. Go on exactly after its last characters, which are "
        f"below. Repeat nothing, and add no remark.\n\n{delivered[-_TAIL:]}"
    )


async def ask_whole(
    ask: Callable[[Request], Awaitable[Answer]],
    request: Request,
    most_parts: int,
    asking_on: Callable[[str], str] = go_on,
) -> Answer:
    """Return a plain text answer with its continuations, of at most `most_parts` parts.

    A cut answer is never asked for again as it was: the model sees what it delivered and goes on.
    Where it stops doing so, what there is comes back, still marked as cut. Raises what `ask` raises
    for anything but a continuation that the model has no room, no money or no text for.
    """
    whole = await ask(request)
    for _ in range(most_parts - 1):
        if not whole.truncated or whole.refused:
            break
        more = await _more(ask, _continuing(request, whole.text, asking_on))
        if more is None or more.refused:
            break
        text = stitched(whole.text, more.text, finished=not more.truncated)
        grown = text not in (whole.text, "")
        whole = _together(whole, more, text, cut=more.truncated or not grown)
        if not grown:
            break
    return whole


def stitched(delivered: str, more: str, finished: bool = False) -> str:
    """Return the text with its continuation, without what the continuation repeats.

    A repetition counts only when it is long, fits in one way, and stands once in what was
    delivered: a text may repeat itself, as rows of a table do. A continuation that begins the text
    anew replaces it when it goes on from there, or when it is longer and `finished`.
    """
    opening = delivered[:_RESTART]
    if len(opening) >= LEAST_OVERLAP and more.startswith(opening):
        further = more.startswith(delivered) or finished
        return more if further and len(more) > len(delivered) else delivered
    return delivered + more[_overlap(delivered, more) :]


def _overlap(delivered: str, more: str) -> int:
    tail = delivered[-_LONGEST_OVERLAP:]
    fitting = [start for start in _starts(tail, more) if more.startswith(tail[start:])]
    if len(fitting) != 1:
        return 0
    repeated = tail[fitting[0] :]
    stands_once = delivered.find(repeated) == len(delivered) - len(repeated)
    return len(repeated) if stands_once else 0


def _starts(tail: str, more: str) -> Iterator[int]:
    opening = more[:LEAST_OVERLAP]
    start = tail.find(opening) if len(opening) == LEAST_OVERLAP else -1
    while start >= 0:
        yield start
        start = tail.find(opening, start + 1)


def _continuing(request: Request, delivered: str, asking_on: Callable[[str], str]) -> Request:
    messages = (
        *request.messages,
        Message("assistant", delivered[-SHOWN:]),
        Message("user", asking_on(delivered)),
    )
    return replace(request, messages=messages, prompt_tokens=None, raw_prompt=None)


async def _more(ask: Callable[[Request], Awaitable[Answer]], request: Request) -> Answer | None:
    try:
        return await ask(request)
    except (BadAnswer, ContextExceeded, CostLimitExceeded):
        return None


def _together(whole: Answer, more: Answer, text: str, cut: bool) -> Answer:
    return replace(
        whole,
        text=text,
        finish_reason="length" if cut else more.finish_reason,
        usage=_both(whole.usage, more.usage),
        cost=_dollars(whole.cost, more.cost),
        input_cost=_dollars(whole.input_cost, more.input_cost),
        duration=whole.duration + more.duration,
        replayed=whole.replayed and more.replayed,
        tries=(*whole.tries, *more.tries),
    )


def _both(one: Usage, other: Usage) -> Usage:
    return Usage(_tokens(one.input, other.input), _tokens(one.output, other.output))


def _tokens(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _dollars(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
