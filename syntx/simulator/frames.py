"""Telling a frame of headings from the prompt it was put around."""

from __future__ import annotations

import re
from dataclasses import dataclass

from syntx.simulator.dice import digest

_HEADING = re.compile(r"^\s*(?:#{2,6}\s+\S.*|\d{1,2}[.)]\s+(?=\S)[^a-zäöüß]*)$")
_RULE = re.compile(r"^\s*[=\-_*~]{3,}.*$")
_HAND_OVER = re.compile(r"^\s*\S[^.?!]{0,40}:\s*$")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a frame, as written, and what the frame says about it."""

    heading: str
    instruction: str

    @property
    def level(self) -> int:
        """How deep it is: the number of its `#`, or 0 for a numbered heading."""
        return len(self.heading) - len(self.heading.lstrip("#"))


@dataclass(frozen=True, slots=True)
class Framed:
    """A request that asks for an answer under headings; `frame` names the frame it came in."""

    sections: tuple[Section, ...]
    prompt: str
    text: str
    frame: str

    @property
    def fields(self) -> tuple[tuple[Section, ...], ...]:
        """The sections, each of the highest level together with those below it."""
        top = min(section.level for section in self.sections)
        starts = [at for at, section in enumerate(self.sections) if section.level == top]
        ends = [*starts[1:], len(self.sections)]
        return tuple(self.sections[start:end] for start, end in zip(starts, ends, strict=True))


def read_frame(text: str) -> Framed | None:
    """Return the headings and the prompt of a request, or None if it has no frame."""
    lines = text.splitlines()
    found = [index for index, line in enumerate(lines) if _HEADING.match(line)]
    if len(found) < 2:
        return None
    start = _prompt_start(lines, found)
    headings = [index for index in found if index < start]
    ends = [*headings[1:], start]
    sections = tuple(
        Section(lines[index].strip(), _first_paragraph(lines[index + 1 : end]))
        for index, end in zip(headings, ends, strict=True)
    )
    frame = digest(*(section.heading for section in sections))
    prompt, text = "\n".join(lines[start:]).strip(), "\n".join(lines[:start])
    return Framed(sections, prompt, text, f"{frame:016x}")


def _prompt_start(lines: list[str], headings: list[int]) -> int:
    handed_over = False
    for index in range(headings[1] + 1, len(lines)):
        if not lines[index].strip():
            continue
        if _hands_over(lines, index):
            handed_over = True
        elif handed_over:
            return index
    return _after_paragraph(lines, headings[-1])


def _hands_over(lines: list[str], index: int) -> bool:
    """Return whether a line is a rule, or stands alone and ends in a colon."""
    if _RULE.match(lines[index]):
        return True
    around = lines[index - 1] + "".join(lines[index + 1 : index + 2])
    return not around.strip() and _HAND_OVER.match(lines[index]) is not None


def _after_paragraph(lines: list[str], heading: int) -> int:
    for index in range(heading + 1, len(lines)):
        if not lines[index].strip():
            return index + 1
    return len(lines)


def _first_paragraph(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if not line.strip() and kept:
            break
        if line.strip():
            kept.append(line.strip())
    return " ".join(kept)
