"""The answers of a job on disk, each written before it is used: a restart finds them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from consumer.documents.calls.folder import PrivateFolder
from syntx.llm.contract import Answer

log = structlog.get_logger()

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the workflow a call stands."""

    round: int = 0
    task: int = 0
    action: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept: where and what for it was given, `number` in the job's order.

    `note` is what the asker must know when it finds the answer again.
    """

    place: Place
    purpose: str
    number: int
    answer: Answer
    note: Mapping[str, Any] = field(default_factory=dict)


_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


class AnswerJournal:
    """One file per answer, named by what was asked; questions and keys are never written."""

    def __init__(self, folder: Path) -> None:
        self._folder = PrivateFolder(folder)

    def find(self, key: str) -> Kept | None:
        """Return the answer kept under a key, marked as replayed; a damaged file is none."""
        data = self._folder.read(key + _SUFFIX)
        return None if data is None else self._read(key, data)

    def keep(self, key: str, kept: Kept) -> None:
        """Write an answer; when this returns it is on disk. Raises SpoolError when it cannot."""
        self._folder.write(key + _SUFFIX, _KEPT.dump_json(kept))

    def everything(self) -> list[Kept]:
        """Return all answers in the order they were given."""
        keys = [name.removesuffix(_SUFFIX) for name in self._folder.names() if _named(name)]
        found = [kept for kept in map(self.find, keys) if kept is not None]
        return sorted(found, key=lambda kept: kept.number)

    def _read(self, key: str, data: bytes) -> Kept | None:
        try:
            kept = _KEPT.validate_json(data)
        except ValidationError:
            log.warning("kept_answer_damaged", key=key, follows="it is asked for again")
            return None
        return replace(kept, answer=replace(kept.answer, replayed=True))


def key_of(place: Place, occurrence: int, subject: Mapping[str, Any]) -> str:
    """Return the name of a question: the same at the same place, however often it is computed.

    `occurrence` counts the equal questions at one place.
    """
    told = [place.round, place.task, place.action, occurrence, subject]
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _named(name: str) -> bool:
    return name.endswith(_SUFFIX) and not name.startswith(".")
