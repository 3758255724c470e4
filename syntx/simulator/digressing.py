"""How a model goes on badly: it repeats itself, begins anew, or talks around the rest."""

from __future__ import annotations

import json
from typing import Any

from syntx.simulator.dice import digest
from syntx.simulator.replies import Reply

SHORTEST, LONGEST = 20, 120
"""How many characters of what was said before are repeated."""


def digress(reply: Reply, fault: str | None) -> Reply:
    """Return an answer that goes on as a fault has it; any other answer is left alone."""
    if reply.before is None:
        return reply
    match fault:
        case "continue_overlap":
            return reply.saying(_overlapping(reply.before, reply.text))
        case "continue_restart":
            return reply.saying(_restarted(reply.before, reply.text))
        case "continue_prose":
            said = f"Gern, hier geht es weiter:\n\n```json\n{reply.text}\n```\n\nDas war alles."
            return reply.saying(said)
        case _:
            return reply


def _overlapping(before: str, text: str) -> str:
    size = SHORTEST + digest("overlap", before[-LONGEST:]) % (LONGEST - SHORTEST + 1)
    lists = _lists(before, text)
    if lists:
        earlier, later = lists
        return json.dumps([*earlier[-(1 + size % 3) :], *later], ensure_ascii=False)
    return before[-size:] + text


def _restarted(before: str, text: str) -> str:
    lists = _lists(before, text)
    return json.dumps([*lists[0], *lists[1]], ensure_ascii=False) if lists else before + text


def _lists(before: str, text: str) -> tuple[list[Any], list[Any]] | None:
    """Return both as lists where elements are gone on with, not characters."""
    try:
        earlier, later = json.loads(before), json.loads(text)
    except ValueError:
        return None
    return (earlier, later) if isinstance(earlier, list) and isinstance(later, list) else None
