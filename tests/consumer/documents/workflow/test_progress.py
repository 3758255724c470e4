from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from consumer.documents.workflow.progress import LoggedProgress, Where, told
from syntx.errors import ModelUnavailable
from syntx.journal.logs import Logs

HERE = Where("w", 1, 2, 3)


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "workflow.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ModelUnavailable("gone"), "gone"),
        (ValueError("max@muster.de"), "ValueError"),
        (asyncio.CancelledError(), "CancelledError"),
    ],
)
def test_every_start_has_a_finish_whatever_happens(
    tmp_path: Path, error: BaseException, message: str
) -> None:
    """Our own errors are told in their words; of others only the kind is known to be harmless."""
    progress = LoggedProgress(Logs(tmp_path, "consumer"))

    with pytest.raises(type(error)), told(progress, HERE, "reading"):
        raise error

    start, finish = _lines(tmp_path)
    assert (start["event"], start["message"], start["success"]) == ("start", "reading", None)
    assert (finish["event"], finish["message"], finish["success"]) == ("finish", message, False)
    assert (finish["workflow_id"], finish["round"], finish["task"], finish["action"]) == (
        "w",
        1,
        2,
        3,
    )


def test_a_step_may_say_itself_how_it_ended(tmp_path: Path) -> None:
    """An action that failed without an error is told as failed."""
    progress = LoggedProgress(Logs(tmp_path, "consumer"))

    with told(progress, HERE, "acting") as ending:
        ending.success, ending.message = False, "no content"

    assert _lines(tmp_path)[1]["success"] is False
    assert _lines(tmp_path)[1]["message"] == "no content"
    assert _lines(tmp_path)[1]["job_id"] == "w"
