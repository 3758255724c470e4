"""Playing the generator: a recipe asked for in words becomes a prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from syntx.simulator.dice import digest
from syntx.simulator.draft_openings import OPENINGS, VOICES
from syntx.simulator.draft_phrases import (
    CLOSINGS,
    ENGLISH_CLOSINGS,
    ENGLISH_MIDDLES,
    ENGLISH_OPENINGS,
    LEADS,
    MIDDLES,
)
from syntx.simulator.speaking import Speaker, Subject
from syntx.simulator.traits import PATTERNS, STYLES, category_of, read_traits

_LABELLED = re.compile(
    r"^[^\w\n]{0,8}(thema|topic|stil|style|form|muster|pattern|sprache|language)\W{0,4}[:=](.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r'^([^\n:]{1,60}):\n"""\n(.*?)\n"""$', re.MULTILINE | re.DOTALL)
_TEMPLATE = re.compile(r"vorlage|template", re.IGNORECASE)
_SENTENCE = re.compile(r"\bprompts?\b[^:\n]{0,80}\b(?:über|zu|zum thema|about)\b[: ]+(.+)", re.I)
_SEVERAL = re.compile(r"\b(\d|zwei|drei|vier|fünf|mehrere)\s+(?:\w+\s+)?(?:Kandidaten|Varianten)")
_NUMBERS = {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "mehrere": 3}
_LABELS = {"topic": "thema", "style": "stil", "muster": "form", "pattern": "form"}
_TRIES = 4
"""Of so many drafts the one that suits the template best is taken."""
_STYLE_NAMES = {
    "technisch": r"techni|sachlich|präzis",
    "kreativ": r"kreativ|creativ|bildhaft|inspirier",
    "akademisch": r"akadem|academ|wissenschaftlich",
    "casual": r"casual|locker|umgangssprach",
}
_PATTERN_NAMES = {
    "question": r"\bfrag|question",
    "scenario": r"szenario|scenario|\blage\b|angenommen",
    "comparison": r"vergleich|gegenüber|compar",
    "instruction": r"auftrag|anweisung|anleitung|instruction",
    "thesis": r"\bthese|\bthesis|behauptung",
    "dialogue": r"dialog|gespräch|zwei personen",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a draft is asked for; None leaves it to the writer."""

    topic: str
    style: str | None = None
    pattern: str | None = None
    english: bool = False
    candidates: int = 1
    template: str | None = None
    """A prompt to start from: its length, and what of style and form is not asked for, is kept."""


def read_order(text: str) -> Order | None:
    """Read a request for drafts from labelled lines or one sentence, or None if it is none."""
    # What is quoted is material: nothing in it is a wish.
    quoted = _QUOTED.findall(text)
    text = _QUOTED.sub("", text)
    labels: dict[str, str] = {}
    for label, value in _LABELLED.findall(text):
        name = label.casefold()
        labels.setdefault(_LABELS.get(name, name), value.strip(' \t\r*_"„“'))
    sentence = _SENTENCE.search(text)
    topic = labels.get("thema") or (sentence.group(1).strip(' ."„“') if sentence else "")
    if not topic:
        return None
    return Order(
        topic=topic[:120],
        style=_style(labels.get("stil") or text),
        pattern=_first(_PATTERN_NAMES, labels.get("form", "")),
        english=labels.get("sprache", "").casefold().startswith("en"),
        candidates=_candidates(text),
        template=next((prompt for name, prompt in quoted if _TEMPLATE.search(name)), None),
    )


def write_drafts(order: Order, chance: Random) -> str:
    """Return the draft, or several candidates as a numbered list."""
    drafts = [write_draft(order, chance) for _ in range(order.candidates)]
    if len(drafts) == 1:
        return drafts[0]
    return "\n\n".join(f"{number}. {draft}" for number, draft in enumerate(drafts, 1))


def write_draft(order: Order, chance: Random) -> str:
    """Return one prompt of some 40 to 100 words, about as long as its template if it has one."""
    if order.template is None:
        return _write(order, chance)
    traits, length = read_traits(order.template), len(order.template.split())
    style = order.style or (traits.style if traits.style in STYLES else None)
    kept = replace(order, style=style, pattern=order.pattern or traits.pattern)
    known = _turns(order.template)
    tries = [_write(kept, chance) for _ in range(_TRIES)]
    # As long as the template, in other words.
    return min(
        tries, key=lambda draft: abs(len(draft.split()) - length) + len(_turns(draft) & known)
    )


def _turns(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], strict=False))


def _write(order: Order, chance: Random) -> str:
    pattern = order.pattern or chance.choice(PATTERNS)
    # Words of the domain alone let the prompt be recognised as one of its category.
    speaker = Speaker(Subject(category_of(order.topic), (order.topic,), general=()), chance)
    if order.english:
        middles = chance.sample(ENGLISH_MIDDLES, chance.choice((3, 4)))
        parts = [
            chance.choice(ENGLISH_OPENINGS[pattern]),
            *middles,
            chance.choice(ENGLISH_CLOSINGS),
        ]
        return _joined(parts, speaker)
    style = order.style or chance.choice(STYLES)
    opening = chance.choice(OPENINGS[pattern, VOICES[style]])
    middles = chance.sample(MIDDLES[style], chance.choice((2, 3, 3, 4)))
    parts = [chance.choice(LEADS[style]) + opening, *middles, chance.choice(CLOSINGS[style])]
    if pattern == "dialogue":
        parts[0] = opening + "\n"
    return _joined(parts, speaker)


def _joined(parts: list[str], speaker: Speaker) -> str:
    said = [speaker.say(part) for part in parts]
    return " ".join(said).replace("\n ", "\n")


def _style(text: str) -> str | None:
    found = _first(_STYLE_NAMES, text)
    if found is None and text and "\n" not in text and len(text) < 40:
        return STYLES[digest("style", text.casefold()) % len(STYLES)]
    return found


def _first(names: dict[str, str], text: str) -> str | None:
    places = {
        name: match.start()
        for name, mark in names.items()
        if (match := re.search(mark, text, re.IGNORECASE)) is not None
    }
    return min(places, key=places.__getitem__) if places else None


def _candidates(text: str) -> int:
    found = _SEVERAL.search(text)
    if found is None:
        return 1
    number = found.group(1)
    return max(1, min(9, int(number) if number.isdigit() else _NUMBERS[number]))
