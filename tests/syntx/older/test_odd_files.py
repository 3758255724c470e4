from __future__ import annotations

import json
from typing import Any

import pytest

from syntx.spool.dropped.foreign import Refused


@pytest.mark.parametrize(
    "broken",
    [
        {"syntex_result": 7, "gpt_cost": "viel", "gpt_quality": [1]},
        {"syntex_result": {"quality_score": {"total_score": "98", "detail_breakdown": 3}}},
        {"syntex_result": {"quality_score": {"total_score": 1000}}},
        {"syntex_result": {"quality_score": {"total_score": True}, "duration_ms": -1}},
        {"last_error": "kaputt", "status": ["error"], "retry_count": {}, "failed_at": 12},
        {"processed_at": "gestern", "syntex_result": {"duration_ms": 1e300}},
        {"topic": 5, "style": {}, "syntx": {"id": "../../x", "outcome": "best", "model": 3}},
    ],
)
def test_metadata_of_any_shape_are_survived(older: Any, broken: dict[str, Any]) -> None:
    """What cannot be understood is not used, but kept; a score that is none is no score."""
    older.put("processed", older.prompt, older.metadata(**broken), older.answer)
    job = older.one()
    assert job.verdict.score is None
    assert {key: job.metadata[key] for key in broken} == broken


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{ no json", "not_json"),
        (b"[1, 2]", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": 1e999}', "not_kept"),
        (b'{"a":' * 230 + b"1" + b"}" * 230, "not_json"),
    ],
)
def test_metadata_that_cannot_be_kept_are_refused(older: Any, raw: bytes, reason: str) -> None:
    """Broken, endless or too deep: refused with a reason, never half kept."""
    older.write("processed", {f"{older.name}.json": raw, f"{older.name}.txt": b"Warum?"})
    with pytest.raises(Refused) as refused:
        older.one()
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("raw", "reason"), [("für".encode("latin-1"), "not_utf8"), (b"a\0b", "binary")]
)
def test_a_text_that_is_none_is_refused(older: Any, raw: bytes, reason: str) -> None:
    """Other encodings and binary content are refused, as in the queue."""
    older.write("incoming", {f"{older.name}.txt": raw})
    with pytest.raises(Refused) as refused:
        older.one()
    assert refused.value.reason == reason


def test_a_finished_text_without_metadata_is_not_run_again(older: Any) -> None:
    """The folder says that it ended; nothing is claimed about the text."""
    older.put("processed", "Ein Satz.")
    job = older.one()
    assert job.verdict.outcome == "passed"
    assert job.metadata["imported"] == {
        "name": older.name,
        "folder": "processed",
        "layout": "unknown",
        "text": "Ein Satz.",
    }


def test_line_ends_and_marks_are_kept(older: Any) -> None:
    """A prompt is kept byte for byte but for its byte order mark."""
    data = json.dumps(older.metadata()).encode()
    files = {f"{older.name}.txt": b"\xef\xbb\xbfeins\r\nzwei ", f"{older.name}.json": data}
    older.write("incoming", files)
    assert older.one().prompt == "eins\r\nzwei "
