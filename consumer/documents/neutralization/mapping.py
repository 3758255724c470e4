"""Which placeholder stands for what: a file of the job that only its owner may read.

::

    {"version": 1,
     "entries": {"PERSON_1": {"original": "Max Muster", "spread": true}},
     "foreign": ["PERSON_7"],           looks like a placeholder and stood in a source
     "known": [["PERSON", "Max Muster"]]}   to be replaced wherever it stands
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from consumer.documents.neutralization.findings import Kind
from consumer.documents.replacing import replace_file
from syntx.errors import Permanent, Temporary

_VERSION = 1
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(rf"(?:{'|'.join(Kind)})_[1-9][0-9]{{0,8}}")


class MappingDamaged(Permanent):
    """The file of placeholders cannot be read; nothing was sent."""

    reason = "mapping_damaged"


class MappingUnwritten(Temporary):
    """The file of placeholders could not be written; nothing was sent."""

    reason = "mapping_unwritten"


class Mapping:
    """Placeholders and originals of one workflow; nothing counts before `save`."""

    def __init__(self, path: Path) -> None:
        """Load the mapping at `path`, or begin one; raises MappingDamaged."""
        self.path = path
        self.originals: dict[str, str] = {}
        self.spread: set[str] = set()
        self.foreign: set[str] = set()
        self.known: dict[tuple[Kind, str], None] = {}
        self._tokens: dict[tuple[Kind, str], str] = {}
        self._counts: dict[Kind, int] = {}
        self._changed = False
        self._load()

    def token(self, kind: Kind, original: str, *, spread: bool) -> str:
        """Return the token that stands for an original, a new one if need be."""
        original = _SPACES.sub(" ", original).strip()
        key = (kind, original.casefold())
        token = self._tokens.get(key)
        if token is None:
            token = self._next(kind)
            self._enter(token, kind, original)
        if spread and token not in self.spread:
            self.spread.add(token)
            self._changed = True
        return token

    def put_aside(self, tokens: Iterable[str]) -> None:
        """Never give these tokens to anybody: a source holds them as text of its own."""
        new = {token for token in tokens if token not in self.originals} - self.foreign
        self.foreign |= new
        self._changed |= bool(new)

    def learn(self, known: Iterable[tuple[Kind, str]]) -> bool:
        """Take in what is to be replaced wherever it stands; tell whether any of it is new."""
        new = [one for one in dict.fromkeys(known) if one not in self.known]
        self.known.update(dict.fromkeys(new))
        self._changed |= bool(new)
        return bool(new)

    def save(self) -> None:
        """Bring what is new to disk; raises MappingUnwritten."""
        if not self._changed:
            return
        content = json.dumps(self._as_json(), ensure_ascii=False, indent=1).encode()
        try:
            _replace(self.path, content)
        except OSError as error:
            raise MappingUnwritten(
                f"{self.path} could not be written: {error.strerror or error}",
                fix="free space, or make the folder writable; the job tries again",
            ) from error
        self._changed = False

    def _next(self, kind: Kind) -> str:
        number = self._counts.get(kind, 0) + 1
        while f"{kind}_{number}" in self.foreign:
            number += 1
        self._counts[kind] = number
        return f"{kind}_{number}"

    def _enter(self, token: str, kind: Kind, original: str) -> None:
        self.originals[token] = original
        self._tokens[kind, original.casefold()] = token
        self._changed = True

    def _as_json(self) -> dict[str, Any]:
        entries = {
            token: {"original": original, "spread": token in self.spread}
            for token, original in self.originals.items()
        }
        known = [[kind, text] for kind, text in self.known]
        foreign = sorted(self.foreign)
        return {"version": _VERSION, "entries": entries, "foreign": foreign, "known": known}

    def _load(self) -> None:
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._damaged(error.strerror or str(error)) from error
        with open(descriptor, "rb") as file:
            content = file.read()
        try:
            self._take(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # The text of a JSON error may quote the file, so only its kind is told.
            raise self._damaged(type(error).__name__) from None

    def _take(self, stored: Any) -> None:
        if stored["version"] != _VERSION:
            raise ValueError(stored["version"])
        for token, entry in stored["entries"].items():
            if not _TOKEN.fullmatch(token) or not isinstance(entry["original"], str):
                raise ValueError(token)
            kind, number = token.rsplit("_", 1)
            self._enter(token, Kind(kind), entry["original"])
            self._counts[Kind(kind)] = max(self._counts.get(Kind(kind), 0), int(number))
            if entry["spread"]:
                self.spread.add(token)
        self.foreign = {str(token) for token in stored["foreign"]}
        self.known = {(Kind(kind), str(text)): None for kind, text in stored["known"]}
        self._changed = False

    def _damaged(self, why: str) -> MappingDamaged:
        return MappingDamaged(
            f"{self.path} holds the placeholders of this job and cannot be read: {why}",
            fix="restore the file from a backup, or submit the job anew; nothing was sent",
        )


def _replace(path: Path, content: bytes) -> None:
    """Write a file only its owner may read; it is there whole, and on the disk, or not at all."""
    # No further up: a thread that outlives its run must not make the job's folder anew.
    path.parent.mkdir(mode=0o700, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        replace_file(folder, path.name, content)
    finally:
        os.close(folder)
