"""Wording a recipe for the generator model, and judging what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from syntx.job import Recipe
from syntx.llm.contract import Answer, Message

SYSTEM = (
    "Du formulierst Prompts für Sprachmodelle. Du antwortest nur mit dem fertigen Prompt, "
    "ohne Überschrift, ohne Anführungszeichen und ohne Erklärung."
)

STYLE_WORDS: Mapping[str, str] = {
    "technisch": "sachlich und präzise, mit Fachbegriffen und klaren Anforderungen",
    "kreativ": "bildhaft und überraschend, mit Szenen und Vorstellungskraft",
    "akademisch": "wissenschaftlich abwägend, mit Begriffen, Thesen und Einordnung",
    "casual": "locker und direkt, wie im Gespräch unter Freunden",
}
LANGUAGES: Mapping[str, str] = {"de": "Deutsch", "en": "Englisch"}
GOAL = "Der Prompt soll eine vollständige, klar gegliederte Antwort mit Substanz hervorbringen."

_JARGON = re.compile(
    r"\b\d{1,3}\s*/\s*100\b|\bfield[ _-]?completeness\b|\bfeedback[ _-]?strength\b"
    r"|\berfolgreiche[nr]? (?:patterns?|muster)\b|\bpattern learning\b|\bkontrollarm\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:Thema|Stil|Form|Sprache|Ziel|Aufgabe):", re.MULTILINE)
_SHINGLE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Words:
    """How styles and phrasing patterns are described to the generator model."""

    styles: Mapping[str, str]
    patterns: Mapping[str, str]


def meta_prompt(recipe: Recipe, words: Words, *, steered: bool) -> tuple[Message, ...]:
    """Word a recipe; a steered one names its goal too, a control one stays neutral."""
    style, pattern = recipe.style or "", recipe.pattern or ""
    described = words.styles.get(style) or STYLE_WORDS.get(style)
    lines = [
        f"Thema: {recipe.topic}",
        f"Stil: {style}" + (f" – {described}" if described else ""),
    ]
    if pattern:
        lines.append(f"Form: {words.patterns.get(pattern, pattern)}")
    language = recipe.language or "de"
    lines.append(f"Sprache: {LANGUAGES.get(language, language)}")
    if steered:
        lines.append(f"Ziel: {GOAL}")
    lines.append("Aufgabe: Schreibe genau einen Prompt von 40 bis 120 Wörtern zu diesem Thema.")
    return Message("system", SYSTEM), Message("user", "\n".join(lines))


def flaw(answer: Answer, asked: tuple[Message, ...]) -> str | None:
    """Return why an answer is no prompt that may be asked, or None if it is one."""
    if answer.refused:
        return "refused"
    if answer.truncated:
        return "truncated"
    if not answer.text.strip():
        return "empty_draft"
    if _echoes(answer.text, asked) or _JARGON.search(answer.text):
        return "echo"
    return None


def _echoes(text: str, asked: tuple[Message, ...]) -> bool:
    """Whether the model repeats its instructions instead of following them."""
    if len(_LABEL.findall(text)) >= 2:
        return True
    instructions = _shingles(" ".join(message.content for message in asked))
    return bool(_shingles(text) & instructions)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {
        tuple(words[start : start + _SHINGLE_WORDS])
        for start in range(len(words) - _SHINGLE_WORDS + 1)
    }
