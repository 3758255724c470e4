"""What is imported, exported and imported again is the same."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evolution.rows import row_of
from syntx.job import Job
from syntx.older.folder import Found
from syntx.older.names import older_name, parse_name
from syntx.older.reading import compose
from syntx.older.verdicts import Terms
from syntx.older.writing import write_older

TERMS = Terms(now=datetime(2026, 11, 21, tzinfo=UTC), zone=UTC, accept_score=90)
_ROLES = {"_response.txt": "answer", ".json": "metadata", ".txt": "text"}

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
_KEYS = st.sampled_from(
    ["topic", "style", "gpt_cost", "syntex_result", "imported", "last_error", "status", "syntx"]
)
_METADATA = st.dictionaries(_KEYS | _TEXTS, _VALUES, max_size=6)
_PARTS = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=20
)
_MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1))


def _again(job: Job, state: str | None) -> tuple[Job, str]:
    """Export a job and import it again; returns it with the name it had meanwhile."""
    older = write_older(job, UTC)
    files = {}
    for name, content in older.files.items():
        ending = next(end for end in _ROLES if name == older.name + end)
        files[_ROLES[ending]] = content
    return compose(Found(older.name, "", state, files), TERMS), older.name


def _said(job: Job) -> dict[str, Any]:
    """Return what must survive; the notes of the import itself may differ."""
    assert job.verdict is not None
    return {
        "id": job.id,
        "prompt": job.prompt,
        "answers": [answer.text for answer in job.verdict.answers],
        "outcome": job.verdict.outcome,
        "score": job.verdict.score,
        "version": job.verdict.score_version,
        "recipe": job.recipe,
        "metadata": {key: value for key, value in job.metadata.items() if key != "imported"},
        "original": job.metadata["imported"].get("original"),
        "settled_at": job.verdict.settled_at,
        "attempts": job.attempts,
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_METADATA, _TEXTS, _TEXTS, _MOMENTS, _PARTS, _PARTS, st.sampled_from(["processed", "error"]))
def test_any_names_and_metadata_survive_the_round_trip(
    data: dict[str, Any],
    prompt: str,
    answer: str,
    moment: datetime,
    topic: str,
    style: str,
    state: str,
) -> None:
    """Whatever an older job holds, a second import tells the same of it."""
    name = f"{moment:%Y%m%d_%H%M%S_%f}__topic_{topic}__style_{style}"
    files = {
        "metadata": json.dumps(data).encode(),
        "text": prompt.encode("utf-8-sig"),
        "answer": answer.encode("utf-8-sig"),
    }
    first = compose(Found(name, "", state, files), TERMS)
    second, exported_as = _again(first, state)

    assert exported_as == name
    assert _said(second) == _said(first)
    assert write_older(second, UTC) == write_older(first, UTC)


@settings(max_examples=200, deadline=None)
@given(_PARTS, _PARTS, _MOMENTS)
def test_any_topic_and_style_make_a_name_that_can_be_read(
    topic: str, style: str, moment: datetime
) -> None:
    """The name of an export is always one an import knows, with its time."""
    stamp = f"{moment:%Y%m%dT%H%M%S.%f}Z-0000"
    job = Job(id=stamp, created_at=moment.replace(tzinfo=UTC), prompt="x", recipe={
        "topic": topic, "style": style,
    })  # fmt: skip
    found = parse_name(older_name(job, ZoneInfo("Europe/Berlin")))
    assert found is not None
    assert found.wall.microsecond == moment.microsecond


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = b"".join(str(path).encode() + path.read_bytes() for path in files)
    return hashlib.sha256(told).hexdigest()


def test_real_jobs_survive_the_round_trip(older: Any, real_records: Path) -> None:
    """Every recorded job is imported whole, exported as it was, and imported as the same."""
    folder = real_records / "jobs"
    before = _digest(folder)
    jobs = older.jobs(folder, accept_score=90)

    assert len(jobs) == len(list(folder.rglob("*.json")))
    assert len({job.id for job in jobs}) == len(jobs)
    for job in jobs:
        state = job.metadata["imported"]["folder"]
        second, name = _again(job, state)
        assert _said(second) == _said(job)
        for file, content in write_older(job, UTC).files.items():
            same = (folder / state / file).read_bytes()
            assert file.endswith(".json") or content == same
        assert (folder / state / f"{name}.json").exists()
    assert _digest(folder) == before


def test_real_jobs_end_as_they_were_recorded(older: Any, real_records: Path) -> None:
    """Failures fail, scores count against accept_score, texts lie where the layout says."""
    jobs = older.jobs(real_records / "jobs", accept_score=90)
    for job in jobs:
        result = job.metadata.get("syntex_result") or {}
        score = result.get("quality_score")
        texts = [result["response_text"]] if result else []
        assert [answer.text for answer in job.verdict.answers] == texts
        assert (job.verdict.score is None) == (score is None)
        assert (job.verdict.outcome == "failed") == (job.metadata["status"] == "error")
        assert job.prompt
    outcomes = Counter(job.verdict.outcome for job in jobs)
    assert outcomes["low_score"] + outcomes["passed"] == len(jobs) - outcomes["failed"]
    assert outcomes["failed"] == sum(job.metadata["status"] == "error" for job in jobs)


def test_real_jobs_are_never_sorted_wrongly(older: Any, real_records: Path) -> None:
    """With its answer taken away, or written over it, no real prompt is taken for an answer."""
    for path in sorted((real_records / "jobs" / "processed").glob("*.json")):
        data = json.loads(path.read_text())
        answer = data["syntex_result"].pop("response_text")
        with tempfile.TemporaryDirectory() as scratch:
            for layout, text in (
                ("prompt_only", path.with_suffix(".txt").read_text()),
                ("answer_only", answer),
            ):
                root = Path(scratch)
                (root / path.name).write_text(json.dumps(data))
                (root / path.with_suffix(".txt").name).write_text(text)
                (job,) = older.jobs(root)
                assert job.metadata["imported"]["layout"] in (layout, "unknown")


@pytest.mark.parametrize("pattern", ["question", None])
def test_imported_history_is_evidence_of_its_own_version(older: Any, pattern: str | None) -> None:
    """A full recipe with a score counts, and is never mixed with scores of ours."""
    data = older.metadata(
        wrapper="human", pattern=pattern, syntex_result=older.result(), processed_at="2025-11-26"
    )
    older.put("processed", older.prompt, data, older.answer)
    row = row_of(older.one())
    assert row is not None
    assert row.complete is (pattern is not None)
    assert (row.score, row.score_version, row.simulated) == (98, "legacy", False)
    assert row.settled_at.startswith("2025-11-26")
