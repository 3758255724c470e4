"""Text, Markdown, JSON and XML: the words as they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator

from consumer.documents.extraction.decoding import decode
from consumer.documents.extraction.finding import Finding, Found, Source, Trouble, text
from consumer.documents.extraction.models import TypeGroup
from consumer.documents.needing import need


def extract(source: Source) -> Iterator[Finding]:
    """Yield the text."""
    data, encoding = decode(source.data)
    yield from text("text", data, encoding=encoding)


def extract_json(source: Source) -> Iterator[Finding]:
    """Yield the JSON as it stands; say so when it is not valid."""
    data, encoding = decode(source.data)
    yield Found("json", TypeGroup.STRUCTURE, data, "application/json", {"encoding": encoding})
    try:
        json.loads(data)
    except RecursionError:
        yield Trouble("deep", "the JSON is nested too deeply to be checked")
    except ValueError as error:
        yield Trouble("unreadable", f"not valid JSON: {error}")


def extract_xml(source: Source) -> Iterator[Finding]:
    """Yield the XML as it stands, entities unresolved; say so when it is not well formed."""
    data, encoding = decode(source.data)
    yield Found("xml", TypeGroup.STRUCTURE, data, "application/xml", {"encoding": encoding})
    defused = need("defusedxml.ElementTree", "reading XML")
    forbidden = need("defusedxml.common", "reading XML").DefusedXmlException
    try:
        for _, element in defused.iterparse(source.open()):
            element.clear()
    except forbidden:
        yield Trouble("bomb", "the XML defines entities; they are not resolved")
    except (defused.ParseError, ValueError, LookupError) as error:
        yield Trouble("unreadable", f"not well-formed XML: {error}")
