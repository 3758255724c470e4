"""Which model to ask and how much to ask of it; pure decisions."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from syntx.errors import ContextExceeded, CostLimitExceeded
from syntx.llm.contract import CallLimits, Message, Priority

_BYTES_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could be asked; `price` is USD per million tokens, in and out together."""

    name: str
    endpoint: str
    rank: int
    price: float | None
    context: int | None


def estimate_tokens(messages: Iterable[Message]) -> int:
    """Return about how many tokens the messages take, rather too many than too few."""
    sizes = (len(message.content.encode("utf-8", "surrogatepass")) for message in messages)
    return sum(math.ceil(size / _BYTES_PER_TOKEN) + _TOKENS_PER_MESSAGE for size in sizes)


def ranked(
    candidates: Sequence[Candidate],
    priority: Priority,
    needed_tokens: int,
    skip: Collection[str] = (),
) -> list[Candidate]:
    """Return the candidates that fit the context, ordered by the priority.

    Those of an endpoint in `skip` come last. Raises ContextExceeded when none has the room.
    """
    fitting = [one for one in candidates if one.context is None or one.context > needed_tokens]
    if not fitting:
        largest = max(one.context or 0 for one in candidates)
        raise ContextExceeded(
            f"about {needed_tokens} tokens are needed, the largest model has {largest}",
            fix="shorten the prompt or add a model with a longer context",
        )
    order = _ORDERS[priority]
    by_quality = sorted(fitting, key=_quality)
    by_cost = sorted(fitting, key=_cost)
    places = {one.name: (by_quality.index(one), by_cost.index(one)) for one in fitting}
    return sorted(
        fitting, key=lambda one: (one.endpoint in skip, order(*places[one.name]), one.name)
    )


def _quality(one: Candidate) -> tuple[float, float, str]:
    return (one.rank, _price(one), one.name)


def _cost(one: Candidate) -> tuple[float, float, str]:
    return (_price(one), one.rank, one.name)


def _price(one: Candidate) -> float:
    return math.inf if one.price is None else one.price


_Order = Callable[[int, int], tuple[int, int]]

_ORDERS: Mapping[Priority, _Order] = {
    "quality": lambda quality, cost: (quality, cost),
    "cost": lambda quality, cost: (cost, quality),
    "balanced": lambda quality, cost: (quality + cost, quality),
    # A lighter model is a faster one: the order of quality, read backwards.
    "speed": lambda quality, cost: (-quality, cost),
}


@dataclass(frozen=True, slots=True)
class Room:
    """What bounds the answer: the model's sizes (tokens) and prices (USD per million tokens)."""

    prompt_tokens: int
    context: int | None = None
    max_output: int | None = None
    input_price: float | None = None
    output_price: float | None = None


def fit(limits: CallLimits, room: Room) -> CallLimits:
    """Lower `max_tokens` to what context, model and cost limit leave.

    A value nobody asked for stays the model's own default. Raises ContextExceeded or
    CostLimitExceeded when nothing is left.
    """
    left = _context_left(room)
    bounds = (limits.max_tokens, room.max_output, _affordable(limits, room))
    known = [bound for bound in bounds if bound is not None]
    if not known:
        return limits
    lowest = min(known) if left is None else min(*known, left)
    return limits if lowest == limits.max_tokens else replace(limits, max_tokens=lowest)


def _context_left(room: Room) -> int | None:
    if room.context is None:
        return None
    left = room.context - room.prompt_tokens
    if left <= 0:
        raise ContextExceeded(
            f"the prompt takes about {room.prompt_tokens} tokens, the model's context is "
            f"{room.context}: no room for an answer",
            fix="shorten the prompt or ask a model with a longer context",
        )
    return left


def _affordable(limits: CallLimits, room: Room) -> int | None:
    if limits.cost is None or room.input_price is None or room.output_price is None:
        return None
    left = limits.cost * 1e6 - room.prompt_tokens * room.input_price
    if left < room.output_price:
        raise CostLimitExceeded(
            f"the prompt of about {room.prompt_tokens} tokens leaves nothing of the cost limit "
            f"of {limits.cost} USD for an answer",
            fix="raise the limit, shorten the prompt or ask a cheaper model",
        )
    return None if room.output_price == 0 else int(left / room.output_price)
