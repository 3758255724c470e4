"""Which of the older layouts a text stands in: is it the prompt, or the answer over it (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from syntx.older.results import number, part
from syntx.terminologies import TERMINOLOGIES
from syntx.wrappers import heading_key

Layout = Literal["prompt_only", "answer_only", "both", "unknown"]

_MARKS = re.compile(r"[\s#*_>\-\d.()\[\]]*")
_END = re.compile(r"[:(*\n]| [–—-]")
_LOOK_AT = 160
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Texts:
    """What was asked and what came back, as far as it is known.

    `unsorted` is a text of which nothing tells whether it is the prompt or the answer.
    """

    layout: Layout
    prompt: str = ""
    answer: str | None = None
    unsorted: str | None = None


def sort_texts(
    text: str | None, response: str | None, data: Mapping[str, Any], *, answered: bool
) -> Texts:
    """Tell prompt and answer apart.

    `text` is what `NAME.txt` holds, `response` the answer where it is stored apart, `answered`
    whether an answer is recorded at all.
    """
    if response is not None:
        overwritten = text is None or not text.strip() or text.strip() == response.strip()
        return Texts("answer_only" if overwritten else "both", *_pair(text, response, overwritten))
    if text is None:
        return Texts("unknown")
    if not answered:
        return Texts("prompt_only", text)
    told = _told(text, data)
    if told == "prompt_only":
        return Texts(told, text)
    return Texts(told, "", text) if told == "answer_only" else Texts(told, unsorted=text)


def _pair(text: str | None, response: str, overwritten: bool) -> tuple[str, str]:
    return ("" if overwritten else text or ""), response


def _told(text: str, data: Mapping[str, Any]) -> Layout:
    """Weigh the evidence, the surest first."""
    drafted = _drafted_length(data)
    if drafted is not None and drafted in (len(text), len(text.strip())):
        return "prompt_only"
    if _headings(text) >= _ENOUGH:
        return "answer_only"
    if drafted is not None:
        return "answer_only"
    structure = _recorded_structure(data)
    if structure is not None and structure not in _structures(text):
        return "prompt_only"
    return "unknown"


def _drafted_length(data: Mapping[str, Any]) -> int | None:
    """Return how many characters the drafted prompt had, where its quality was recorded."""
    length = number(part(part(data, "gpt_quality"), "stats"), "length")
    return None if length is None else int(length)


def _recorded_structure(data: Mapping[str, Any]) -> float | None:
    return number(part(part(data, "syntex_result"), "quality_score"), "structure_adherence")


def _structures(text: str) -> tuple[float, float]:
    """Return what the older scorer could have given `text` for structure: it counted marks."""
    numbers = sum(f"{digit}." in text for digit in range(1, 7))
    return 16.0 * numbers, 100.0 if "###" in text else 0.0


def _headings(text: str) -> int:
    """Count the distinct fields of the one terminology most of whose headings stand in `text`."""
    keys = {_heading(line) for line in text.splitlines()}
    return max(
        sum(
            not keys.isdisjoint(map(heading_key, (field.heading, *field.aliases)))
            for field in fields
        )
        for fields in TERMINOLOGIES.values()
    )


def _heading(line: str) -> str:
    plain = _MARKS.sub("", line[:_LOOK_AT], count=1)
    return heading_key(_END.split(plain, maxsplit=1)[0])
