"""Charts in Office files: their values as a table, their words as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction.finding import Finding, table, text
from consumer.documents.extraction.ooxml import Package, Relation, every, joined, local


def graphic(
    package: Package, frame: Any, relations: dict[str, Relation], label: str
) -> Iterator[Finding]:
    """Yield the chart or the SmartArt that a graphic refers to."""
    for one in every(frame, "chart", "relIds"):
        wanted = "dm" if local(one) == "relIds" else "id"
        ids = [value for key, value in one.attrib.items() if key.endswith("}" + wanted)]
        relation = relations.get(ids[0]) if ids else None
        root = package.xml(relation.target) if relation and not relation.external else None
        if root is not None and local(one) == "chart":
            yield from chart(root, label)
        elif root is not None:
            yield from text(f"SmartArt {label}", smart_art(root), smart_art=True)


def chart(root: Any, label: str) -> Iterator[Finding]:
    """Yield titles, then categories and series."""
    yield from text(f"chart {label}", " ".join(joined(root, "t", separator=" ").split()))
    series = list(every(root, "ser"))
    names = [_name(one, number) for number, one in enumerate(series, 1)]
    across = [_points(one, "cat", "xVal") for one in series]
    values = [_points(one, "val", "yVal") for one in series]
    if all(one == across[0] for one in across):
        yield from table(f"chart {label}", _side_by_side(names, across, values), chart=True)
    else:
        yield from table(f"chart {label}", _one_by_one(names, across, values), chart=True)


def smart_art(root: Any) -> str:
    """Return the text of a diagram, one line for each of its points."""
    lines = (joined(point, "t") for point in every(root, "pt"))
    return "\n".join(line for line in lines if line.strip())


Points = dict[int, str]


def _side_by_side(
    names: list[str], across: list[Points], values: list[Points]
) -> Iterator[list[str]]:
    if not names:
        return
    yield ["", *names]
    for index in sorted(set(across[0]).union(*values)):
        yield [across[0].get(index, ""), *(points.get(index, "") for points in values)]


def _one_by_one(
    names: list[str], across: list[Points], values: list[Points]
) -> Iterator[list[str]]:
    yield ["series", "x", "y"]
    for name, xs, ys in zip(names, across, values, strict=True):
        for index in sorted({*xs, *ys}):
            yield [name, xs.get(index, ""), ys.get(index, "")]


def _name(series: Any, number: int) -> str:
    told = next((one for one in series if local(one) == "tx"), None)
    return (joined(told, "v") if told is not None else "") or f"series {number}"


def _points(series: Any, *names: str) -> Points:
    """The cached points, levels of categories joined by a slash."""
    found: Points = {}
    for holder in (one for one in series if local(one) in names):
        for point in every(holder, "pt"):
            told, value = point.get("idx", "0"), joined(point, "v")
            index = int(told) if told.isdecimal() else len(found)
            found[index] = f"{value} / {found[index]}" if index in found else value
    return found
