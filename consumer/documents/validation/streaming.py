"""Reading a document from a file as events; memory does not grow with the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from consumer.documents.needing import need
from consumer.documents.validation.walking import Event
from syntx.errors import Permanent

_BUFFER = 65_536


class BrokenFile(Permanent):
    """The file is no JSON, or its end is missing."""

    reason = "broken_file"


def events_in(file: Path) -> Iterator[Event]:
    """Yield the events of a JSON file, which may not be a link; raises BrokenFile in the middle."""
    ijson = need("ijson", "checking large documents")
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(descriptor, "rb") as opened:
        try:
            yield from ijson.basic_parse(opened, buf_size=_BUFFER, use_float=True)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            raise BrokenFile(f"{file.name} is no whole JSON: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
