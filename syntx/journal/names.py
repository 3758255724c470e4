"""The names of a log's files: NAME.jsonl now, NAME-DAY.jsonl before, NAME-MONTH.jsonl.gz packed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

Name = Literal[
    "evolution",
    "gpt_prompts",
    "llama_responses",
    "field_flow",
    "wrapper_requests",
    "costs",
    "audit",
    "workflow",
]
NAMES: tuple[Name, ...] = get_args(Name)
"""Every log there is."""

MOST_BACKWARDS = 3
"""A clock set back begins a new file for a day that has fewer files than this."""

_DAY = re.compile(r"-(\d{4}-\d\d-\d\d)(?:-([2-9]|[1-9]\d+))?")
_MONTH = re.compile(r"-(\d{4}-\d\d)(?:\.([2-9]|[1-9]\d+))?")
_LOGROTATE = re.compile(r"-(\d{4})(\d\d)(\d\d)-(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A file that was put aside; parts sort by the time they are about.

    `day` is `YYYY-MM-DD`, empty for a packed month; `number` tells files of a day apart.
    `foreign` was named by another program: it is read, and left alone.
    """

    month: str
    day: str
    number: int
    name: str
    foreign: bool = False

    @property
    def packed(self) -> bool:
        """Whether it holds a month."""
        return not self.day


def split(path: Path) -> tuple[str, str]:
    """Return stem and ending of a log's name, between which days and months stand."""
    return path.stem, path.suffix


def part_of(path: Path, name: str) -> Part | None:
    """Return what the file `name` is of the log at `path`; None when it is no part of it."""
    stem, ending = split(path)
    if not name.startswith(f"{stem}-") and not name.startswith(f"{path.name}-"):
        return None
    plain = name.removesuffix(".gz")
    middle = plain.removeprefix(stem).removesuffix(ending)
    if found := plain.endswith(ending) and _DAY.fullmatch(middle):
        return Part(found[1][:7], found[1], int(found[2] or 1), name, plain != name)
    if found := name == f"{plain}.gz" and plain.endswith(ending) and _MONTH.fullmatch(middle):
        return Part(found[1], "", int(found[2] or 1), name)
    if found := _LOGROTATE.fullmatch(plain.removeprefix(path.name)):
        year, month, day, number = found.groups()
        return Part(f"{year}-{month}", f"{year}-{month}-{day}", int(number), name, True)
    return None


def day_path(path: Path, day: str, number: int) -> Path:
    """Return where lines of a day are put aside; `number` counts from 1."""
    stem, ending = split(path)
    return path.with_name(f"{stem}-{day}{'' if number == 1 else f'-{number}'}{ending}")


def month_path(path: Path, month: str, number: int) -> Path:
    """Return where a month is packed; `number` counts from 1."""
    stem, ending = split(path)
    return path.with_name(f"{stem}-{month}{'' if number == 1 else f'.{number}'}{ending}.gz")


def is_day(text: str) -> bool:
    """Whether a text is a date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_over(before: str, day: str, files: int) -> bool:
    """Whether a file of the day `before` gets no lines of `day`; `files` of it were put aside.

    Lines of one day earlier come late; earlier ones come from a clock that was set back. Where
    clocks disagree for long the files stay few.
    """
    if day >= before:
        return day > before
    late = (date.fromisoformat(before) - date.fromisoformat(day)).days == 1
    return not late and files < MOST_BACKWARDS
