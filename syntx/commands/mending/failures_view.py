"""Failures by cause as text for people (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syntx.commands.telling import table, visible
from syntx.home import addressed
from syntx.observing.failures import Failures, Group
from syntx.observing.failures_spread import Spread
from syntx.top.signs import ASCII, UNICODE, sparkline

_HEAD = ("GROUP", "COUNT", "FIRST", "LAST", "TREND 24 h")
_KINDS = {
    "low_score": "scored too low",
    "refused_by_model": "refused by the model",
    "refused_file": "refused files",
    "second_outcome": "second outcomes",
    "retrying": "waiting for another try",
}


def describe(found: Failures, *, is_plain: bool, called: str = "syntx") -> str:
    """Return all groups; `is_plain` keeps what is drawn to ASCII, `called` is put for `syntx`."""
    lines = _rows(found.groups, is_plain, called) if found.groups else ["nothing has failed"]
    if found.left:
        lines += [f"looked at the newest {found.looked_at}; {found.left} older ones were not read"]
    return "\n".join(lines)


def describe_spread(found: Spread, *, is_plain: bool, called: str = "syntx") -> str:
    """Return one group whole."""
    lines = [
        *_rows([found.group], is_plain, called),
        "message",
        *(f"  {line}" for line in (found.group.message or "-").splitlines()),
        "newest",
        *(f"  {one}" for one in found.ids),
    ]
    spreads = ("models", found.models), ("wrappers", found.wrappers), ("topics", found.topics)
    for name, counted in (*spreads, ("hours", found.hours)):
        lines += [f"{name:<10}{_counted(counted)}"]
    if found.left:
        lines += [f"{found.left} older failures were not read"]
    return "\n".join(lines)


def _rows(groups: Sequence[Group], is_plain: bool, called: str) -> list[str]:
    cells = [
        (
            one.key,
            f"{one.count:>5}",
            one.first[:16],
            one.last[:16],
            sparkline(one.trend, len(one.trend), ASCII if is_plain else UNICODE),
        )
        for one in groups
    ]
    head, *rows = table(cells, _HEAD).splitlines()
    lines = [head]
    for row, one in zip(rows, groups, strict=True):
        lines += [
            row,
            f"  {_what(one)}",
            f"  {one.advice}:",
            f"    {addressed(one.command, called)}",
        ]
    return lines


def _what(group: Group) -> str:
    reason = None if group.reason == group.kind else group.reason
    parts = (_KINDS.get(group.kind), reason, _flat(group.pattern))
    return ": ".join(dict.fromkeys(part for part in parts if part))


def _counted(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {_flat(name)}" for name, number in counted.items())


def _flat(text: str) -> str:
    return visible(" ".join(text.split()))
