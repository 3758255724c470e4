from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from turning import text_of

from evolution.evidence import EvidenceStore
from evolution.novelty import sketch
from evolution.sketches import Near
from syntx.ids import new_ids
from syntx.job import Job, Recipe

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
MANY = 1_200


def _jobs(
    texts: list[str], topic: str | None = "Tiere", category: str | None = "natur"
) -> list[Job]:
    ids = new_ids([(topic, None)] * len(texts))
    recipe = Recipe(topic=topic, category=category)
    return [
        Job(id=one, created_at=NOW, prompt=text, recipe=recipe)
        for one, text in zip(ids, texts, strict=True)
    ]


def _nearest(
    book: EvidenceStore, category: str | None, topic: str | None, text: str
) -> tuple[Near, ...]:
    (found,) = book.nearest(category, topic, [sketch(text)])
    return found


@pytest.fixture
def book() -> Iterator[EvidenceStore]:
    """Give an empty book of sketches."""
    with EvidenceStore(Path(":memory:")) as opened:
        yield opened


def test_the_nearest_prompt_comes_first(book: EvidenceStore) -> None:
    """Of all prompts of a topic the likest is named first, with how like it is."""
    jobs = _jobs([text_of(1), text_of(2), text_of(3)])
    book.record(jobs)
    near = _nearest(book, "natur", "Tiere", text_of(2))

    assert near[0] == (jobs[1].id, 1.0)
    assert [each.similarity for each in near] == sorted((n.similarity for n in near), reverse=True)


def test_an_old_prompt_of_the_topic_is_still_known(book: EvidenceStore) -> None:
    """A topic's prompts count for ever; those of others while they are among the newest."""
    old, other = _jobs([text_of(1)]), _jobs([text_of(2)], "Sport", "freizeit")
    book.record([*old, *other])
    book.record(_jobs([f"{number}" for number in range(MANY)], "Spiele", "freizeit"))

    assert _nearest(book, "natur", "Tiere", text_of(1))[0] == (old[0].id, 1.0)
    assert _nearest(book, "natur", "Tiere", text_of(2))[0].similarity < 0.5
    assert _nearest(book, "freizeit", "Sport", text_of(2))[0] == (other[0].id, 1.0)


def test_a_new_prompt_of_another_topic_is_known(book: EvidenceStore) -> None:
    """What was written last is compared with, whatever it is about, even without a topic."""
    jobs = _jobs([text_of(1)], None, None)
    book.record(jobs)
    assert _nearest(book, "natur", "Tiere", text_of(1)) == ((jobs[0].id, 1.0),)


def test_a_prompt_is_remembered_once(book: EvidenceStore) -> None:
    """A job that is read again, changed or not, keeps its place and its sketch."""
    jobs = _jobs([text_of(1)])
    book.record(jobs)
    book.record([jobs[0].model_copy(update={"prompt": text_of(2)})])
    assert _nearest(book, "natur", "Tiere", text_of(1)) == ((jobs[0].id, 1.0),)


def test_what_is_no_prompt_is_not_remembered(book: EvidenceStore) -> None:
    """Empty prompts and documents are like nothing."""
    (empty,), (document,) = _jobs(["  "]), _jobs([text_of(1)])
    book.record([empty, document.model_copy(update={"kind": "document"})])
    assert _nearest(book, "natur", "Tiere", text_of(1)) == ()


def test_an_empty_book_knows_nothing(book: EvidenceStore) -> None:
    """Before the first prompt nothing is near."""
    assert _nearest(book, None, None, text_of(1)) == ()
