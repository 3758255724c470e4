"""The settings as a table for people, made from the models so that it cannot lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from syntx.settings.models import Evolution, Generator, Queue, Scoring, System

FILES: dict[str, type[BaseModel]] = {
    "generator.yaml": Generator,
    "queue.yaml": Queue,
    "evolution.yaml": Evolution,
    "system.yaml": System,
    "scoring.yaml": Scoring,
}
_HEAD = """# Settings

Five YAML files in `config/`. A missing file or key means the default; an unknown key is an error.
A changed file counts from the next turn on; a bad edit keeps the last good settings and says so.
This page is what `syntx config reference` prints.
"""


def reference() -> str:
    """Return the whole reference as Markdown."""
    parts = [_HEAD]
    for name, model in FILES.items():
        first = (model.__doc__ or "").partition(": ")[2]
        parts.append(f"\n## {name}\n\n{first[:1].upper()}{first[1:]}\n")
        parts.append("\n| key | default | meaning |\n|---|---|---|\n")
        parts += [
            f"| `{key}` | {_shown(value)} | {meaning} |\n"
            for key, value, meaning in _leaves(model(), "")
        ]
    return "".join(parts)


def _leaves(section: BaseModel, prefix: str) -> Iterator[tuple[str, Any, str]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value, field.description or ""


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if value in ((), {}):
        return "empty"
    return f"`{json.dumps(value, ensure_ascii=False, default=str)}`"
