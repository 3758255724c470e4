"""Wording a recipe for the generator model, in plain German, with what was learned about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syntx.job import Recipe
from syntx.llm.contract import Message

STYLE_WORDS: Mapping[str, str] = {
    "technisch": "sachlich und präzise, mit Fachbegriffen und klaren Anforderungen",
    "kreativ": "bildhaft und überraschend, mit Szenen und Vorstellungskraft",
    "akademisch": "wissenschaftlich abwägend, mit Begriffen, Thesen und Einordnung",
    "casual": "locker und direkt, wie im Gespräch unter Freunden",
}
LANGUAGES: Mapping[str, str] = {"de": "Deutsch", "en": "Englisch"}
GOAL = "Der Prompt soll eine vollständige, klar gegliederte Antwort mit Substanz hervorbringen."

_SYSTEM = "Du formulierst Prompts für Sprachmodelle. Du antwortest nur mit {what}, {without}."
_ONE = _SYSTEM.format(
    what="dem fertigen Prompt",
    without="ohne Überschrift, ohne Anführungszeichen und ohne Erklärung",
)
_SEVERAL = _SYSTEM.format(
    what="den fertigen Prompts", without="ohne Anführungszeichen und ohne Erklärung"
)
_LENGTH = "von 40 bis 120 Wörtern"
_GOOD = "Ein Prompt, auf den eine gute Antwort kam"
_POOR = "Ein Prompt, auf den eine schwache Antwort kam"
_ELSEWHERE = "Die Vorlage handelt von einem anderen Thema"
_NOT_AGAIN = (
    "Hinweis: Einen sehr ähnlichen Prompt gibt es schon. Wähle einen anderen Zugang, andere "
    "Beispiele und einen anderen Satzbau; beginne nicht mit"
)
_TASKS = {
    "mutate": f"Schreibe genau einen neuen Prompt {_LENGTH} zu diesem Thema. Geh von der Vorlage "
    "aus, ändere eine Sache an ihr, am ehesten dort, wo die Antwort schwach war, und übernimm "
    "keine Formulierung wörtlich.",
    "cross": f"Schreibe genau einen neuen Prompt {_LENGTH} zu diesem Thema. Übertrage die Machart "
    "der Vorlage auf dieses Thema, ändere eine Sache an ihr und übernimm keine Formulierung "
    "wörtlich.",
}
_FRAMES = (_GOOD, _POOR, _ELSEWHERE, _NOT_AGAIN)
"""What stands around quoted texts; no prompt may repeat it, whether it was sent or not."""


@dataclass(frozen=True, slots=True)
class Words:
    """How styles and phrasing patterns are described to the generator model."""

    styles: Mapping[str, str]
    patterns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parent:
    """The prompt that a new one goes back to, and in words how the answer to it was."""

    job_id: str
    text: str
    topic: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a steered prompt is written with; an unsteered one has no brief at all."""

    advice: tuple[str, ...] = ()
    advice_id: str | None = None
    operator: str = "fresh"
    parent: Parent | None = None
    better: str | None = None
    worse: str | None = None
    candidates: int = 1

    @property
    def examples(self) -> tuple[str, ...]:
        """The prompts that are shown to learn from, not to copy."""
        return tuple(text for text in (self.better, self.worse) if text)


@dataclass(frozen=True, slots=True)
class Asked:
    """A worded request: what is sent, and what of it no prompt may repeat."""

    messages: tuple[Message, ...]
    instructions: str
    examples: tuple[str, ...] = ()
    topic: str = ""
    candidates: int = 1


def meta_prompt(
    recipe: Recipe, words: Words, brief: Brief | None = None, refused: tuple[str, ...] = ()
) -> Asked:
    """Word a recipe; without a `brief` it stays neutral.

    `refused` are drafts of the same prompt that came too close to known ones.
    """
    instructions = [*_recipe_lines(recipe, words), *_learned(brief)]
    shown = list(_shown(brief)) if brief is not None else []
    count = brief.candidates if brief is not None else 1
    task = f"Aufgabe: {_task(brief)}"
    system = _SEVERAL if count > 1 else _ONE
    return Asked(
        messages=(
            Message("system", system),
            Message("user", "\n".join([*instructions, *shown, *_not_again(refused), task])),
        ),
        instructions="\n".join((system, *instructions, *_remarks(brief), *_FRAMES, task)),
        examples=() if brief is None else brief.examples,
        topic=recipe.topic or "",
        candidates=count,
    )


def _recipe_lines(recipe: Recipe, words: Words) -> Iterator[str]:
    style, pattern, language = recipe.style or "", recipe.pattern or "", recipe.language or "de"
    described = words.styles.get(style) or STYLE_WORDS.get(style)
    yield f"Thema: {recipe.topic}"
    yield f"Stil: {style}" + (f" – {described}" if described else "")
    if pattern:
        yield f"Form: {words.patterns.get(pattern, pattern)}"
    yield f"Sprache: {LANGUAGES.get(language, language)}"


def _learned(brief: Brief | None) -> Iterator[str]:
    if brief is not None:
        yield f"Ziel: {GOAL}"
        yield from (f"Erfahrung: {sentence}" for sentence in brief.advice)


def _not_again(refused: tuple[str, ...]) -> Iterator[str]:
    if refused:
        openings = ", ".join(f"„{_opening(text)} …“" for text in refused)
        yield f"{_NOT_AGAIN} {openings}."


def _opening(text: str) -> str:
    return " ".join(text.split()[:4])[:60]


def _shown(brief: Brief) -> Iterator[str]:
    if brief.parent is not None:
        yield from _quoted("Vorlage", brief.parent.text)
        if brief.operator == "cross" and brief.parent.topic:
            yield f"{_ELSEWHERE}: {brief.parent.topic}"
        yield from _remarks(brief)
    if brief.better:
        yield from _quoted(_GOOD, brief.better)
    if brief.worse:
        yield from _quoted(_POOR, brief.worse)


def _remarks(brief: Brief | None) -> tuple[str, ...]:
    return () if brief is None or brief.parent is None else brief.parent.remarks


def _quoted(label: str, text: str) -> tuple[str, ...]:
    # The text must not end its own quotation.
    return f"{label}:", '"""', text.replace('"""', "'''"), '"""'


def _task(brief: Brief | None) -> str:
    if brief is not None and brief.parent is not None:
        return _TASKS.get(brief.operator, _TASKS["mutate"])
    if brief is not None and brief.candidates > 1:
        return (
            f"Schreibe {brief.candidates} verschiedene Kandidaten für einen Prompt zu diesem "
            f"Thema, jeden {_LENGTH}, nummeriert mit „1.“, „2.“ und so weiter. Sie sollen sich in "
            "Zugang, Aufbau und Beispielen deutlich unterscheiden."
        )
    return f"Schreibe genau einen Prompt {_LENGTH} zu diesem Thema."
