from __future__ import annotations

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from syntx.errors import SpoolError
from syntx.journal.logs import Logs


def _numbers(path: Path) -> list[int]:
    return [json.loads(line)["number"] for line in path.read_text().splitlines()]


def test_every_record_has_the_shared_fields(tmp_path: Path) -> None:
    """Schema, id, time, service, job and trace stand in each line; ids differ."""
    logs = Logs(tmp_path, "consumer")
    logs.write("costs", {"a": 1}, {"a": 2}, job_id="j", trace_id="t")

    first, second = map(json.loads, (tmp_path / "costs.jsonl").read_text().splitlines())
    assert first["schema"] == "syntx.costs/1"
    assert (first["service"], first["job_id"], first["trace_id"]) == ("consumer", "j", "t")
    assert first["timestamp"].endswith("Z")
    assert first["event_id"] != second["event_id"]


def test_lines_the_disk_refuses_are_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a log cannot be written nothing is raised, and no line is lost or out of order."""
    monkeypatch.setattr("syntx.journal.logs.RETRY_SECONDS", 0.0)
    logs, path = Logs(tmp_path, "consumer"), tmp_path / "costs.jsonl"
    path.mkdir()
    logs.write("costs", {"number": 1})
    logs.write("costs", {"number": 2})
    path.rmdir()
    logs.write("costs", {"number": 3})

    assert _numbers(path) == [1, 2, 3]


def test_lines_kept_back_are_written_at_the_end(tmp_path: Path) -> None:
    """Closing writes what waits."""
    logs, path = Logs(tmp_path, "consumer"), tmp_path / "costs.jsonl"
    path.mkdir()
    logs.write("costs", {"number": 1})
    path.rmdir()
    logs.close()
    assert _numbers(path) == [1]


def test_a_line_that_must_be_safe_raises(tmp_path: Path) -> None:
    """A flushed line that the disk refuses is an error that names the file."""
    (tmp_path / "evolution.jsonl").mkdir()
    with pytest.raises(SpoolError, match=r"evolution\.jsonl"):
        Logs(tmp_path, "producer").write("evolution", {"number": 1}, flush=True)


def test_the_evolution_log_may_lie_elsewhere(tmp_path: Path) -> None:
    """A path of its own is used for the generations alone."""
    logs = Logs(tmp_path / "logs", "producer", evolution_log=tmp_path / "own.jsonl")
    logs.write("evolution", {"number": 7})
    assert _numbers(tmp_path / "own.jsonl") == [7]


def test_what_is_kept_back_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow for ever; what comes on top is lost and told, the rest written whole."""
    monkeypatch.setattr("syntx.journal.logs.MOST_KEPT_BYTES", 1000)
    logs, path = Logs(tmp_path, "consumer"), tmp_path / "costs.jsonl"
    path.mkdir()
    with capture_logs() as logged:
        for number in range(100):
            logs.write("costs", {"number": number})
    path.rmdir()
    logs.close()
    assert 0 < len(_numbers(path)) < 10
    lost = sum(event["count"] for event in logged if event["event"] == "log_lines_lost")
    assert lost + len(_numbers(path)) == 100
