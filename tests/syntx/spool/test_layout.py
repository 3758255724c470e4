"""Names tell what they should, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.ids import day_of, is_job_id, new_id
from syntx.job import day_of as job_day_of
from syntx.spool.layout import (
    Entry,
    Kind,
    arrival_stamp,
    due_name,
    entry_name,
    kind_of,
    moment_of,
    parse_due,
    parse_entry,
    sidecar_of,
    stamp,
)

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 2), max_value=datetime(9990, 1, 1), timezones=st.just(UTC)
)
IDS = st.builds(
    lambda at, topic, style: new_id(topic, style, at=at),
    MOMENTS,
    st.none() | st.text(max_size=80),
    st.none() | st.text(max_size=80),
)
ALMOST = st.from_regex(
    r"(\d-)?\d{8}T\d{6}\.\d{6}Z-[0-9a-fA-F]{4}(-[a-zA-Z0-9_.-]{0,220})?", fullmatch=True
)


@settings(deadline=None)
@given(IDS, st.integers(0, 10**6))
def test_an_entrys_name_survives_a_round_trip(job_id: str, rescues: int) -> None:
    """What is written into a name is read from it."""
    assert parse_entry(entry_name(job_id, rescues)) == Entry(job_id, rescues)


@settings(deadline=None, max_examples=200)
@given(IDS | ALMOST | st.text(max_size=60))
def test_entries_and_jobs_agree_on_what_an_id_is(text: str) -> None:
    """The light pattern of names and the job's own check say the same."""
    parsed = parse_entry(f"{text}.json")
    assert (parsed is not None and parsed.id == text) == is_job_id(text)


@settings(deadline=None)
@given(IDS)
def test_the_day_is_the_jobs_day(job_id: str) -> None:
    """Names and jobs put a job into the same day folder."""
    assert day_of(job_id) == job_day_of(job_id)


@settings(deadline=None)
@given(MOMENTS, IDS)
def test_a_retrys_name_survives_a_round_trip(due: datetime, job_id: str) -> None:
    """Due time and entry are read as they were written."""
    entry = entry_name(job_id, 1)
    assert parse_due(due_name(due, entry)) == (due, entry)


@settings(deadline=None)
@given(MOMENTS, MOMENTS)
def test_stamps_sort_by_time(one: datetime, other: datetime) -> None:
    """The order of the names is the order of the times."""
    assert (stamp(one) < stamp(other)) == (one < other)


@pytest.mark.parametrize(
    "name",
    ["", "x.json", "20261120T193000.123456Z", "20261120T193000.123456Z-7f3a.t.json",
     "20261120T193000.123456Z-7f3a.t1.txt", "20261120T193000.123456Z-7F3A.json",
     "20261120T193000.123456Z-7f3a.json\n", "٢0261120T193000.123456Z-7f3a.json"],
)  # fmt: skip
def test_other_names_are_no_entries(name: str) -> None:
    """A name that is nearly an entry's is none."""
    assert parse_entry(name) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", Kind.PROMPT), ("A.MD", Kind.PROMPT), ("a.json", Kind.JSON),
        ("a_response.txt", Kind.ANSWER), ("a.xml", Kind.UNKNOWN), ("a", Kind.UNKNOWN),
        (".a.txt", Kind.IN_THE_MAKING), ("a.txt~", Kind.IN_THE_MAKING),
        ("a.txt.part", Kind.IN_THE_MAKING), ("a.crdownload", Kind.IN_THE_MAKING),
        ("a.swp", Kind.IN_THE_MAKING), ("a.tmp", Kind.IN_THE_MAKING),
    ],
)  # fmt: skip
def test_a_name_tells_what_was_dropped(name: str, kind: Kind) -> None:
    """Extensions decide, and files in the making are known by their names."""
    assert kind_of(name) is kind


def test_a_sidecar_has_the_prompts_stem() -> None:
    """Only the last extension is replaced."""
    assert sidecar_of("a.b.txt") == "a.b.json"


def test_a_dropped_file_stands_where_its_older_name_says() -> None:
    """The local time in the name counts, not the time of the copy."""
    local = datetime(2025, 11, 26, 2, 8, 54, 303031).astimezone()
    assert arrival_stamp("20251126_020854_303031__topic_x__style_y.txt", 0) == stamp(local)


@pytest.mark.parametrize("name", ["a.txt", "99999999_999999_999999__topic_x.txt"])
def test_other_dropped_files_stand_where_their_mtime_says(name: str) -> None:
    """Without a valid time in the name, the time of the last change counts."""
    assert moment_of(arrival_stamp(name, 86_400.0)) == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026112١T210142.553025Z", "2026-11-21T21:01:42.553", "20261121T216142.553025Z"]
)
def test_only_a_stamp_tells_a_moment(text: str) -> None:
    """Foreign digits, other ways to write a time, and times there are none, tell nothing."""
    assert moment_of("20261121T210142.553025Z-6c58") == moment_of("5-20261121T210142.553025Z-6c58")
    assert moment_of(f"{text}-6c58") is None
