"""What is missing for a measure to be met, said so that somebody can act on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consumer.documents.generation.kpis import Measured
from consumer.documents.validation.counting import NOT_COUNTED, Counted, read_path
from consumer.documents.validation.places import Place

_NAMES = {"rows": ("table", "rowCount"), "items": ("list", "itemCount")}


def unmet(measured: Measured) -> bool:
    """Return whether a measure was taken and is not met."""
    return not measured.met and measured.reason != NOT_COUNTED


def gap_of(measured: Measured) -> Any:
    """Return how much is missing: a number, or what should have been found."""
    target, value = measured.kpi.target_value, measured.value
    if isinstance(target, (int, float)) and isinstance(value, (int, float)):
        missing = target - value
        return int(missing) if missing == int(missing) else missing
    return target


def suggestion(measured: Measured, summary: Mapping[str, Any]) -> str:
    """Return where how much is missing, as in: section 3 'Zahlen': table has 12 of 40 rows."""
    path = read_path(measured.kpi.json_path)
    target = measured.kpi.target_value
    if path is None or path.what not in _NAMES:
        told = measured.kpi.description or measured.kpi.id
        return f"{told}: {measured.value} of {target}"
    name, key = _NAMES[path.what]
    place = _fullest(path, key, summary)
    where = f"{place}: " if place else ""
    return f"{where}{name} has {measured.value} of {target} {path.what}"


def _fullest(path: Counted, key: str, summary: Mapping[str, Any]) -> Place | None:
    """Return the section with the most of what a path counts."""
    found: tuple[int, Place] | None = None
    for number, document in enumerate(summary["documents"]):
        for at, section in enumerate(document["sections"]):
            place = Place(number, at, title=str(section.get("title") or ""))
            count = section.get(key)
            fits = isinstance(count, int) and path.inside(place) and path.of(section)
            if fits and (found is None or count > found[0]):
                found = (count, place)
    return found[1] if found else None
