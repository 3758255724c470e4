"""HTML: the words a reader sees, alternative texts with them; tables apart."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction.decoding import decode
from consumer.documents.extraction.finding import Finding, Source, properties, table, text
from consumer.documents.extraction.webwords import Block, blocks
from consumer.documents.needing import need

_CHARSET = re.compile(rb'<meta[^>]{0,200}charset\s*=\s*["\']?([\w-]+)', re.I)


def extract(source: Source) -> Iterator[Finding]:
    """Yield title and author, then text and tables in their order."""
    parser = need("selectolax.lexbor", "reading HTML").LexborHTMLParser
    tree = parser(_decoded(source.data))
    yield from properties(_says_of_itself(tree))
    number = 0
    for block in blocks(tree.body or tree.root):
        if isinstance(block, str):
            yield from text("text", block)
        else:
            number += 1
            yield from _table(block, number)


def _table(block: Block, number: int) -> Iterator[Finding]:
    yield from text("text", block.caption)
    yield from table(f"table {number}", block.rows)


def _says_of_itself(tree: Any) -> dict[str, object]:
    title = tree.css_first("title")
    told: dict[str, object] = {"title": " ".join(title.text().split()) if title else ""}
    for name in ("author", "description", "keywords"):
        found = tree.css_first(f'meta[name="{name}" i]')
        told[name] = found.attributes.get("content") if found else None
    return told


def _declared(data: bytes) -> str | None:
    """The encoding that the page names, when Python knows it; a mark of Unicode goes before it."""
    found = _CHARSET.search(data[:4096])
    if not found or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8"}.get(name, name)


def _decoded(data: bytes) -> str:
    """By the encoding the page names, as browsers take it, else by what fits."""
    encoding = _declared(data)
    try:
        if encoding:
            return data.decode(encoding)
    except (UnicodeError, LookupError):
        pass
    return decode(data)[0]
