"""The process that reads one file from standard input and writes its parts to standard output.

Started by `extracting`. It limits itself before it looks at the file: whatever a reader does with
a bad file, this process alone ends.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import sys
from typing import BinaryIO

from consumer.documents.extraction.finding import Source
from consumer.documents.extraction.messages import ORDER, ReadingOrder, line
from consumer.documents.extraction.reading import Reading
from consumer.documents.extraction.registry import register
from consumer.documents.needing import MissingExtra
from syntx.parentage import die_with_parent

_FILE_BYTES = 256_000_000
_FILES = 64
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
OUT_OF_MEMORY = 70
"""The exit code when memory ran out."""


def main() -> int:
    """Read the file, tell its parts; returns the exit code."""
    leave_network()
    die_with_parent()  # only now: the kernel forgets it when rights change
    order = ReadingOrder.model_validate_json(os.environ.pop(ORDER))
    limit(order)
    with _own_output() as out:
        try:
            _tell(order, out)
        except MissingExtra as missing:
            out.write(line("missing", {"message": missing.message, "fix": missing.fix}))
        except MemoryError:
            return OUT_OF_MEMORY
    return 0


def leave_network() -> None:
    """Go where there is no network, if the kernel lets us: reading a file needs none."""
    own_user = 0 if os.geteuid() == 0 else _NEW_USER
    ctypes.CDLL(None).unshare(own_user | _NEW_NETWORK)


def limit(order: ReadingOrder) -> None:
    """Bound memory, processor time, files and their size; no core dump."""
    seconds = math.ceil(order.seconds) + 1
    for what, most in (
        (resource.RLIMIT_AS, order.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _tell(order: ReadingOrder, out: BinaryIO) -> None:
    for kind, place in order.extractors.items():
        register(kind, place)
    with open(0, "rb") as file:
        data = file.read()
    source = Source(name=order.name, data=data, unpacked_bytes=order.unpacked_bytes, ocr=order.ocr)
    reading = Reading(order.document_id)
    for part in reading.parts(source):
        out.write(line("part", part.model_dump(mode="json", by_alias=True)))
        out.flush()  # what is found stays found when the next part is our end
    out.write(line("end", {"mimeType": reading.mime_type}))


def _own_output() -> BinaryIO:
    """Keep standard output for ourselves: what a library prints goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return open(own, "wb")


if __name__ == "__main__":
    sys.exit(main())
