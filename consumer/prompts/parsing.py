"""Parsing an answer into the fields its wrapper asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consumer.prompts.headings import Heading, Names, headings, is_rule
from syntx.terminologies import TERMINOLOGIES
from syntx.wrappers import Field

_CLOSING = re.compile(
    r"(?:ich hoffe|hoffentlich|lass(?:en sie)? mich wissen|falls du|falls sie|wenn (?:du|sie) "
    r"(?:noch |weitere )?fragen|bei (?:weiteren )?fragen|gerne helfe|hinweis:|anmerkung:|"
    r"i hope|hope this|let me know|if you (?:have|need|could|would)|please let|feel free|note:|"
    r"(?:the |der |das )?meta-prompt)",
    re.IGNORECASE,
)
_MOST_DETECTED = 200_000  # characters: as many as are scored
_TELLING = 13  # letters of a heading that nobody writes by chance
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field as found: its key, its heading as written, its text and where that stands."""

    key: str
    heading: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """An answer taken apart; `fields` in order of occurrence, each key once."""

    fields: tuple[FieldText, ...] = ()
    preamble: str = ""
    trailing: str = ""
    duplicates: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    order_ok: bool = True


def parse(text: str, wrapper_fields: Sequence[Field]) -> Parsed:
    """Find the fields of `wrapper_fields` in `text`; never raises, linear in the text."""
    fields = tuple(wrapper_fields)
    marks = _sections(tuple(headings(text, Names.of(fields))))
    known = [mark for mark in marks if mark.key is not None]
    keys = [field.key for field in fields]
    if not known:
        return Parsed(preamble=text.strip(), missing=tuple(keys))
    found, tail = _cut_out(text, marks)
    order = [keys.index(field.key) for field in found]
    counts = Counter(mark.key for mark in known)
    return Parsed(
        fields=found,
        preamble=_clean(text, 0, known[0].start)[0],
        trailing=tail,
        duplicates=tuple(key for key in keys if counts[key] > 1),
        extras=_extras(marks),
        missing=tuple(key for key in keys if key not in counts),
        order_ok=order == sorted(order),
    )


def _extras(marks: tuple[Heading, ...]) -> tuple[str, ...]:
    """Name the unknown headings; behind the last field one stands for all that follow."""
    last = max(index for index, mark in enumerate(marks) if mark.key is not None)
    return tuple(mark.name for mark in marks[: last + 2] if mark.key is None)


def detect(text: str) -> str | None:
    """Return the terminology whose headings the text bears, or None; words in it never count."""
    text = text[:_MOST_DETECTED]
    best: tuple[float, str] | None = None
    for name, fields in TERMINOLOGIES.items():
        share = _share(text, fields)
        if share and (best is None or share > best[0]):
            best = (share, name)
    return None if best is None else best[1]


def _share(text: str, fields: tuple[Field, ...]) -> float:
    names = Names.of(fields)
    marks = _sections(tuple(headings(text, names)))
    keys = {mark.key for mark in marks if mark.key is not None}
    if not keys or (len(keys) * 2 < len(fields) and not _is_told(marks, fields, len(keys))):
        return 0.0
    share = len(keys) / len(fields)
    if fields[0].parts and not _has_parts(text, names):
        return share * 0.5
    return share * (1.01 if fields[0].parts else 1.0)


def _is_told(marks: tuple[Heading, ...], fields: tuple[Field, ...], found: int) -> bool:
    """Whether a few headings are enough: spelled as asked for, and no everyday word for one."""
    exact = {field.heading for field in fields}
    asked = [mark.name for mark in marks if mark.strength >= 2 and mark.name in exact]
    return any(
        len(name) >= _TELLING or not name[0].isascii() or (found > 1 and name.isupper())
        for name in asked
    )


def _has_parts(text: str, names: Names) -> bool:
    return sum(mark.is_part for mark in headings(text, names)) >= 2


def _sections(marks: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Choose the headings that divide the answer: known ones, and unknown ones formed alike."""
    strongest: dict[str, int] = {}
    for mark in marks:
        if mark.key is not None:
            strongest[mark.key] = max(mark.strength, strongest.get(mark.key, 0))
    # Where most fields have clear headings, a list item bearing a field's name is text.
    clear = sum(strength >= 2 for strength in strongest.values())
    floor = 2 if clear >= 2 and clear * 2 >= len(strongest) else 0
    known = [
        mark
        for mark in marks
        if mark.key is not None and mark.strength >= max(floor, strongest[mark.key])
    ]
    return _with_extras(marks, known) if known else ()


def _with_extras(marks: tuple[Heading, ...], known: list[Heading]) -> tuple[Heading, ...]:
    level = min((mark.hashes for mark in known if mark.hashes), default=0)
    numbered = sum(mark.number is not None for mark in known) * 2 > len(known)
    kept = {mark.start for mark in known}
    chosen: list[Heading] = []
    last, in_list = None, False
    for mark in marks:
        if mark.start in kept:
            chosen.append(mark)
            last, in_list = mark.number, False
        elif mark.key is None and not mark.is_part:
            follows = numbered and last is not None and mark.number == last + 1 and not in_list
            in_list = in_list or (mark.number is not None and not follows)
            if _divides(mark, level, follows):
                chosen.append(mark)
                last = mark.number if follows else last
    return tuple(chosen)


def _divides(mark: Heading, level: int, follows: bool) -> bool:
    if level:
        return 0 < mark.hashes <= level
    return mark.strength == 3 or follows


def _cut_out(text: str, marks: tuple[Heading, ...]) -> tuple[tuple[FieldText, ...], str]:
    """Cut the text at the headings; of a repeated field the first that is not empty counts."""
    best: dict[str, FieldText] = {}
    last = max(index for index, mark in enumerate(marks) if mark.key is not None)
    for index, mark in enumerate(marks[: last + 1]):
        if mark.key is None:
            continue
        end = marks[index + 1].start if index + 1 < len(marks) else len(text)
        if index == last:
            end = _end_of_last(text, mark.text_start, end)
        body, start, stop = _clean(text, mark.text_start, end)
        field = FieldText(mark.key, mark.name, body, start, stop)
        if mark.key not in best or not best[mark.key].text:
            best[mark.key] = field
        if index == last:
            tail = _clean(text, end, len(text))[0]
    return tuple(sorted(best.values(), key=lambda field: field.start)), tail


def _end_of_last(text: str, start: int, end: int) -> int:
    """Find where the last field really ends: at a rule, or where the model says goodbye."""
    position, begun = start, False
    for line in text[start:end].splitlines(keepends=True):
        rule = is_rule(line.rstrip())
        if rule and begun:
            return position
        begun = begun or not (rule or line.isspace())
        position += len(line)
    for gap in _PARAGRAPH_END.finditer(text, start, end):
        if gap.start() > start and _CLOSING.match(text, gap.end()):
            return gap.start()
    return end


def _is_empty(line: str) -> bool:
    return line.isspace() or is_rule(line.rstrip())


def _clean(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Strip white space and dividing lines from both ends; return text, start and end."""
    lines = text[start:end].splitlines(keepends=True)
    for line in lines:
        if not _is_empty(line):
            break
        start += len(line)
    for line in reversed(lines):
        if start >= end or not _is_empty(line):
            break
        end -= len(line)
    body = text[start:end]
    stripped = body.strip()
    start += len(body) - len(body.lstrip())
    return stripped, start, start + len(stripped)
