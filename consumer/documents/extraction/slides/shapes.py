"""The shapes of one slide, groups opened, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consumer.documents.extraction.charts import graphic
from consumer.documents.extraction.finding import Finding, table, text
from consumer.documents.extraction.ooxml import (
    Package,
    Relation,
    attribute,
    elements,
    every,
    local,
)

_TITLES = frozenset({"title", "ctrTitle"})
_SHAPES = frozenset({"sp", "pic", "cxnSp", "graphicFrame"})


@dataclass(frozen=True)
class Slide:
    """One slide: where its relations point, its label, and what is told of each of its parts."""

    package: Package
    relations: dict[str, Relation]
    label: str
    told: Mapping[str, Any]

    def findings(self, root: Any) -> Iterator[Finding]:
        """Yield the text of shapes, and the tables, charts and diagrams between them."""
        lines: list[str] = []
        for shape in shapes(root):
            if local(shape) != "graphicFrame":
                lines.append(self._shape(shape))
                continue
            yield from text(self.label, "\n".join(filter(None, lines)), **self.told)
            lines = []
            yield from self._frame(shape)
        yield from text(self.label, "\n".join(filter(None, lines)), **self.told)

    def words(self, root: Any, without: frozenset[str]) -> str:
        """Return the text of all shapes but the placeholders named."""
        kept = (shape for shape in shapes(root) if _placeholder(shape) not in without)
        return "\n".join(filter(None, map(self._shape, kept)))

    def _shape(self, shape: Any) -> str:
        lines = [self._paragraph(one) for one in every(shape, "p")]
        said = "\n".join(line for line in lines if line.strip())
        if said and _placeholder(shape) in _TITLES:
            return f"# {said}"
        described = [attribute(one, "descr") for one in every(shape, "cNvPr")]
        return "\n".join([*filter(None, [said]), *(f"[image: {one}]" for one in described if one)])

    def _paragraph(self, paragraph: Any) -> str:
        out: list[str] = []
        links: list[str] = []
        for one in paragraph.iter():
            if local(one) == "t":
                out.append(one.text or "")
            elif local(one) == "br":
                out.append("\n")
            elif local(one) == "hlinkClick":
                relation = self.relations.get(attribute(one, "id") or "")
                if relation and relation.external:
                    links.append(relation.target)
        return "".join([*out, *(f" <{link}>" for link in dict.fromkeys(links))])

    def _frame(self, frame: Any) -> Iterator[Finding]:
        for one in every(frame, "tbl"):
            rows = [
                [self._cell(cell) for cell in row if local(cell) == "tc"]
                for row in every(one, "tr")
            ]
            yield from table(f"table on {self.label}", rows, **self.told)
        yield from graphic(self.package, frame, self.relations, f"on {self.label}")

    def _cell(self, cell: Any) -> str:
        return "\n".join(self._paragraph(one) for one in every(cell, "p"))


def shapes(root: Any) -> Iterator[Any]:
    """Yield all shapes; of alternatives, the one that is preferred."""
    stack = [root]
    while stack:
        element = stack.pop()
        if local(element) in _SHAPES:
            yield element
        elif local(element) != "Fallback":
            stack.extend(list(elements(element))[::-1])


def _placeholder(shape: Any) -> str:
    return next((attribute(one, "type") or "body" for one in every(shape, "ph")), "")
