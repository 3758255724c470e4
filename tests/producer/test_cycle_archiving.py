from __future__ import annotations

import pytest
from turning import Maker, consume, word

from evolution.evidence import EvidenceStore
from producer.cycle import turn
from producer.order import Order
from syntx.llm.scripted import ScriptedModel
from syntx.spool.memory import MemorySpool


async def test_learned_jobs_are_archived_after_the_new_ones_are_safe(make_desk: Maker) -> None:
    """The jobs of generation 1 lie in the archive once generation 2 is submitted and logged."""
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(word), spool)
    await turn(desk, Order())
    await consume(spool)
    await turn(desk, Order())

    counts = await spool.counts()
    assert (counts.processed, counts.archive, counts.incoming) == (0, 20, 20)


async def test_very_many_learned_jobs_are_archived_over_several_turns(
    make_desk: Maker, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn archives no more than its share; the next ones go on until nothing is left."""
    monkeypatch.setattr("producer.cycle.ARCHIVE_SLICE", 3)
    monkeypatch.setattr("producer.cycle.ARCHIVE_SLICES", 3)
    spool = MemorySpool()
    desk = make_desk(ScriptedModel(word), spool)
    await turn(desk, Order())
    await consume(spool)
    archived = []
    for _ in range(3):
        await turn(desk, Order(size=1, force=True))
        archived.append((await spool.counts()).archive)

    assert archived == [9, 18, 20]
    assert store.unarchived(9) == ()


async def test_nothing_is_archived_when_every_draft_failed(make_desk: Maker) -> None:
    """A generation that came to nothing moves nothing."""
    spool = MemorySpool()
    await turn(make_desk(ScriptedModel(word), spool), Order())
    await consume(spool)
    await turn(make_desk(ScriptedModel(lambda _: "Das kann ich nicht."), spool), Order())
    assert (await spool.counts()).archive == 0
