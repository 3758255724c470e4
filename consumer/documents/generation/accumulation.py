"""One document out of as many answers as it takes.

::

    write ──whole──────────────────────────────► document
      │ cut
      ▼
    continue ──joined, still cut──► continue …
      │ cannot be joined, or in more than one way
      ▼
    append: what follows in the open list? ──► continue …

It ends where the document is whole, nothing was added, a key figure fell, the model could not go
on, or the parts are used up; then what is whole is closed and marked as incomplete. A refusal is
final: nothing is asked after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from consumer.documents.failing import ModelRefused
from consumer.documents.generation.accumulating import CLOSED, Accumulation, Piece
from consumer.documents.generation.documents import document_from
from consumer.documents.generation.models import (
    GenerationKind,
    JsonAccumulationState,
    KpiDefinition,
    UnifiedJsonDocument,
)
from syntx.errors import BadAnswer, ContextExceeded

__all__ = ["Ask", "Generation", "GenerationOrder", "Keep", "Piece", "generate"]

Ask = Callable[[str, tuple[tuple[Literal["user", "assistant"], str], ...]], Awaitable[Piece]]
"""Asks a model: the purpose (write, continue, append) and the conversation."""

Keep = Callable[[JsonAccumulationState], None]

_NO_MORE = (BadAnswer, ContextExceeded)
"""What keeps a model from going on; asked again the same way it would say the same."""


@dataclass(frozen=True, slots=True)
class GenerationOrder:
    """What to generate: `prompt` is the whole write prompt, `max_parts` the answers it may take."""

    prompt: str
    kind: GenerationKind = "report"
    title: str = ""
    language: str = "de"
    kpis: tuple[KpiDefinition, ...] = ()
    max_parts: int = 50


@dataclass(frozen=True, slots=True)
class Generation:
    """What came of it; `document` is None where there was nothing to keep.

    `repaired` tells that the document may differ from what was meant, and `changes` how; `kpis`
    have their current values; `said_percent` is what the model said of its progress.
    """

    document: UnifiedJsonDocument | None
    complete: bool
    repaired: bool
    changes: tuple[str, ...]
    kpis: tuple[KpiDefinition, ...]
    reason: str
    parts: int
    said_percent: tuple[int, ...] = ()


async def generate(
    ask: Ask,
    order: GenerationOrder,
    state: JsonAccumulationState | None = None,
    keep: Keep | None = None,
) -> Generation:
    """Ask until the document is whole or it makes no sense to go on.

    Errors of `ask` come through; once there is a beginning, an unusable answer or a prompt that is
    too long ends it, and what there is comes back as incomplete. Raises ModelRefused for an answer
    that declines, unless it is the missing end of the document, which may read like that. `state`
    is what `keep` was given last, to go on where another left off.
    """
    work = Accumulation(state or JsonAccumulationState(), order.kpis)
    while work.asking != "nothing" and work.parts < order.max_parts:
        try:
            piece = await ask(work.asking, work.question(order.prompt))
        except _NO_MORE as error:
            if work.asking == "write":
                raise
            work.give_up(f"the model did not go on: {error.message}")
            break
        # Reading and mending take their time; the service must not stand still meanwhile.
        await asyncio.to_thread(work.take, piece)
        if piece.declined and not work.complete:
            raise ModelRefused("the model declined to go on with the document")
        if keep is not None:
            keep(work.state())
    return await asyncio.to_thread(_result, work, order)


def _result(work: Accumulation, order: GenerationOrder) -> Generation:
    document = document_from(work.value(), order.title)
    changes = tuple(work.changes) if work.complete else (*work.changes, CLOSED)
    reason = work.reason or f"the limit of {order.max_parts} parts is reached"
    return Generation(
        document=document,
        complete=work.complete and document is not None,
        repaired=work.repaired or not work.complete,
        changes=changes,
        kpis=tuple(work.kpis),
        reason=reason if document is not None or not work.complete else "it has no sections",
        parts=work.parts,
        said_percent=tuple(work.percents),
    )
