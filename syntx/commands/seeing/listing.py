"""What a list of jobs tells of each, and which of them are wanted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

from syntx.commands.newest import Place, State
from syntx.observing.failures_reading import read_plain
from syntx.spool.layout import envelope_of, moment_of
from syntx.spool.plain import NotPlain

UNREADABLE = "unreadable"
"""The reason of a job whose file is none."""

_DAMAGED = (OSError, NotPlain, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Line:
    """One job. `made` is RFC 3339 in UTC, `age_s` counts from it (seconds).

    `reason` is why it failed, was refused, or is tried again; a low score is its own reason.
    What is not known is None.
    """

    id: str
    state: State
    made: str
    age_s: float
    kind: str | None
    outcome: str | None
    score: int | None
    reason: str | None
    topic: str | None
    style: str | None
    wrapper: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Jobs, the newest first. `matched` of the `looked_at` were wanted.

    `more` says that older jobs were not looked at: enough were found, or too many looked at.
    """

    jobs: tuple[Line, ...]
    matched: int
    looked_at: int
    more: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that are wanted of a job, by the name of what they are asked of.

    Each may be a shell pattern, and case does not count. Several for one name: any will do; all
    names must be met.
    """

    words: Mapping[str, Collection[str]] = field(default_factory=dict)

    def means(self, line: Line) -> bool:
        """Whether this job is wanted."""
        return all(
            any(_fits(getattr(line, name), word) for word in words)
            for name, words in self.words.items()
            if words
        )


def listing(
    places: Iterable[Place], wanted: Wanted, *, last: int, most: int, now: datetime
) -> Listing:
    """Read jobs until `last` wanted ones are found or `most` were looked at."""
    found: list[Line] = []
    looked_at = 0
    left = iter(places)
    for place in islice(left, most):
        looked_at += 1
        line = line_of(place, now)
        if line is not None and wanted.means(line):
            found.append(line)
        if len(found) >= last:
            break
    return Listing(tuple(found), len(found), looked_at, next(left, None) is not None)


def line_of(place: Place, now: datetime) -> Line | None:
    """Read what is told of a job; None when it moved on."""
    made = moment_of(place.id)
    told = _envelope(place)
    if made is None or told is None:
        return None
    recipe = _part(told, "recipe")
    verdict = _part(told, "verdict")
    return Line(
        id=place.id,
        state=place.state,
        made=made.isoformat().replace("+00:00", "Z"),
        age_s=max(0.0, (now - made).total_seconds()),
        kind=_word(told.get("kind")),
        outcome=_word(verdict.get("outcome")),
        score=_score(verdict),
        reason=_reason(told, verdict),
        topic=_word(recipe.get("topic")),
        style=_word(recipe.get("style")),
        wrapper=_word(recipe.get("wrapper")) or _word(verdict.get("wrapper")),
    )


def _envelope(place: Place) -> Mapping[str, Any] | None:
    refused = place.path.endswith(".refused")
    path = f"{place.path}/refusal.json" if refused else envelope_of(place.path)
    try:
        found = json.loads(read_plain(path))
    except FileNotFoundError:
        return None
    except _DAMAGED:
        found = None
    # A refusal tells its reason where a job has none.
    return found if isinstance(found, dict) else {"reason": UNREADABLE}


def _reason(told: Mapping[str, Any], verdict: Mapping[str, Any]) -> str | None:
    if verdict:
        outcome = _word(verdict.get("outcome"))
        return _word(verdict.get("reason")) or (None if outcome == "passed" else outcome)
    attempts = told.get("attempts")
    tried: Sequence[Any] = attempts if isinstance(attempts, list) else ()
    last = tried[-1] if tried and isinstance(tried[-1], dict) else told
    return _word(last.get("reason"))


def _score(verdict: Mapping[str, Any]) -> int | None:
    total = _part(verdict, "score").get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _fits(value: str | None, word: str) -> bool:
    return value is not None and fnmatchcase(value.casefold(), word.casefold())
