"""What is dropped is read as a job or refused with a reason; nothing crashes on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.ids import new_id
from syntx.job import Job
from syntx.spool.dropped.foreign import Dropped, Refused, compose, name_slugs, printable, wanted_id

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ID = new_id(at=NOW)


def job_of(name: str, content: Any, sidecar: Any = None) -> Job:
    """Compose a job of what was dropped; objects are dropped as JSON."""
    raw = [
        one if one is None or isinstance(one, bytes) else json.dumps(one).encode()
        for one in (content, sidecar)
    ]
    return compose(Dropped(name, raw[0] or b"", raw[1]), ID, NOW)


def test_a_prompt_is_kept_byte_for_byte() -> None:
    """Line ends and blanks stay as they were written."""
    assert job_of("a.txt", "  Zeile\r\nÄ\n\n".encode()).prompt == "  Zeile\r\nÄ\n\n"


def test_a_byte_order_mark_is_no_text() -> None:
    """The mark some editors write is left out."""
    assert job_of("a.md", b"\xef\xbb\xbfText").prompt == "Text"


def test_a_dropped_job_says_where_it_came_from() -> None:
    """Source and original name are kept."""
    job = job_of("a\nb.txt", b"Text")

    assert job.source == "dropped"
    assert job.metadata["dropped_name"] == "a\\nb.txt"


def test_metadata_becomes_recipe_and_metadata() -> None:
    """What makes a recipe goes there; all the rest is kept as it is."""
    sidecar = {"topic": "Kochen", "style": "casual", "category": None, "gpt_cost": 0.2, "x": [1]}

    job = job_of("a.txt", b"Text", sidecar)

    assert (job.recipe.topic, job.recipe.style, job.recipe.category) == ("Kochen", "casual", None)
    assert job.metadata == {
        "category": None, "gpt_cost": 0.2, "x": [1], "dropped_name": "a.txt",
    }  # fmt: skip


def test_an_older_name_leaves_the_recipe_empty() -> None:
    """Topic and style in a name are for people, not for learning."""
    name = "20251126_020854_303031__topic_kochen__style_casual__retry1.txt"

    assert job_of(name, b"Text").recipe.topic is None
    assert name_slugs(name) == ("kochen", "casual")
    assert name_slugs("x__topic_unknown__style_unknown.txt") == (None, None)


def test_an_envelope_keeps_what_it_asks_for() -> None:
    """Prompt, recipe, models and limits count; its verdict and attempts are history."""
    envelope = {
        "schema": "syntx.job/1", "id": "nonsense", "prompt": "Frage", "models": ["m"],
        "limits": {"deadline": 5}, "recipe": {"topic": "T"}, "verdict": {"outcome": "passed"},
        "attempts": [{"worker": "w"}], "unknown": 1,
    }  # fmt: skip

    job = job_of("a.json", envelope)

    assert (job.id, job.prompt, job.models, job.limits.deadline) == (ID, "Frage", ("m",), 5)
    assert (job.verdict, job.attempts, job.created_at) == (None, (), NOW)
    assert job.metadata["dropped_verdict"] == {"outcome": "passed"}
    assert job.model_extra == {"unknown": 1}


def test_an_envelope_claims_no_origin() -> None:
    """Generation, arm and kin are for plans to say; what an envelope says of them is history."""
    origin = {
        "generation": 7, "plan_id": "g7-x", "arm": "steered", "operator": "mutate",
        "parents": [ID], "family": ID, "advice_id": "a",
    }  # fmt: skip

    job = job_of("a.json", {"schema": "syntx.job/1", "prompt": "Frage", **origin})

    assert (job.generation, job.arm, job.parents, job.family) == (None, None, (), None)
    assert {name: job.metadata[f"dropped_{name}"] for name in origin} == origin


def test_a_lone_object_with_a_prompt_is_a_job() -> None:
    """Its other keys are metadata, an older result among them."""
    job = job_of("a.json", {"prompt": "Frage", "topic": "T", "syntex_result": {"x": 1}})

    assert (job.prompt, job.recipe.topic) == ("Frage", "T")
    assert job.metadata["syntex_result"] == {"x": 1}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\xff", "not_utf8"),
        ("a.txt", b"a\0b", "binary"),
        ("a.txt", b" \n", "empty"),
        ("a.txt", b"", "empty"),
        ("a.json", b"{", "not_json"),
        ("a.json", b"[" * 100_000, "not_json"),
        ("a.json", b"[]", "not_json"),
        ("a.json", b'{"prompt": "\\ud800"}', "not_json"),
        ("a.json", b'{"prompt": NaN}', "not_json"),
        ("a.json", b'{"prompt": ""}', "empty"),
        ("a.json", {"topic": "T"}, "no_prompt"),
        ("a.json", {"schema": "syntx.job/1", "samples": 99, "prompt": "x"}, "not_a_job"),
        ("a.json", {"schema": "syntx.job/1"}, "empty"),
        ("a.json", {"schema": "syntx.job/1", "kind": "document", "prompt": "x"}, "document"),
        ("a.xml", b"<a/>", "unknown_type"),
        ("a_response.txt", b"Text", "answer"),
    ],
)
def test_what_is_no_job_is_refused_with_a_reason(name: str, content: Any, reason: str) -> None:
    """Each kind of nonsense has a reason of its own."""
    with pytest.raises(Refused) as caught:
        job_of(name, content)
    assert caught.value.reason == reason


def test_a_broken_sidecar_refuses_the_pair() -> None:
    """A prompt is not run without the metadata it was dropped with."""
    with pytest.raises(Refused, match="sidecar"):
        job_of("a.txt", b"Text", b"{")


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["a.txt", "a.json", "a.md"]), st.binary(max_size=200), st.binary(max_size=60)
)
def test_no_bytes_break_the_reading(name: str, content: bytes, sidecar: bytes) -> None:
    """Any bytes give a job that can be written and read again, or a refusal."""
    try:
        job = compose(Dropped(name, content, sidecar), ID, NOW)
    except Refused:
        return
    assert Job.from_bytes(job.to_bytes()) == job


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["schema", "id", "prompt", "kind", "metadata", "recipe", "topic", "x"])


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(KEYS, JSON | st.just("syntx.job/1"), max_size=6), st.booleans())
def test_no_object_breaks_the_reading(data: dict[str, Any], beside: bool) -> None:
    """Any JSON object, alone or beside a prompt, gives a sound job or a refusal."""
    raw = json.dumps(data).encode()
    name, content, sidecar = ("a.txt", b"Text", raw) if beside else ("a.json", raw, None)
    try:
        job = compose(Dropped(name, content, sidecar), ID, NOW)
    except Refused:
        return
    assert Job.from_bytes(job.to_bytes()).prompt == job.prompt


def test_only_a_well_formed_id_of_an_envelope_is_kept() -> None:
    """A foreign object's `id` is its own affair."""
    assert wanted_id(json.dumps({"schema": "syntx.job/1", "id": ID}).encode()) == ID
    assert wanted_id(json.dumps({"schema": "syntx.job/1", "id": "x"}).encode()) is None
    assert wanted_id(json.dumps({"id": ID}).encode()) is None


@given(st.text())
def test_a_printed_name_holds_nothing_unprintable(name: str) -> None:
    """Control characters and undecodable bytes are escaped."""
    assert printable(name).isprintable()
