"""A PPTX, slide by slide."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from consumer.documents.extraction.finding import Finding, Source, Trouble, Unreadable, text
from consumer.documents.extraction.ooxml import Package, attribute, every, joined
from consumer.documents.extraction.pictures import picture
from consumer.documents.extraction.slides.shapes import Slide

_NO_NOTES = frozenset({"sldNum", "sldImg", "hdr", "ftr", "dt"})


def extract(source: Source) -> Iterator[Finding]:
    """Yield shapes, notes, comments, pictures and embedded files of every slide."""
    package = Package(source)
    main = package.main("ppt/presentation.xml")
    root = package.xml(main)
    if root is None:
        raise Unreadable("unreadable", "there is no presentation in the archive")
    yield from package.says_of_itself()
    names = _slides(package, main, root)
    if not names:
        yield Trouble("empty", "a presentation without slides")
    for number, name in enumerate(names, 1):
        slide = package.xml(name)
        if slide is None:
            yield Trouble("incomplete", f"slide {number} is missing in the archive")
        else:
            yield from _slide(package, name, slide, number, source.ocr)
    yield from package.troubles.values()


def _slides(package: Package, main: str, root: Any) -> list[str]:
    relations = package.relations(main)
    ids = [_relation_id(one) for one in every(root, "sldId")]
    return [relations[one].target for one in ids if one in relations]


def _relation_id(element: Any) -> str:
    """`r:id`, not the plain `id` beside it."""
    return next((str(element.get(key)) for key in element.keys() if key.endswith("}id")), "")  # noqa: SIM118


def _slide(package: Package, name: str, slide: Any, number: int, ocr: bool) -> Iterator[Finding]:
    label = f"slide {number}"
    hidden = attribute(slide, "show") == "0"
    told = {"slide": number, **({"hidden": True} if hidden else {})}
    yield from Slide(package, package.relations(name), label, told).findings(slide)
    for one in package.of_kind(name, "notesSlide"):
        root = package.xml(one.target)
        notes = "" if root is None else Slide(package, {}, label, told).words(root, _NO_NOTES)
        yield from text(f"notes of {label}", notes, **told)
    yield from _comments(package, name, label)
    for index, one in enumerate(package.of_kind(name, "image"), 1):
        data = b"" if one.external else package.data(one.target)
        base = posixpath.basename(one.target)
        yield from picture(f"picture {index} on {label}", base, data, ocr)
    yield from package.embedded(name)


def _comments(package: Package, name: str, label: str) -> Iterator[Finding]:
    for one in package.of_kind(name, "comments"):
        root = package.xml(one.target)
        if root is not None:
            yield from text(f"comments on {label}", joined(root, "text", "t", separator="\n"))
