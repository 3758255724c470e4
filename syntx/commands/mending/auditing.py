"""The audit log of an operator's actions: whole, so that the last discard can be undone from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syntx.errors import SyntxError
from syntx.journal.files import read_all
from syntx.journal.records import OperatorAction

MOST_LISTED = 100
"""So many IDs stand in the first line of an action."""
AT_ONCE = 1_000
"""So many stand in each further line."""

_SOMETHING = "name what you mean by a pattern, --group or --filter"


@dataclass(frozen=True, slots=True)
class Past:
    """An action of the past: its ID, when it was, and the names it moved or meant to move."""

    action_id: str
    at: str
    why: str | None
    names: frozenset[str]


def begun(record: OperatorAction, names: Sequence[str]) -> list[OperatorAction]:
    """Return the lines that stand before an action: what is meant, every name of it."""
    lines: list[OperatorAction] = [{**record, "state": "begun", "ids": names[:MOST_LISTED]}]
    rest = names[MOST_LISTED:]
    return lines + [{**record, "state": "named", "ids": some} for some in _parts(rest)]


def done(record: OperatorAction, moved: int, stayed: Sequence[str]) -> list[OperatorAction]:
    """Return the lines that stand behind an action: what stayed after all, every name of it."""
    lines: list[OperatorAction] = [
        {**record, "state": "stayed", "ids": some} for some in _parts(stayed)
    ]
    return [*lines, {**record, "state": "done", "moved": moved, "stayed": len(stayed)}]


def past_discard(log: Path, action_id: str | None = None) -> Past:
    """Return the last discard that moved something, or the one of that ID.

    One that was broken off counts with all that it meant. Raises SyntxError when there is none.
    """
    wanted = action_id or _last(_discards(log))
    found = [one for one in _discards(log) if _id(one) == wanted]
    if not found:
        what = f"of the ID {action_id}" if action_id else "that moved anything"
        raise SyntxError(f"{log} tells of no discard {what}", fix=_SOMETHING)
    names: set[str] = set()
    for record in found:
        if record.get("state") in ("begun", "named"):
            names.update(record["ids"])
    if len(names) < found[0]["count"]:
        raise SyntxError(f"{log} does not name all that discard {wanted} moved", fix=_SOMETHING)
    for record in found:
        if record.get("state") == "stayed":
            names.difference_update(record["ids"])
    return Past(str(wanted), found[0]["timestamp"], found[0].get("why"), frozenset(names))


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def _last(records: Iterable[dict[str, Any]]) -> str | None:
    """Return the ID of the last action, those left out that ended and moved nothing."""
    actions: dict[str, None] = {}
    for record in records:
        if record.get("state") == "begun":
            actions[_id(record)] = None
        elif record.get("state") == "done" and not record.get("moved"):
            actions.pop(_id(record), None)
    return next(reversed(actions), None)


def _discards(log: Path) -> Iterator[dict[str, Any]]:
    for record in read_all(log):
        if isinstance(record, dict) and record.get("action") == "discard" and _is_whole(record):
            yield record


def _is_whole(record: dict[str, Any]) -> bool:
    """Whether a line has what an undo needs; another program may have written it."""
    kinds = {"ids": list, "count": int, "timestamp": str}
    return all(isinstance(record.get(name), kind) for name, kind in kinds.items())


def _id(record: dict[str, Any]) -> str:
    """Return the ID of an action; lines of an older release have none in common."""
    return str(record.get("action_id") or record.get("event_id"))
