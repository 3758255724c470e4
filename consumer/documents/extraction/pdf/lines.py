"""Whether the lines and boxes drawn on a page could make a table."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from consumer.documents.needing import need

_PATH = 2
_FEWEST_LINES = 4
_MOST_LINES = 20_000
_BOX = 5
_THIN = 3.0

Line = tuple[float, float, float, float]
"""From x, y to x, y; of a box, its opposite corners."""
Edge = tuple[int, float, float]
"""Where it stands, and from where to where it goes."""


def could_hold_table(page: Any) -> bool:
    """Whether lines make two cells side by side: three upright ones that two level ones cross."""
    if page.get_rotation():
        return False
    lines = list(islice(_lines(page), _MOST_LINES + 1))
    if not _FEWEST_LINES <= len(lines) <= _MOST_LINES:
        return False
    upright = _merged(edge for line in lines for edge in _upright(line))
    level = _merged(edge for line in lines for edge in _upright(_mirrored(line)))
    if len(upright) < 3 or len(level) < 2:
        return False
    crossed = (sum(_cross(one, other) for other in level) >= 2 for one in upright)
    return sum(crossed) >= 3


def _upright(line: Line) -> Iterator[Edge]:
    """The upright edges of a line or a box; a thin box is one edge."""
    x0, y0, x1, y1 = line
    if abs(y1 - y0) <= _THIN and abs(x1 - x0) > abs(y1 - y0):
        return
    low, high = min(y0, y1), max(y0, y1)
    for x in {round(x0), round(x1)} if abs(x1 - x0) > _THIN else {round((x0 + x1) / 2)}:
        yield x, low, high


def _mirrored(line: Line) -> Line:
    x0, y0, x1, y1 = line
    return y0, x0, y1, x1


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    """Edges in one line as one, from where the first begins to where the last ends."""
    spans: dict[int, tuple[float, float]] = {}
    for place, low, high in edges:
        known = spans.get(place, (low, high))
        spans[place] = (min(low, known[0]), max(high, known[1]))
    return [(place, low, high) for place, (low, high) in spans.items()]


def _cross(one: Edge, other: Edge) -> bool:
    return (
        other[1] - _THIN <= one[0] <= other[2] + _THIN
        and one[1] - _THIN <= other[0] <= one[2] + _THIN
    )


def _lines(page: Any) -> Iterator[Line]:
    """Simple paths by their bounds; of longer ones, each line that is upright or level."""
    raw = need("pypdfium2.raw", "reading PDF")
    for path in page.get_objects(filter=[_PATH], max_depth=5):
        segments = raw.FPDFPath_CountSegments(path)
        if segments > _BOX:
            yield from _straight(raw, path, segments)
        else:
            with contextlib.suppress(RuntimeError):
                yield path.get_bounds()


def _straight(raw: Any, path: Any, segments: int) -> Iterator[Line]:
    x, y = ctypes.c_float(), ctypes.c_float()
    before: tuple[float, float] | None = None
    for index in range(min(segments, _MOST_LINES)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = (x.value, y.value)
        drawn = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
        if drawn and before and (before[0] == here[0] or before[1] == here[1]):
            yield (*before, *here)
        before = here
