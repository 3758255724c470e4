"""What the targets of a document ask the writer for, read from their JSONPaths."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from syntx.simulator.documents.asked import Asked

Counted = Literal["rows", "items", "sections", "metadata", "other"]
_NAMED = re.compile(r"@\.(?:title|id)\s*==\s*['\"]([^'\"]+)['\"]")
_TYPED = re.compile(r"@\.content_type\s*==\s*['\"]([a-z_]+)['\"]")
_PLACED = re.compile(r"\.sections\[(\d+)\]")
_LAST = re.compile(r"\.?([A-Za-z_]+)(?:\[[^\[\]]*(?:\[[^\]]*\])?[^\[\]]*\])*$")
_METADATA = re.compile(r"^\$\.metadata\.([A-Za-z_]+)$")


@dataclass(frozen=True, slots=True)
class Target:
    """So much of something: in the section of that name, of that type, or at that place."""

    counted: Counted
    amount: int
    named: str = ""
    typed: str = ""
    place: int | None = None
    key: str = ""
    value: Any = None


def read_targets(asked: Asked) -> list[Target]:
    """Return what is asked for; a path that is not understood asks for nothing."""
    found = [_target(kpi) for kpi in asked.objects("Targets")]
    return [target for target in found if target.counted != "other"]


def _target(kpi: dict[str, Any]) -> Target:
    path, value = str(kpi.get("jsonPath", "")), kpi.get("targetValue")
    if metadata := _METADATA.match(path):
        return Target("metadata", 0, key=metadata[1], value=value)
    named, typed, placed = _NAMED.search(path), _TYPED.search(path), _PLACED.search(path)
    return Target(
        counted=_counted(path),
        amount=_amount(value),
        named=named[1] if named else "",
        typed=typed[1] if typed else "",
        place=int(placed[1]) if placed else None,
    )


def _counted(path: str) -> Counted:
    last = _LAST.search(path.strip().removesuffix("[*]"))
    match last[1] if last else "":
        case "rows":
            return "rows"
        case "items":
            return "items"
        case "sections":
            return "sections"
        case _:
            return "other"


def _amount(value: Any) -> int:
    try:
        return max(0, math.ceil(float(value)))
    except (TypeError, ValueError, OverflowError):
        return 0
