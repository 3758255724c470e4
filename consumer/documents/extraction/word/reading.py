"""A DOCX: what it says of itself, headers, body, notes, comments, footers, pictures, files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from consumer.documents.extraction.finding import Finding, Found, Source, Trouble, Unreadable, text
from consumer.documents.extraction.models import TypeGroup
from consumer.documents.extraction.ooxml import (
    Package,
    attribute,
    elements,
    every,
    joined,
    local,
)
from consumer.documents.extraction.pictures import picture
from consumer.documents.extraction.word.blocks import Story

_HEADING = re.compile(r"(?:heading|überschrift|title|titel)\s*([1-6])?$")
_NOTES = (
    ("footnotes", "footnote", "^"),
    ("endnotes", "endnote", "^e"),
    ("comments", "comment", "c"),
)
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def extract(source: Source) -> Iterator[Finding]:
    """Yield all stories of the file, each in its order."""
    package = Package(source)
    main = package.main("word/document.xml")
    root = package.xml(main)
    if root is None:
        raise Unreadable("unreadable", "there is no document in the archive")
    yield from package.says_of_itself()
    levels = _levels(package, main)
    yield from _around(package, main, "header", levels)
    yield from _story(package, main, next(elements(root), root), levels, "text")
    for kind, tag, sign in _NOTES:
        yield from _notes(package, main, levels, kind, tag, sign)
    yield from _around(package, main, "footer", levels)
    for number, one in enumerate(package.of_kind(main, "image"), 1):
        data = b"" if one.external else package.data(one.target)
        yield from picture(f"picture {number}", posixpath.basename(one.target), data, source.ocr)
    yield from package.embedded(main)
    yield from package.troubles.values()


def _story(
    package: Package, name: str, root: Any, levels: Mapping[str, int], label: str
) -> Iterator[Finding]:
    try:
        yield from Story(package, package.relations(name), levels, label).findings(root)
    except RecursionError:
        yield Trouble("deep", f"nested too deeply: {label} is given as plain text")
        yield from text(label, joined(root, "t", separator=" "))


def _around(package: Package, main: str, kind: str, levels: Mapping[str, int]) -> Iterator[Finding]:
    """Yield headers or footers; the same text in several sections is yielded once."""
    seen: set[str] = set()
    for one in package.of_kind(main, kind):
        root = package.xml(one.target)
        for finding in () if root is None else _story(package, one.target, root, levels, kind):
            told = finding.data if isinstance(finding, Found) else ""
            if told not in seen or not told:
                yield finding
            seen.add(told)


def _notes(
    package: Package, main: str, levels: Mapping[str, int], kind: str, tag: str, sign: str
) -> Iterator[Finding]:
    """Yield footnotes, endnotes or comments under the signs that stand in the text."""
    for one in package.of_kind(main, kind):
        root = package.xml(one.target)
        for note in () if root is None else elements(root):
            if local(note) != tag or attribute(note, "type") in _SEPARATORS:
                continue
            label = f"{tag} [{sign}{attribute(note, 'id')}]"
            author = attribute(note, "author") or ""
            for finding in _story(package, one.target, note, levels, label):
                yield _signed(finding, author)


def _signed(finding: Finding, author: str) -> Finding:
    """Put the author of a comment before its words, and in the metadata, where names are."""
    if not author or not isinstance(finding, Found) or finding.type_group is not TypeGroup.TEXT:
        return finding
    told = {**finding.metadata, "author": author}
    return replace(finding, data=f"{author}: {finding.data}", metadata=told)


def _levels(package: Package, main: str) -> dict[str, int]:
    """Levels of headings by ID of style."""
    found: dict[str, int] = {}
    for one in package.of_kind(main, "styles"):
        root = package.xml(one.target)
        for style in () if root is None else every(root, "style"):
            names = [attribute(told, "val") or "" for told in style if local(told) == "name"]
            match = _HEADING.match(names[0].lower()) if names else None
            if match:
                found[attribute(style, "styleId") or ""] = int(match[1] or 1)
    return found
