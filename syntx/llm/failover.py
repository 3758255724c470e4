"""Down a chain of models: the next is asked when one stays unreachable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from syntx.errors import (
    ContextExceeded,
    CostLimitExceeded,
    ModelUnavailable,
    NotAuthorised,
    SyntxError,
    Temporary,
)
from syntx.llm.catalogue import Target
from syntx.llm.contract import Try

_UNFIT = (NotAuthorised, ContextExceeded, CostLimitExceeded)
"""What keeps one model from being asked at all; it says nothing about the models before it."""

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Passed:
    """A model of the chain that gave no answer, and why."""

    target: Target
    error: SyntxError


async def first_of(
    chain: Sequence[Target],
    ask: Callable[[Target], Awaitable[Given]],
    over: Callable[[], bool] = lambda: False,
    passing: type[SyntxError] | tuple[type[SyntxError], ...] = Temporary,
) -> tuple[Given, tuple[Passed, ...]]:
    """Return what the first model that answers gives, and those that were passed on the way.

    The next model is asked on what is `passing` only, and none once `over` says that time is up. A
    later model that may not be asked (no key, no room, too dear) is passed as well: the first may
    be back later. Raises any other error at once; when the chain is used up, the only error there
    was, or one naming every model with its reason (ModelUnavailable if any of them may be back).
    """
    passed: list[Passed] = []
    for target in chain:
        if passed and over():
            break
        try:
            return await ask(target), tuple(passed)
        except SyntxError as error:
            if not isinstance(error, passing) and not (passed and isinstance(error, _UNFIT)):
                raise
            passed.append(Passed(target, error))
    raise _used_up(passed)


def tries_of(passed: Sequence[Passed]) -> tuple[Try, ...]:
    """Return the tries of the models that were passed, each one's last failure included."""
    return tuple(
        one
        for model in passed
        for one in (*model.error.tries, Try(model.error.reason, model.error.message, 0.0))
    )


def _used_up(passed: Sequence[Passed]) -> SyntxError:
    if not passed:
        return ModelUnavailable("the chain names no model", fix="name at least one model")
    if len(passed) == 1:
        return passed[0].error
    reasons = "; ".join(f"{one.target.name}: {one.error.message}" for one in passed)
    passing = [one.error for one in passed if isinstance(one.error, Temporary)]
    error = (ModelUnavailable if passing else type(passed[0].error))(
        f"none of {len(passed)} models answered: {reasons}",
        fix="mend one of them, or add a model that can be reached",
    )
    if isinstance(error, Temporary):
        delays = (one.delay for one in passing)
        error.delay = min((delay for delay in delays if delay is not None), default=None)
    error.tries = tries_of(passed)
    return error
