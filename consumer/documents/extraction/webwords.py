"""The words of an HTML tree, block by block, without recursion: pages may nest without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_DROPPED = frozenset({"script", "style", "template", "head", "svg", "-comment"})
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details dialog div dl dt "
        "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option "
        "p pre section select summary table tr ul",
    )
)
_SPOKEN = {"img": "alt", "area": "alt", "input": "value", "textarea": "placeholder"}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_GAPS = re.compile(r"\n{3,}")


@dataclass
class Block:
    """A table: its rows and its caption."""

    rows: list[list[str]]
    caption: str = ""


@dataclass
class Flow:
    """Text being gathered."""

    out: list[str] = field(default_factory=list)
    kept_space: int = 0

    def end_line(self) -> None:
        """End the line, unless it is empty."""
        if self.out and not self.out[-1].endswith("\n"):
            self.out.append("\n")

    def take(self) -> str:
        """Return what was gathered and begin anew."""
        lines = "".join(self.out).split("\n")
        self.out.clear()
        return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def blocks(root: Any) -> Iterator[str | Block]:
    """Yield runs of text and the data tables between them."""
    flow = Flow()
    for node, leaving in _steps(root, tables=True):
        if node.tag == "table" and not leaving and is_data(node):
            yield flow.take()
            yield Block(_rows(node), _caption(node))
        else:
            _hear(flow, node, leaving)
    yield flow.take()


def is_data(table: Any) -> bool:
    """Whether a table holds data: no table inside, two columns and two rows at least."""
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return False
    rows = table.css("tr")
    return len(rows) > 1 and any(len(row.css("td, th")) > 1 for row in rows)


def words(root: Any) -> str:
    """Return all words below a node."""
    flow = Flow()
    for node, leaving in _steps(root, tables=False):
        _hear(flow, node, leaving)
    return flow.take()


def _steps(root: Any, *, tables: bool) -> Iterator[tuple[Any, bool]]:
    """Walk the tree: every node on the way in and, where it has children, on the way out."""
    stack = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        yield node, leaving
        if leaving or node.tag in _DROPPED or (tables and node.tag == "table" and is_data(node)):
            continue
        inside = list(node.iter(include_text=True)) if node.tag != "-text" else []
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(inside))


def _hear(flow: Flow, node: Any, leaving: bool) -> None:
    tag = node.tag
    if tag == "-text":
        if not leaving:
            _say(flow, node.text_content or "")
        return
    if tag == "pre":
        flow.kept_space += -1 if leaving else 1
    if tag in _BLOCKS:
        flow.end_line()
    elif tag in _SPOKEN and not leaving:
        _say(flow, _spoken(node, tag))
    if tag == "a" and leaving:
        _say(flow, _target(flow, node))
    if not leaving and len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        flow.out.append("#" * int(tag[1]) + " ")
    if not leaving and tag == "li":
        flow.out.append("- ")
    if leaving and tag in {"td", "th"}:
        flow.out.append(" ")


def _say(flow: Flow, said: str) -> None:
    if not flow.kept_space:
        said = _SPACE.sub(" ", said)
        if not flow.out or flow.out[-1].endswith(("\n", " ")):
            said = said.lstrip(" ")
    if said:
        flow.out.append(said)


def _spoken(node: Any, tag: str) -> str:
    if tag == "input" and (node.attributes.get("type") or "").lower() in {"hidden", "password"}:
        return ""
    said = node.attributes.get(_SPOKEN[tag]) or ""
    return f"[image: {said}]" if said and tag in {"img", "area"} else said


def _target(flow: Flow, node: Any) -> str:
    """The address a link leads to, when it leads away and is not what the link says."""
    address = (node.attributes.get("href") or "").strip()
    if not address.startswith(("http://", "https://", "mailto:")):
        return ""
    said = "".join(flow.out[-3:])
    return "" if address.removeprefix("mailto:") in said else f" <{address}>"


def _rows(table: Any) -> list[list[str]]:
    """The cells; one over several columns is followed by empty ones."""
    rows = []
    for row in table.css("tr"):
        cells: list[str] = []
        for cell in row.css("td, th"):
            span = cell.attributes.get("colspan") or "1"
            cells += [words(cell), *[""] * (min(int(span) if span.isdigit() else 1, 100) - 1)]
        rows.append(cells)
    return rows


def _caption(table: Any) -> str:
    found = table.css_first("caption")
    return words(found) if found is not None else ""
