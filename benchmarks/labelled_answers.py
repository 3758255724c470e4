"""Real answers with what a careful reader found in them: the records of the scoring bench.

A folder holds `calibrations.jsonl` (one record a line: `response`, `meta_prompt`, `index` or
`timestamp`) and `gold_labels.json` (`labels`: `index` or `timestamp`, `gold_kind`,
`gold_fields_present`, and where it was recorded `origin_head_total_score`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syntx.errors import ConfigError

RECORDS = "calibrations.jsonl"
LABELS = "gold_labels.json"


@dataclass(frozen=True)
class Labelled:
    """A real answer: its prompt, its kind, the fields in it, and the older score if recorded."""

    name: str
    answer: str
    prompt: str
    kind: str
    fields: frozenset[str]
    older: int | None


@dataclass(frozen=True)
class Labels:
    """What a folder holds, and how many labels had no answer to go with."""

    answers: tuple[Labelled, ...]
    left_out: int


def read_labelled(folder: Path) -> Labels:
    """Read a folder; raises ConfigError that says which file and line is wrong."""
    records = dict(_keyed(folder / RECORDS))
    path = folder / LABELS
    labels = _parsed(_text(path), str(path))
    listed = labels.get("labels") if isinstance(labels, dict) else labels
    if not isinstance(listed, list):
        raise ConfigError(f"{path}: no list `labels`", fix='write {"labels": [{"index": 1, ...}]}')
    answers = []
    for number, label in enumerate(listed, 1):
        if not isinstance(label, dict) or not label.get("gold_kind"):
            raise ConfigError(f"{path}: label {number} has no `gold_kind`", fix="label it")
        record = _record_of(label, number, records)
        if record is not None and isinstance(record.get("response"), str):
            answers.append(_labelled(record, label, number))
    if not answers:
        raise ConfigError(
            f"{folder}: no label goes with a record that has a `response`",
            fix=f"give both files the same `index` or `timestamp`: {RECORDS}, {LABELS}",
        )
    return Labels(tuple(answers), len(listed) - len(answers))


def _keyed(path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each record under its index, its timestamp and its place among the lines."""
    for number, line in enumerate(_text(path).split("\n")):
        if not line.strip():
            continue
        record = _parsed(line, f"{path}:{number + 1}")
        if not isinstance(record, dict):
            raise ConfigError(f"{path}:{number + 1}: not an object", fix="one JSON object a line")
        yield ("line", number), record
        for key in ("index", "timestamp"):
            if isinstance(record.get(key), str | int | float):
                yield (key, record[key]), record


def _record_of(
    label: dict[str, Any], number: int, records: dict[Any, dict[str, Any]]
) -> dict[str, Any] | None:
    for key in ("index", "timestamp"):
        if isinstance(label.get(key), list | dict):
            raise ConfigError(f"label {number}: `{key}` is no number or text", fix="correct it")
        if label.get(key) is not None:
            found = records.get((key, label[key]))
            if found is not None or key == "timestamp":
                return found
    if label.get("index") is not None:
        return records.get(("line", label["index"]))
    return records.get(("line", number - 1))


def _labelled(record: dict[str, Any], label: dict[str, Any], number: int) -> Labelled:
    older = label.get("origin_head_total_score")
    present = label.get("gold_fields_present") or ()
    return Labelled(
        name=str(label.get("index", number)),
        answer=record["response"],
        prompt=str(record.get("meta_prompt") or record.get("prompt") or ""),
        kind=str(label["gold_kind"]),
        fields=frozenset([present] if isinstance(present, str) else present),
        older=older if isinstance(older, int) else None,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read: {error}",
            fix=f"name a folder with {RECORDS} and {LABELS}: --data DIR or SYNTX_REAL_RECORDS",
        ) from error


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{where}: not JSON: {error}", fix="repair or remove it") from error
