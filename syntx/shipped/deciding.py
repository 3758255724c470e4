"""What an upgrade does with each file, told from digests alone.

Three versions of a file meet: what the operator was given last, what lies there now, and what is
shipped now. What lies there as it was given is replaced; what was edited, or taken away, stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Literal

NO_FILE = "no file"
"""Stands for the digest of a link or a folder: something an operator put there."""

Action = Literal["write", "replace", "remove", "keep", "beside", "absent", "same", "own", "forget"]
"""What happens to a file.

`write` is new · `replace` was not edited · `remove` is no longer shipped and was not edited ·
`keep` was edited, and nothing newer came since · `beside` was edited, and the new version is laid
beside it · `absent` was taken away by the operator · `same` is up to date · `own` was edited and is
no longer shipped · `forget` is neither there nor shipped.
"""


def upgrade(
    given: Mapping[str, str] | None,
    found: Mapping[str, str],
    shipped: Mapping[str, str],
    before: Mapping[str, Set[str]],
) -> dict[str, Action]:
    """Return what happens to each file by its name.

    `given` is None for a home from before there were manifests: `before` are the versions it may
    have been given.
    """
    old = given is None and any(name in before for name in found)
    actions: dict[str, Action] = {}
    for name in sorted({*shipped, *(given or ()), *(before if old else ())}):
        mine, theirs = found.get(name), shipped.get(name)
        versions = before.get(name, frozenset())
        base = (given or {}).get(name) or _guessed(mine, theirs, versions, old)
        actions[name] = _with(base, mine, theirs) if theirs else _without(base, mine)
    return actions


def missing(found: Mapping[str, str], shipped: Mapping[str, str]) -> dict[str, Action]:
    """Return what a plain layout does: it writes what is not there."""
    return {name: "write" for name in shipped if name not in found}


def given_after(
    given: Mapping[str, str] | None,
    found: Mapping[str, str],
    shipped: Mapping[str, str],
    before: Mapping[str, Set[str]],
) -> dict[str, str]:
    """Return what the operator was given last, once a plain layout has written what was missing."""
    after = dict(given or {})
    for name, theirs in shipped.items():
        mine = found.get(name)
        if mine is None or mine == theirs:
            after[name] = theirs
        elif name not in after and mine in before.get(name, ()):
            after[name] = mine
    return after


def _guessed(mine: str | None, theirs: str | None, versions: Set[str], old: bool) -> str | None:
    """Return what was given where no manifest says it; None is not known, or nothing."""
    if mine is not None:
        return mine if mine in versions else None
    return theirs if old and versions else None


def _with(base: str | None, mine: str | None, theirs: str) -> Action:
    if mine is None:
        return "write" if base is None else "absent"
    if mine == theirs:
        return "same"
    if mine == base:
        return "replace"
    return "keep" if base == theirs else "beside"


def _without(base: str | None, mine: str | None) -> Action:
    if mine is None:
        return "forget"
    return "remove" if mine == base else "own"
