"""Models that go on with a document, each in its way; and older ways to join what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from consumer.documents.generation.accumulation import Piece

BEHAVIOURS = ("exact", "repeat_20", "repeat_120", "restart_list", "restart_all", "prose_fenced")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_DELIVERED = re.compile(r"# Delivered\n(.*?)\n\n# ", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")


def open_list(text: str, end: int) -> int:
    """Return where the innermost list opens that is open at `end`; 0 where there is none."""
    opened: list[int] = []
    for token in _TOKEN.finditer(text, 0, end):
        if token[0] in "[{":
            opened.append(token.start())
        elif token[0] in "]}" and opened:
            opened.pop()
    return next((at for at in reversed(opened) if text[at] == "["), 0)


def end_of(text: str, steps: list[str | int]) -> int:
    """Return where the container at a path ends in a text."""
    decoder, at = json.JSONDecoder(), text.index(text.strip()[0])
    for step in steps:
        at = _child(text, at, step, decoder)
    return decoder.raw_decode(text, at)[1]


def _child(text: str, at: int, step: str | int, decoder: json.JSONDecoder) -> int:
    position, number = at + 1, 0
    found = -1
    while True:
        while text[position] in " \n\t\r,":
            position += 1
        if text[position] in "]}":
            break
        name: Any = number
        if isinstance(step, str):
            name, position = decoder.raw_decode(text, position)
            position = text.index(":", position) + 1
            while text[position] in " \n\t\r":
                position += 1
        if name == step:
            found = position
            if isinstance(step, int):
                return found
        position = decoder.raw_decode(text, position)[1]
        number += 1
    return found


def steps_of(path: str) -> list[str | int]:
    """Return the keys and indices of a JSONPath."""
    steps: list[str | int] = []
    for name, index, quoted in _STEP.findall(path):
        plain = name or quoted.replace("\\'", "'").replace("\\\\", "\\")
        steps.append(int(index) if index else plain)
    return steps


@dataclass
class Player:
    """A model that knows the whole document and delivers it in parts of `budget` characters.

    Asked for what follows in a list, it gives the `again` elements before once more.
    """

    original: str
    first_cut: int
    behaviour: str
    structural: bool = True
    budget: int | None = None
    again: int = 0
    stream: str = field(init=False)
    at: int = 0
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stream = self.original

    def answer(self, purpose: str, question: str) -> Piece:
        """Answer as this model does."""
        self.asked.append(purpose)
        if purpose == "write":
            self.at = self.first_cut
            return Piece(self.original[: self.first_cut], cut=True)
        if purpose == "append":
            return self._append(question)
        return self._continue()

    def _continue(self) -> Piece:
        back = {"repeat_20": 20, "repeat_120": 120}.get(self.behaviour, 0)
        start = max(0, self.at - back)
        if self.behaviour == "restart_list":
            start = open_list(self.stream, self.at)
        whole = self.original if self.behaviour == "restart_all" else self.stream
        start = 0 if self.behaviour == "restart_all" else start
        text, cut = self._cut(whole, start)
        if whole is self.stream:
            self.at = max(self.at, start + len(text))
        if self.behaviour == "prose_fenced":
            text = f"Here is the rest of the document:\n\n```json\n{text}" + (
                "" if cut else "\n```"
            )
        return Piece(text, cut)

    def _append(self, question: str) -> Piece:
        if not self.structural:
            return Piece("I cannot tell what is missing.", cut=False)
        found = _DELIVERED.search(question)
        assert found is not None
        told = json.loads(found[1])
        steps = steps_of(told["path"])
        value = json.loads(self.original)
        for step in steps:
            value = value[step]
        if "keys" in told:
            rest: Any = {k: v for k, v in value.items() if k not in told["keys"]}
        else:
            rest = value[max(0, told["count"] - self.again) :]
        answer = json.dumps(rest, ensure_ascii=False)
        self.stream = answer + self.original[end_of(self.original, steps) :]
        text, cut = self._cut(answer, 0)
        self.at = len(text)
        return Piece(text, cut)

    def _cut(self, text: str, start: int) -> tuple[str, bool]:
        """Return the text from `start` on as far as the budget goes, and whether more follows."""
        end = len(text) if self.budget is None else start + self.budget
        return text[start:end], end < len(text)


def plainly(first: str, second: str) -> str:
    """Join by writing one after the other."""
    return first + second


def by_longest_overlap(first: str, second: str) -> str:
    """Join where the longest end of one, up to 500 characters, is the beginning of the other."""
    for size in range(min(500, len(first), len(second)), 0, -1):
        if first.endswith(second[:size]):
            return first + second[size:]
    return first + second


JOINERS: dict[str, Callable[[str, str], str]] = {
    "plain concatenation": plainly,
    "longest overlap": by_longest_overlap,
}
