"""What a reader of a cut text may vouch for: whole elements, and where something is missing."""

from __future__ import annotations

from typing import Any

from consumer.documents.generation.continuing import OpenContainer
from consumer.documents.generation.frames import Frame, path_of
from consumer.documents.generation.prefixes import Reader


def closed_value(reader: Reader) -> Any:
    """Return the value closed where it was cut, without elements that are not whole.

    An element of a list that is open stays only for the whole elements of a list inside it, as a
    section stays for the rows of its table, whether that list is open or whole itself. None where
    nothing is worth keeping.
    """
    value: Any = None
    worthy = False
    for depth in range(len(reader.frames) - 1, 0, -1):
        frame = reader.frames[depth]
        copied = frame.container.copy()
        if frame.holds_open and (worthy or not frame.is_list):
            _replace_open(copied, frame.key, value)
        elif frame.holds_open:
            copied.pop()
        worthy = worthy or _holds_elements(reader.frames, depth)
        value = copied
    return reader.value if value is None else value


def whole_sections(reader: Reader) -> list[dict[str, Any]]:
    """Return the sections, of all documents, that are whole so far."""
    still_open = {id(frame.container) for frame in reader.frames}
    return [
        section
        for document in _listed(reader.value, "documents")
        for section in _listed(document, "sections")
        if isinstance(section, dict) and id(section) not in still_open
    ]


def open_container(reader: Reader, depth: int) -> OpenContainer:
    """Describe the container at `depth`, cut back to it, as the model is asked about it."""
    frame = reader.frames[depth]
    path = path_of(reader.frames, depth)
    if frame.is_list:
        last = frame.container[-1] if frame.container else None
        return OpenContainer(path, len(frame.container), last)
    return OpenContainer(path, len(frame.container), keys=tuple(frame.container))


def depth_to_append(reader: Reader, *, climbing: bool) -> int:
    """Return the depth of the container to go on in: the innermost list that has a whole element.

    Rows of a table are elements, not lists to go on in. Without such a list the outermost list,
    without any list the outermost object. While `climbing` out of what was filled in this way, the
    innermost container whatever it is.
    """
    frames = reader.frames
    if climbing:
        return len(frames) - 1
    lists = [at for at in range(1, len(frames)) if frames[at].is_list and not _in_list(frames, at)]
    begun = [at for at in lists if frames[at].whole > 0]
    if begun:
        return begun[-1]
    return lists[0] if lists else min(1, len(frames) - 1)


def _holds_elements(frames: list[Frame], depth: int) -> bool:
    frame = frames[depth]
    if frame.is_list:
        return frame.whole > 0 and not _in_list(frames, depth)
    whole = list(frame.container.values())[: frame.whole]
    return any(isinstance(one, list) and one for one in whole)


def _in_list(frames: list[Frame], depth: int) -> bool:
    return depth > 1 and frames[depth - 1].is_list


def _listed(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _replace_open(copied: Any, key: str, value: Any) -> None:
    if isinstance(copied, list):
        copied[-1] = value
    else:
        copied[key] = value
