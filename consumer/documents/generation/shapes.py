"""Whether what a continuation adds looks like what stands at such places already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consumer.documents.generation.frames import Frame
from consumer.documents.generation.prefixes import Reader

_EXAMPLES = 20
_NEW = 3
_COMMON = 2
_SURE = 5
"""Siblings of one shape that leave no doubt."""

Shape = tuple[Any, ...]


def fits(before: Reader, trial: Reader) -> bool:
    """Say whether what a trial adds across the cut looks like its siblings and cousins.

    Rows are as wide as their headers or other rows, objects have the keys of others in their list,
    values are of the kind they have there, no key comes twice. Where the others differ among
    themselves, everything fits.
    """
    if trial.doubled or _misplaced(before, trial):
        return False
    still_open = {id(frame.container) for frame in trial.frames}
    examples: list[Any] = []
    for depth in range(1, len(trial.overlays)):
        examples = _examples(before, depth, examples)
        overlay = trial.overlays[depth]
        closed = id(overlay.container) not in still_open
        siblings = (
            before.frames[depth - 1].container[:-1] if before.frames[depth - 1].is_list else []
        )
        if not _whole_fits(overlay, siblings[-_EXAMPLES:], closed=closed):
            return False
        check = _elements_fit if overlay.is_list else _members_fit
        if not check(before, depth, overlay, examples, still_open):
            return False
    return True


def impossible(before: Reader, trial: Reader) -> bool:
    """Say whether a trial cannot be right: a key comes twice, or a row is unlike many alike."""
    if trial.doubled:
        return True
    still_open = {id(frame.container) for frame in trial.frames}
    for depth in range(2, len(trial.overlays)):
        parent, overlay = before.frames[depth - 1], trial.overlays[depth]
        siblings = parent.container[-_EXAMPLES - 1 : -1] if parent.is_list else []
        closed = id(overlay.container) not in still_open
        if len(siblings) >= _SURE and not _whole_fits(overlay, siblings, closed=closed):
            return True
    return False


def _misplaced(before: Reader, trial: Reader) -> bool:
    """Say whether an object that a trial adds has the keys of those in a list further out."""
    outer: list[set[str]] = []
    for frame, overlay in zip(before.frames[1:], trial.overlays[1:], strict=False):
        new = list(overlay.container if overlay.is_list else overlay.container.values())[:_NEW]
        firsts = [one[0] if isinstance(one, list) and one else one for one in new]
        if overlay.is_list:
            firsts = [one for one in firsts if not any(one is whole for whole in new)]
        for keys in (set(one) for one in firsts if isinstance(one, dict)):
            if any(len(keys & other) >= _COMMON for other in outer):
                return True
        if frame.is_list and frame.whole and isinstance(frame.container[0], dict):
            outer.append(set(frame.container[0]))
    return False


def _examples(before: Reader, depth: int, of_parent: Sequence[Any]) -> list[Any]:
    """Return containers that stand where the open one at `depth` stands."""
    parent, kind = before.frames[depth - 1], type(before.frames[depth].container)
    if depth == 1:
        return []
    if parent.is_list:
        found = parent.container[-_EXAMPLES - 1 : -1] or _spread(of_parent)
    else:
        found = [one[parent.key] for one in of_parent if parent.key in one]
    return [one for one in found if isinstance(one, kind)]


def _spread(lists: Sequence[Any]) -> list[Any]:
    return [one for some in lists for one in some[:_EXAMPLES]][:_EXAMPLES]


def _whole_fits(overlay: Frame, siblings: Sequence[Any], *, closed: bool) -> bool:
    """Compare the container that the cut goes through with its siblings."""
    shapes = {_shape(one) for one in siblings}
    if len(shapes) != 1 or len(siblings) < 2:
        return True
    base = overlay.base.container if overlay.base is not None else overlay.container
    joined: Any = [*base, *overlay.container] if overlay.is_list else {**base, **overlay.container}
    return _is_of(_shape(joined), shapes.pop(), is_open=not closed)


def _elements_fit(
    before: Reader, depth: int, overlay: Frame, examples: Sequence[Any], still_open: set[int]
) -> bool:
    frame, new = before.frames[depth], overlay.container[:_NEW]
    if before.frames[depth - 1].is_list and depth > 1:
        return _columns_fit(frame.count, new, examples)
    whole = frame.container[max(0, frame.whole - _EXAMPLES) : frame.whole]
    headers = _headers(before, depth)
    shapes = {_shape(one) for one in whole}
    if headers:
        shapes = {("list", len(headers), False)}
    if len(shapes) == 1 and (headers or len(whole) > 1):
        wanted = shapes.pop()
        return all(_is_of(_shape(one), wanted, is_open=id(one) in still_open) for one in new)
    return _kinds_fit(new, whole if len(whole) > 1 else _spread(examples))


def _columns_fit(first: int, new: Sequence[Any], rows: Sequence[Any]) -> bool:
    """Compare what is added to a row with what stands in these columns of others."""
    return all(
        _kinds_fit([value], [row[column] for row in rows if len(row) > column])
        for column, value in enumerate(new, first)
    )


def _kinds_fit(new: Sequence[Any], others: Sequence[Any]) -> bool:
    kinds = {_shape(one)[0] for one in others}
    return not kinds or "word" in kinds or all(_shape(n)[0] in kinds | {"word"} for n in new)


def _members_fit(
    before: Reader, depth: int, overlay: Frame, examples: Sequence[Any], still_open: set[int]
) -> bool:
    return all(
        _kinds_fit([value], [one[key] for one in examples if key in one])
        for key, value in list(overlay.container.items())[:_NEW]
    )


def _shape(value: Any) -> Shape:
    if isinstance(value, list):
        return ("list", len(value), any(isinstance(one, (list, dict)) for one in value))
    if isinstance(value, dict):
        return ("object", frozenset(value))
    if isinstance(value, bool) or value is None:
        return ("word",)
    return ("text",) if isinstance(value, str) else ("number",)


def _is_of(shape: Shape, wanted: Shape, *, is_open: bool) -> bool:
    if shape[0] != wanted[0]:
        scalars = ("word", "text", "number")
        return "word" in (shape[0], wanted[0]) and shape[0] in scalars and wanted[0] in scalars
    if shape[0] == "list":
        wide = shape[1] <= wanted[1] if is_open else shape[1] == wanted[1]
        return wide and (shape[2] == wanted[2] or not shape[2])
    if shape[0] == "object":
        return bool(shape[1] <= wanted[1] if is_open else shape[1] == wanted[1])
    return True


def _headers(reader: Reader, depth: int) -> Sequence[Any]:
    parent = reader.frames[depth - 1]
    if parent.is_list or parent.key != "rows":
        return ()
    headers = parent.container.get("headers")
    return headers if isinstance(headers, list) else ()
