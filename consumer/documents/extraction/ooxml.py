"""The parts of an Office Open XML file, by their relationships; tags are known by local names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from consumer.documents.extraction.finding import (
    Finding,
    Inner,
    Problem,
    Source,
    Trouble,
    properties,
)
from consumer.documents.extraction.zipped import member, open_zip
from consumer.documents.needing import need

_EMBEDDED = frozenset({"package", "oleObject", "aFChunk"})
_CORE = ("title", "subject", "creator", "lastModifiedBy", "keywords", "description", "category")
_APP = ("Company", "Manager")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: `kind` is the last word of its type, `target` a member or a URL."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """An Office file opened; raises Unreadable when its archive is broken, locked or a bomb.

    `troubles` tells, by member, which could be read only in part.
    """

    def __init__(self, source: Source) -> None:
        self._archive = open_zip(source)
        self._names = set(self._archive.namelist())
        self._etree = need("lxml.etree", "reading Office files")
        self.troubles: dict[str, Trouble] = {}

    def xml(self, name: str) -> Any | None:
        """Return the root of an XML member, entities unresolved; None when there is none."""
        data = member(self._archive, name)
        if not data:
            return None
        try:
            return self._without_entities(name, self._parsed(data, recover=False))
        except self._etree.XMLSyntaxError as error:
            problem: Problem = "deep" if "depth" in str(error) else "incomplete"
            note = f"{name} is not well formed, only its beginning is read: {error}"
            self.troubles[name] = Trouble(problem, note)
        return self._parsed(data, recover=True)

    def _without_entities(self, name: str, root: Any) -> Any:
        """Take out entities, which no Office program writes, and keep the words behind them."""
        if root.getroottree().docinfo.doctype:
            self._etree.strip_elements(root, self._etree.Entity, with_tail=False)
            note = f"{name} may define entities; they are not resolved"
            self.troubles[name] = Trouble("incomplete", note)
        return root

    def _parsed(self, data: bytes, *, recover: bool) -> Any | None:
        parser = self._etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=recover
        )
        return self._etree.fromstring(data, parser)

    def data(self, name: str) -> bytes:
        """Return the bytes of a member; none when it is missing."""
        return member(self._archive, name)

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a member (or, for the empty name, the package) refers to, by ID."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = [] if root is None else [_relation(one, folder) for one in elements(root)]
        return {one.id: one for one in found}

    def of_kind(self, name: str, *kinds: str) -> list[Relation]:
        """Return what a member refers to in one of the ways given, in the order of the file."""
        return [one for one in self.relations(name).values() if one.kind in kinds]

    def main(self, fallback: str) -> str:
        """Return the name of the main member."""
        found = self.of_kind("", "officeDocument")
        return found[0].target if found and found[0].target in self._names else fallback

    def says_of_itself(self) -> Iterator[Finding]:
        """Yield title, author and the like."""
        told: dict[str, object] = {}
        for name, known in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
            root = self.xml(name)
            for element in () if root is None else elements(root):
                if local(element) in known:
                    told[local(element)] = "".join(element.itertext())
        yield from properties({"author" if key == "creator" else key: told[key] for key in told})

    def embedded(self, name: str) -> Iterator[Finding]:
        """Yield the files embedded in a member."""
        for one in self.of_kind(name, *_EMBEDDED):
            data = b"" if one.external else self.data(one.target)
            if data:
                base = posixpath.basename(one.target)
                yield Inner(f"embedded {base}", base, data)


def local(element: Any) -> str:
    """Return the name of a tag without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def elements(element: Any) -> Iterator[Any]:
    """Return the children that are elements."""
    return (child for child in element if isinstance(child.tag, str))


def every(element: Any, *names: str) -> Iterator[Any]:
    """Yield all descendants of these local names, in their order."""
    return (one for one in element.iter() if local(one) in names)


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute by its local name."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def joined(element: Any, *names: str, separator: str = "") -> str:
    """Return the text of all descendants of these local names."""
    return separator.join(one.text or "" for one in every(element, *names))


def _relation(element: Any, folder: str) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    kind = element.get("Type", "").rpartition("/")[2]
    return Relation(element.get("Id", ""), kind, target, external)
