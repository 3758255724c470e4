"""What is pinned to the sheets of an XLSX: comments, drawings, links, headers, charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction.charts import chart
from consumer.documents.extraction.finding import Finding, Source, text
from consumer.documents.extraction.ooxml import Package, Relation, attribute, every, joined

_COMMENTS = frozenset({"comments", "threadedComment"})


def pinned(source: Source) -> dict[str, list[Finding]]:
    """Return findings by name of sheet; under the empty name, those of the whole book."""
    package = Package(source)
    main = package.main("xl/workbook.xml")
    found = {"": list(package.says_of_itself())}
    for name, member in sheet_members(package, main).items():
        relations = list(package.relations(member).values())
        found[name] = [one for relation in relations for one in _of(package, relation, name)]
    found[""] += package.troubles.values()
    return found


def sheet_members(package: Package, main: str) -> dict[str, str]:
    """Return the members that hold the sheets, by name of sheet."""
    root = package.xml(main)
    relations = package.relations(main)
    sheets = [] if root is None else list(every(root, "sheet"))
    named = {str(one.get("name")): relations.get(attribute(one, "id") or "") for one in sheets}
    return {name: relation.target for name, relation in named.items() if relation}


def _of(package: Package, relation: Relation, sheet: str) -> Iterator[Finding]:
    if relation.external:
        if relation.kind == "hyperlink":
            yield from text(f"link on sheet {sheet}", relation.target)
    elif relation.kind in _COMMENTS:
        root = package.xml(relation.target)
        if root is not None:
            authors = [joined_text(one) for one in every(root, "author")]
            told = {"authors": authors} if any(authors) else {}
            yield from text(f"comments on sheet {sheet}", _comments(root, authors), **told)
    elif relation.kind == "drawing":
        yield from _drawing(package, relation.target, sheet)


def _comments(root: Any, authors: list[str]) -> str:
    """One line for each comment: cell, author, words."""
    lines = []
    for one in every(root, "comment", "threadedComment"):
        number = attribute(one, "authorId") or ""
        known = number.isdigit() and int(number) < len(authors)
        who = f" ({authors[int(number)]})" if known and authors[int(number)] else ""
        lines.append(f"{one.get('ref', '')}{who}: {joined(one, 't', 'text')}")
    return "\n".join(lines)


def _drawing(package: Package, member: str, sheet: str) -> Iterator[Finding]:
    root = package.xml(member)
    words = [] if root is None else [joined(one, "t") for one in every(root, "p")]
    described = [] if root is None else [attribute(one, "descr") for one in every(root, "cNvPr")]
    lines = [*words, *(f"[image: {one}]" for one in described if one)]
    yield from text(f"drawings on sheet {sheet}", "\n".join(line for line in lines if line))
    for relation in package.of_kind(member, "chart"):
        found = package.xml(relation.target)
        if found is not None:
            yield from chart(found, f"on sheet {sheet}")


def joined_text(element: Any) -> str:
    """Return all text inside an element."""
    return "".join(element.itertext())
