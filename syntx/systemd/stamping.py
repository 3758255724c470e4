"""A first line that says a file is ours, and whether somebody changed it since."""

from __future__ import annotations

import hashlib
import re

_STAMP = re.compile(rb"# Installed by syntx, to be changed by drop-ins\. sha256 ([0-9a-f]{64})\n")


def stamped(text: str) -> bytes:
    """Return `text` behind a stamp of its content."""
    body = text.encode()
    line = f"# Installed by syntx, to be changed by drop-ins. sha256 {_digest(body)}\n"
    return line.encode() + body


def is_ours(data: bytes) -> bool:
    """Whether a file came from us, changed or not."""
    return _STAMP.match(data) is not None


def is_untouched(data: bytes) -> bool:
    """Whether a file came from us, of whatever version, and is as it was."""
    found = _STAMP.match(data)
    return found is not None and found[1].decode() == _digest(data[found.end() :])


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
