from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from syntx.ids import day_of, is_job_id, new_id, new_ids, slug
from syntx.job import Attempt, Job, Score, Verdict

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
GOLDEN = sorted((Path(__file__).parent.parent / "golden").glob("job-1-*.json"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_jobs_load_and_say_the_same_again(path: Path) -> None:
    """Every envelope ever written loads, and nothing in it is lost or changed."""
    raw = path.read_bytes()
    again = json.loads(Job.from_bytes(raw).to_bytes())

    _assert_holds(again, json.loads(raw), "")


def _assert_holds(again: Any, once: Any, where: str) -> None:
    """Check that all that was once said is said again; a later version may say more."""
    if isinstance(once, dict):
        for key, value in once.items():
            _assert_holds(again[key], value, f"{where}.{key}")
    else:
        assert again == once, where


def test_there_are_golden_jobs() -> None:
    """The golden files are where the test looks for them."""
    assert len(GOLDEN) >= 3


def test_an_id_sorts_by_time_and_names_its_day() -> None:
    """The ID begins with UTC time to the microsecond and ends with slugs for people."""
    made = new_id("Künstliche Intelligenz", "casual", at=NOON)

    assert made.startswith("20261120T120000.123456Z-")
    assert made.endswith("-kuenstliche_intelligenz-casual")
    assert day_of(made) == "2026-11-20"


def test_a_batch_of_ids_sorts_in_its_own_order() -> None:
    """IDs of one batch are distinct and sort as they were asked for."""
    ids = new_ids([(f"Thema {number}", None) for number in range(100)], at=NOON)
    assert ids == sorted(set(ids))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_topic_and_style_make_a_valid_short_id(topic: str, style: str) -> None:
    """Whatever people call their topics, the ID is a safe file name."""
    made = new_id(topic, style, at=NOON)
    assert is_job_id(made)
    assert len(made) + len(".t999.json") < 255


@pytest.mark.parametrize("bad", ["", "a/b", "../x", "20261120T120000.123456Z-7f3", "x" * 300])
def test_names_that_are_no_id_are_refused(bad: str) -> None:
    """An envelope with an ID that could name another file is not loaded."""
    with pytest.raises(ValidationError):
        Job(id=bad, created_at=NOON)


def test_slugs_spell_umlauts_out() -> None:
    """Umlauts become two letters, composed or not, and everything else foreign goes."""
    assert slug("Übergrößen — 3 Äpfel") == "uebergroessen_3_aepfel"
    assert slug("U\u0308bung") == "uebung"


def test_unknown_keys_survive() -> None:
    """A key from a later version comes through a round trip, at the top and inside."""
    raw = Job(id=new_id(at=NOON), created_at=NOON).model_dump(mode="json", by_alias=True)
    raw |= {"later": [1], "recipe": {"topic": "x", "mood": "calm"}}
    again = json.loads(Job.from_bytes(json.dumps(raw).encode()).to_bytes())
    assert again["later"] == [1]
    assert again["recipe"]["mood"] == "calm"


def test_older_readers_find_the_score_where_it_was() -> None:
    """A settled job carries `syntex_result.quality_score` with the four older keys."""
    score = Score(total=91, completeness=100, structure=95, fields={"drift": True})
    attempt = Attempt(worker="w1", started=NOON, ended=NOON)
    job = Job(id=new_id(at=NOON), created_at=NOON)
    job = job.settled(Verdict(outcome="passed", score=score), attempt)

    older = json.loads(job.to_bytes())["syntex_result"]["quality_score"]
    assert older == {
        "total_score": 91,
        "field_completeness": 100,
        "structure_adherence": 95,
        "detail_breakdown": {"drift": True},
    }
    assert Job.from_bytes(job.to_bytes()) == job


@pytest.mark.parametrize("total", [-1, 101])
def test_a_score_stays_between_0_and_100(total: int) -> None:
    """No score outside the scale can be recorded."""
    with pytest.raises(ValidationError):
        Score(total=total)
