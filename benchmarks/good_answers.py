"""The good answers of the scoring bench: one file each, with terminology and prompt on top."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consumer.prompts.parsing import parse
from consumer.prompts.scoring.words import sentences, words
from syntx.wrapper_folder import WrapperFolder
from syntx.wrappers import Wrapper

FOLDER = Path(__file__).with_name("answers")
WRAPPERS = Path(__file__).resolve().parents[1] / "wrappers"
_SUB_HEADING = re.compile(r"^####.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Good:
    """A complete answer on topic, with the wrapper and the prompt it answers."""

    name: str
    wrapper: Wrapper
    prompt: str
    answer: str

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the text below each heading stands; below each sub-heading where there are some."""
        found: list[tuple[int, int]] = []
        for field in parse(self.answer, self.wrapper.fields).fields:
            marks = list(_SUB_HEADING.finditer(self.answer, field.start, field.end))
            starts = [mark.end() for mark in marks] or [field.start]
            ends = [mark.start() for mark in marks[1:]] + [field.end]
            found += zip(starts, ends, strict=True)
        return tuple(found)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts below the headings, in order."""
        return tuple(self.answer[start:end].strip() for start, end in self.spans)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences of the texts, in order, each with a full stop."""
        return tuple(f"{line}." for text in self.texts for line in sentences(text))

    @property
    def is_english(self) -> bool:
        """Whether the texts are in English."""
        return words(self.answer).count("the") > 5

    def rewritten(self, change: Callable[[int, str], str]) -> str:
        """Return the answer with each text replaced by ``change(place, text)``."""
        answer = self.answer
        spans = self.spans
        for place, (start, end) in reversed(list(enumerate(spans))):
            text = answer[start:end]
            tail = text[len(text.rstrip()) :]
            answer = answer[:start] + change(place, text.strip()) + tail + answer[end:]
        return answer

    def filled(self, lines: tuple[str, ...]) -> str:
        """Return the answer with these sentences in place of its own, spread evenly."""
        count = len(self.spans)
        return self.rewritten(
            lambda place, _: " ".join(
                lines[len(lines) * place // count : len(lines) * (place + 1) // count]
            )
        )


@cache
def good_answers() -> tuple[Good, ...]:
    """Read every good answer, in order of names."""
    folder = WrapperFolder(WRAPPERS)
    return tuple(_read(path, folder) for path in sorted(FOLDER.glob("*.txt")))


def _read(path: Path, folder: WrapperFolder) -> Good:
    head, _, answer = path.read_text(encoding="utf-8").partition("\n\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    return Good(path.stem, folder.get(told["terminology"]), told["prompt"], answer.strip())
