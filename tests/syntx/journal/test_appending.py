from __future__ import annotations

import json
import multiprocessing
import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syntx.journal.appending import Journal, Unreadable, event_id, to_line
from syntx.journal.files import newest_first, read_all

WORDS = st.text(alphabet=st.characters(codec=None), max_size=40)


@given(st.dictionaries(WORDS, WORDS | st.integers() | st.booleans() | st.none() | st.lists(WORDS)))
def test_a_record_is_one_line_whatever_it_holds(record: dict[str, object]) -> None:
    """Any text becomes exactly one line of valid UTF-8 that parses back to a JSON object."""
    line = to_line(record)

    text = line.decode()
    assert text.splitlines() == [text[:-1]]
    assert isinstance(json.loads(text), dict)
    assert "\\u0000" not in text


def test_numbers_that_are_no_json_are_refused() -> None:
    """NaN never reaches a log."""
    with pytest.raises(ValueError, match="JSON"):
        to_line({"score": float("nan")})


def test_event_ids_are_version_seven_and_never_repeat() -> None:
    """Ten thousand ids are all different and well formed."""
    ids = {event_id() for _ in range(10_000)}

    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert len(ids) == 10_000
    assert all(pattern.fullmatch(each) for each in ids)


def _write_many(path: Path, worker: int) -> None:
    journal = Journal(path)
    for number in range(250):
        journal.append({"worker": worker, "number": number, "text": "ü" * 10_000})


def test_many_processes_write_whole_lines(tmp_path: Path) -> None:
    """Eight processes with lines of 20 kB each leave only valid lines, none lost."""
    path = tmp_path / "log.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(path, worker)) for worker in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    seen = [(r["worker"], r["number"]) for r in read_all(path) if not isinstance(r, Unreadable)]
    assert len(seen) == len(set(seen)) == 8 * 250
    assert path.read_bytes().count(b"\n") == 8 * 250


def test_a_torn_tail_costs_only_itself(tmp_path: Path) -> None:
    """After a write that was cut, the next line stands alone and the torn one is reported."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"number": 1}\n{"number": 2, "te')
    Journal(path).append({"number": 3})

    first, torn, third = read_all(path)
    assert first == {"number": 1}
    assert isinstance(torn, Unreadable)
    assert torn.line == 2
    assert third == {"number": 3}


def test_a_rename_of_the_log_loses_nothing(tmp_path: Path) -> None:
    """Rotation by rename while a writer has the file open: the next line is in the new file."""
    path = tmp_path / "log.jsonl"
    journal = Journal(path)
    journal.append({"number": 1})
    path.rename(tmp_path / "log.jsonl.1")
    journal.append({"number": 2})

    assert list(read_all(tmp_path / "log.jsonl.1")) == [{"number": 1}]
    assert list(read_all(path)) == [{"number": 2}]


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Reading a log nobody has written yet gives nothing."""
    assert list(read_all(tmp_path / "none.jsonl")) == []


def test_a_flushed_line_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `flush` the file is synced before append returns, and once the folder it is new in."""
    synced: list[bool] = []

    def fsync(descriptor: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))

    monkeypatch.setattr(os, "fsync", fsync)
    journal = Journal(tmp_path / "log.jsonl")
    journal.append({"a": 1})
    assert synced == []
    journal.append({"a": 2}, flush=True)
    journal.append({"a": 3}, flush=True)
    assert synced == [False, True, False]


def test_the_tail_of_a_long_log_is_whole_lines(tmp_path: Path) -> None:
    """Only the end is read, and no half line with it."""
    path = tmp_path / "log.jsonl"
    Journal(path).append(*({"number": number} for number in range(1000)))
    records = newest_first(path, most_bytes=200)
    tail = [r["number"] for r in records if not isinstance(r, Unreadable)]
    assert tail == list(range(999, 999 - len(tail), -1))
    assert 5 < len(tail) < 20


def test_a_write_that_fails_halfway_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk fills up in the middle of a line, the file is as it was before."""
    journal = Journal(tmp_path / "log.jsonl")
    journal.append({"number": 1})
    write = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space"):
        journal.append({"number": 2, "text": "x" * 100})
    assert list(read_all(tmp_path / "log.jsonl")) == [{"number": 1}]
