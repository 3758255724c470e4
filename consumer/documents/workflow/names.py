"""Names of files that a model or a user had a say in, made safe; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

MOST_BYTES = 120

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?\"<>|\u200b-\u200f\u2028-\u202e\ufeff]"
)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


def safe_name(wanted: str, fallback: str = "document") -> str:
    """Return a plain file name of at most 120 bytes, without path and control characters."""
    composed = unicodedata.normalize("NFC", wanted)
    plain = " ".join(_UNSAFE.sub(" ", composed).split()).strip(". ")
    found = _SUFFIX.search(plain)
    suffix = found.group() if found and found.start() else ""
    stem = plain.removesuffix(suffix).rstrip(". ") if suffix else plain
    return _cut(stem or fallback, MOST_BYTES - len(suffix)) + suffix


def with_suffix(name: str, suffix: str) -> str:
    """Return a safe name that ends in `.suffix`; another known ending is replaced."""
    stem = safe_name(name)
    found = _SUFFIX.search(stem)
    if found and found.group()[1:].lower() in _KNOWN:
        stem = stem[: found.start()]
    return f"{_cut(stem, MOST_BYTES - len(suffix) - 1)}.{suffix}"


def unique(name: str, taken: Collection[str]) -> str:
    """Return the name, numbered where it is taken already; upper and lower case are one."""
    folded = {one.casefold() for one in taken}
    if name.casefold() not in folded:
        return name
    path = PurePosixPath(name)
    suffix = path.suffix if _SUFFIX.fullmatch(path.suffix) else ""
    stem = name.removesuffix(suffix)
    number = 2
    while True:
        ending = f"-{number}{suffix}"
        numbered = _cut(stem, MOST_BYTES - len(ending)) + ending
        if numbered.casefold() not in folded:
            return numbered
        number += 1


_KNOWN = frozenset({"docx", "pdf", "xlsx", "html", "htm", "md", "csv", "txt", "json"})


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore").rstrip(". ")
