"""How the calls to models went lately, told from the ends of two logs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from syntx.journal.backwards import newest_lines

LATELY = timedelta(hours=1)
"""Calls that ended longer ago count for no share of failures."""
NEWEST = 50
"""So many calls of a log count at most, so that what is mended is soon seen to be."""
TAIL_BYTES = 1 << 17
"""So much of each log is read at most."""

_LOGS = ("llama_responses.jsonl", "gpt_prompts.jsonl")
_KEY = "not_authorised"


@dataclass(frozen=True, slots=True)
class Calls:
    """The newest calls of the last hour, as the ends of the logs tell them.

    `key_refusals` counts those in a row, up to the newest call of one model, that refused our key,
    however long ago; `key_error` is what the last of them said.
    """

    ended: int = 0
    failed: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    key_refusals: int = 0
    key_error: str | None = None

    @property
    def failed_share(self) -> float:
        """Share of failed calls, 0..1; 0 without any."""
        return self.failed / self.ended if self.ended else 0.0


def recent_calls(folder: Path, *, now: datetime | None = None) -> Calls:
    """Return how the calls went that the logs in `folder` end with."""
    since = ((now or datetime.now(UTC)) - LATELY).isoformat()[:19]
    ended = failed = refusals = 0
    error = None
    reasons: Counter[str] = Counter()
    for name in _LOGS:
        calls = list(_calls(folder / name))
        for row in _refused(calls):
            if len(row) > refusals:
                refusals, error = len(row), str(row[0].get("error"))
        lately = [call for call in calls[:NEWEST] if str(call.get("timestamp") or "")[:19] >= since]
        # An answer that was refused or is no good has no reason; the call itself went well.
        lost = [call for call in lately if call.get("reason")]
        ended, failed = ended + len(lately), failed + len(lost)
        reasons.update(str(call.get("reason")) for call in lost)
    return Calls(ended, failed, tuple(reasons.most_common()), refusals, error)


def _calls(log: Path) -> Iterator[dict[str, Any]]:
    """Give the calls a log ends with, the newest first."""
    for line in newest_lines(log, most_bytes=TAIL_BYTES, packed=False):
        try:
            call = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(call, dict) and "success" in call:
            yield call


def _refused(calls: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Give, for each model, its newest calls in a row whose key was refused."""
    for model in dict.fromkeys(str(call.get("model")) for call in calls):
        of_model = (call for call in calls if str(call.get("model")) == model)
        yield list(takewhile(lambda call: call.get("reason") == _KEY, of_model))
