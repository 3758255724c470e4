"""The score of an answer: a weighted geometric mean of its parts, times its gates."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from consumer.prompts.parsing import parse
from consumer.prompts.scoring.echo import no_echo
from consumer.prompts.scoring.gates import answered, complete, right_language
from consumer.prompts.scoring.legacy import legacy_score
from consumer.prompts.scoring.length import length
from consumer.prompts.scoring.options import SHIPPED, ScoreOptions
from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.redundancy import non_redundancy
from consumer.prompts.scoring.relevance import relevance
from consumer.prompts.scoring.structure import structure
from consumer.prompts.scoring.substance import substance
from consumer.prompts.scoring.wording import wording
from syntx.job import Score
from syntx.wrappers import Wrapper

MOST_CHARACTERS = 200_000
"""So much of an answer is looked at: far beyond any that could still score."""

_BLANK_LINES = re.compile(r"\n\s+")  # long runs of them would cost the older patterns minutes


def score(
    answer: str,
    wrapper: Wrapper,
    prompt: str,
    *,
    truncated: bool = False,
    options: ScoreOptions = SHIPPED,
) -> Score:
    """Score an answer 0-100 against its wrapper and prompt; deterministic, offline."""
    text = answer[:MOST_CHARACTERS]
    material = Material(
        text, parse(text, wrapper.fields), wrapper, prompt[:MOST_CHARACTERS], truncated
    )
    parts = _parts(material)
    gates = _gates(material, options.languages)
    present = _present(material)
    whole = sum(options.weights.values())
    measured = Score(
        total=0,
        parts={name: round(part.value, 4) for name, part in {**parts, **gates}.items()},
        weights={name: round(options.weights[name] / whole, 6) for name in parts},
        fields={asked.key: asked.key in material.texts for asked in wrapper.fields},
        explanation=tuple(_explained(parts, gates, present)),
        completeness=round(100 * present),
        structure=round(100 * parts["structure"].value),
        measures={
            **_measures({**parts, **gates}),
            "present": round(present, 4),
            "legacy_total": legacy_score(_BLANK_LINES.sub("\n", text)),
        },
    )
    return _totalled(measured, options)


def with_part(score: Score, name: str, part: Part, weight: float, options: ScoreOptions) -> Score:
    """Return the score with one more part of that weight; the others share what is left."""
    shares = {key: round(share * (1 - weight), 6) for key, share in score.weights.items()}
    enlarged = score.model_copy(
        update={
            "parts": {**score.parts, name: round(part.value, 4)},
            "weights": {**shares, name: weight},
            "explanation": (*score.explanation, f"{name} {part.value:.2f}: {part.reason}."),
            "measures": {**score.measures, **part.measures},
        }
    )
    return _totalled(enlarged, options)


def _totalled(score: Score, options: ScoreOptions) -> Score:
    """Give the total its due: a function of what the score itself records, and the curve."""
    mean = math.prod(score.parts[name] ** share for name, share in score.weights.items())
    gates = math.prod(value for name, value in score.parts.items() if name not in score.weights)
    share = _calibrated(mean, options.calibration)
    total = math.floor(100 * share * gates * score.measures["present"] + 1e-9)
    measures = {**score.measures, "calibrated": round(share, 4)}
    if options.mode == "legacy":
        measures["score_total"] = total
        total = measures["legacy_total"]
    return score.model_copy(update={"total": total, "measures": measures})


def _parts(material: Material) -> dict[str, Part]:
    return {
        "structure": structure(material),
        "substance": substance(material),
        "non_redundancy": non_redundancy(material),
        "relevance": relevance(material),
        "wording": wording(material),
        "length": length(material),
    }


def _gates(material: Material, languages: tuple[str, ...]) -> dict[str, Part]:
    return {
        "answered": answered(material),
        "language": right_language(material, languages),
        "complete": complete(material),
        "no_echo": no_echo(material),
    }


def _present(material: Material) -> float:
    if material.texts and len(material.texts) == len(material.weights):
        return 1.0  # exactly, whatever the sum of shares rounds to
    return sum(material.weights[key] for key in material.texts)


def _calibrated(value: float, points: tuple[tuple[float, float], ...]) -> float:
    for (low, from_), (high, to) in pairwise(points):
        if value <= high:
            return from_ + (to - from_) * (value - low) / (high - low)
    return points[-1][1]


def _explained(
    parts: Mapping[str, Part],
    gates: Mapping[str, Part],
    present: float,
) -> list[str]:
    lines = [f"{name} {part.value:.2f}: {part.reason}." for name, part in parts.items()]
    lines += [
        f"{name} ×{gate.value:.2f}: {gate.reason}."
        for name, gate in gates.items()
        if gate.value < 1
    ]
    if present < 1:
        lines.append(f"fields ×{present:.2f}: only these weights of fields have text.")
    return lines


def _measures(parts: Mapping[str, Part]) -> dict[str, Any]:
    return {key: value for part in parts.values() for key, value in part.measures.items()}
