from __future__ import annotations

from pathlib import Path

import pytest
from turning import consume, text_of

from evolution.evidence import EvidenceStore
from producer.gate import Family, Gate, Likeness
from producer.wording import Parent
from syntx.ids import new_ids
from syntx.job import Job, Recipe
from syntx.settings.models import Steering
from syntx.spool.memory import MemorySpool

RECIPE = Recipe(topic="Tiere", category="natur")
KNOWN = text_of(1)


def _changed(share: float, number: int = 2) -> str:
    """Return the known text with a share of its words replaced by others."""
    words, others = KNOWN.split(), text_of(number).split()
    kept = round(len(words) * (1 - share))
    return " ".join([*words[:kept], *others[kept:]])


@pytest.fixture
async def known() -> tuple[Gate, Job]:
    """Give a gate that knows one prompt, which was answered."""
    store, spool = EvidenceStore(Path(":memory:")), MemorySpool()
    (job_id,) = new_ids([("Tiere", None)])
    now = "2026-11-20T19:30:00Z"
    job = Job.model_validate({"id": job_id, "created_at": now, "prompt": KNOWN, "recipe": RECIPE})
    await spool.submit([job])
    await consume(spool)
    store.record([job])
    return Gate(store, spool, Steering()), job


@pytest.mark.parametrize(("share", "repeats"), [(0.1, True), (0.25, True), (0.6, False)])
async def test_the_share_of_common_phrases_decides(
    known: tuple[Gate, Job], share: float, repeats: bool
) -> None:
    """A text that shares half of its 5-grams with a known prompt repeats it."""
    (found,) = await known[0].look([_changed(share)], RECIPE, Family())
    assert found.repeats == repeats == (found.similarity >= 0.5)


async def test_a_child_may_be_more_like_its_parent(known: tuple[Gate, Job]) -> None:
    """What would repeat another prompt may go back to its own parent, up to a limit of its own."""
    gate, job = known
    family = Family((job.id,), Parent(job.id, KNOWN))

    found = await gate.look([_changed(0.25), _changed(0.1)], RECIPE, family)
    assert [each.repeats for each in found] == [False, True]


async def test_an_example_counts_as_known(known: tuple[Gate, Job]) -> None:
    """A text like an example it was written beside repeats it, however old that is."""
    shown = text_of(9)
    assert await known[0].look([shown], RECIPE, Family(), [shown]) == [Likeness(1.0, True)]


async def test_without_the_known_text_the_sketch_decides() -> None:
    """A prompt whose file is gone, or has not ended, is compared by its sketch."""
    store = EvidenceStore(Path(":memory:"))
    (job_id,) = new_ids([("Tiere", None)])
    now = "2026-11-20T19:30:00Z"
    job = Job.model_validate({"id": job_id, "created_at": now, "prompt": KNOWN, "recipe": RECIPE})
    store.record([job])
    gate = Gate(store, MemorySpool(), Steering())

    found = await gate.look([KNOWN, text_of(2)], RECIPE, Family())
    assert [each.repeats for each in found] == [True, False]
