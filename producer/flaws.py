"""Judging what the generator model wrote: why a text is no prompt that may be asked."""

from __future__ import annotations

import re

from producer.wording import Asked
from syntx.llm.contract import Answer

_JARGON = re.compile(
    r"\b\d{1,3}\s*/\s*100\b|\bfield[ _-]?completeness\b|\bfeedback[ _-]?strength\b"
    r"|\berfolgreiche[nr]? (?:patterns?|muster)\b|\bpattern[ _-]?learn\w*"
    r"|\bkontroll[ _-]?arm\w*|\bcontrol[ _-]arm\b|\bsteered\b|\bstructure[ _-]adherence\b"
    r"|\bfeldvollständigkeit\b|\b(?:quality|total|gesamt|durchschnitts?)[ _-]?scores?\b"
    r"|\bscores? (?:von |of )?\d|\badvice[ _-]id\b|\bmeta[ _-]?prompt\w*"
    r"|\bbisher gelingen prompts\b|\bevolution[ _-]?loop\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:Thema|Stil|Form|Sprache|Ziel|Aufgabe|Erfahrung|Hinweis|Vorlage):", re.MULTILINE
)
_RUN_WORDS = 6
_COPIED = 1 / 3

Runs = set[tuple[str, ...]]


def unusable(answer: Answer, *, several: bool = False) -> str | None:
    """Return why nothing of an answer can be used, or None; of `several` the first may be whole."""
    if answer.refused:
        return "refused"
    if answer.truncated and not several:
        return "truncated"
    return None if answer.text.strip() else "empty_draft"


def flaw(text: str, asked: Asked) -> str | None:
    """Return why a draft is no prompt that may be asked, or None if it is one."""
    if not text.strip():
        return "empty_draft"
    if _echoes(text, asked) or _talks_of_learning(text, asked.topic):
        return "echo"
    return None


def _talks_of_learning(text: str, topic: str) -> bool:
    # A topic may be about such words.
    own = {found.casefold() for found in _JARGON.findall(topic)}
    return any(found.casefold() not in own for found in _JARGON.findall(text))


def _echoes(text: str, asked: Asked) -> bool:
    """Whether the model repeats what it was told instead of following it."""
    if len(_LABEL.findall(text)) >= 2:
        return True
    # Whoever asks about a topic names it; words around it are no echo of those around it here.
    pieces = _without(asked.topic, text)
    written = set().union(*map(_runs, pieces))
    if any(written & _runs(told) for told in _without(asked.topic, asked.instructions)):
        return True
    # Two prompts may share a turn of phrase; a third of all is a copy.
    return any(len(written & _runs(shown)) > _COPIED * len(written) for shown in asked.examples)


def _without(topic: str, text: str) -> list[str]:
    """Return what of a text stands between the places that name the topic."""
    words = re.findall(r"\w+", topic.casefold())
    named = r"\W+".join(map(re.escape, words))
    return re.split(rf"\b{named}\b", text.casefold()) if words else [text]


def _runs(text: str) -> Runs:
    words = re.findall(r"\w+", text.casefold())
    return {
        tuple(words[start : start + _RUN_WORDS]) for start in range(len(words) - _RUN_WORDS + 1)
    }
