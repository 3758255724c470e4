"""What is to be done in a home: one step per shipped file, before anything is touched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syntx.errors import ConfigError
from syntx.shipped import deciding, manifest
from syntx.shipped.before import VERSIONS
from syntx.shipped.deciding import NO_FILE, Action
from syntx.shipped.folder import contents, digest, digests, source
from syntx.shipped.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a home and what happens to it; `beside` is where its new version goes."""

    name: str
    action: Action
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a home, and what its operator was given last when all of it is."""

    root: Path
    steps: tuple[Step, ...]
    shipped: Mapping[str, bytes]
    given: Manifest | None
    given_after: Mapping[str, str]

    def of(self, *actions: Action) -> list[Step]:
        """Return the steps of some kinds."""
        return [step for step in self.steps if step.action in actions]


def is_checkout(root: Path) -> bool:
    """Whether a home is the checkout that runs: what is shipped lies there already."""
    return root.resolve() == source()


def plan_layout(root: Path) -> Plan:
    """Return what lays out the files that are missing; raises ConfigError."""
    given = manifest.read(root)
    shipped = {} if is_checkout(root) else _shipped()
    found, now = _found(root, set(shipped)), digests(shipped)
    after = deciding.given_after(given.files if given else None, found, now, VERSIONS)
    steps = tuple(Step(name, action) for name, action in deciding.missing(found, now).items())
    return Plan(root, steps, shipped, given, after)


def plan_upgrade(root: Path) -> Plan:
    """Return what brings a home up to date; raises ConfigError."""
    if is_checkout(root):
        raise ConfigError(f"{root} is the checkout itself", fix=f"git -C {root} pull")
    given, shipped = manifest.read(root), _shipped()
    told, now = given.files if given else {}, digests(shipped)
    found = _found(root, {*shipped, *told, *VERSIONS})
    actions = deciding.upgrade(given.files if given else None, found, now, VERSIONS)
    steps = tuple(
        Step(name, action, _beside(root, name, {told.get(name), now[name]}))
        if action == "beside"
        else Step(name, action)
        for name, action in actions.items()
    )
    return Plan(root, steps, shipped, given, now)


def _shipped() -> dict[str, bytes]:
    found = contents(source())
    if not found:
        raise ConfigError(f"{source()}: nothing was shipped", fix="install syntx again")
    return found


def _found(root: Path, names: set[str]) -> dict[str, str]:
    """Return the digest of each file that lies there."""
    return {name: value for name in names if (value := _digest_of(root / name))}


def _digest_of(path: Path) -> str | None:
    if not os.path.lexists(path):
        return None
    return NO_FILE if path.is_symlink() or not path.is_file() else digest(path.read_bytes())


def _beside(root: Path, name: str, ours: set[str | None]) -> str:
    """Return a name for the new version of a file: one that is free, or that we wrote ourselves."""
    number = 1
    while True:
        candidate = f"{name}.new" if number == 1 else f"{name}.new{number}"
        if _digest_of(root / candidate) in {None, *ours}:
            return candidate
        number += 1
