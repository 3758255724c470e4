"""The service log: read by people on a terminal, by programs elsewhere, obeyed by neither."""

from __future__ import annotations

import io
import json
import sys

import pytest
import structlog
from hostile_home import FORBIDDEN, HOSTILE

from syntx.service import configure_logging


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _told(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging("info")
    try:
        raise ValueError(f"bad {HOSTILE}")
    except ValueError:
        log = structlog.get_logger()
        log.exception(f"file_refused {HOSTILE}", **{f"k{HOSTILE}": HOSTILE}, names=[HOSTILE])
    return stream.getvalue()


def test_a_hostile_name_is_spelled_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the event, in names, values, lists and tracebacks; our own colours stay away too."""
    monkeypatch.setenv("NO_COLOR", "1")
    told = _told(monkeypatch, Terminal())
    assert not {char for char in FORBIDDEN if char in told}
    assert "ValueError: bad \\x1b]0;BOO" in told


@pytest.mark.parametrize("journal", [True, False])
def test_json_lines_keep_their_value_and_hold_no_controls(
    monkeypatch: pytest.MonkeyPatch, journal: bool
) -> None:
    """With and without priorities for the journal, each record is one line of plain JSON."""
    if journal:
        monkeypatch.setenv("JOURNAL_STREAM", "1:1")
    told = _told(monkeypatch, io.StringIO())
    assert not {char for char in FORBIDDEN if char in told}
    assert len(told.splitlines()) == 1
    record = json.loads(told.removeprefix("<3>"))
    assert record["names"] == [HOSTILE]
