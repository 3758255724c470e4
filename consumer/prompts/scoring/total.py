"""The score of an answer: a weighted geometric mean of its parts, times its gates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from consumer.prompts.parsing import parse
from consumer.prompts.scoring.echo import no_echo
from consumer.prompts.scoring.gates import answered, complete, right_language
from consumer.prompts.scoring.length import length
from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.redundancy import non_redundancy
from consumer.prompts.scoring.relevance import relevance
from consumer.prompts.scoring.structure import structure
from consumer.prompts.scoring.substance import substance
from consumer.prompts.scoring.wording import wording
from syntx.job import Score
from syntx.wrappers import Wrapper

SCORE_VERSION = "1"

_WEIGHTS = MappingProxyType(
    {
        "structure": 0.20,
        "substance": 0.30,
        "non_redundancy": 0.15,
        "relevance": 0.15,
        "wording": 0.10,
        "length": 0.10,
    }
)
_CALIBRATION = (
    (0.0, 0.0),
    (0.6, 0.4),
    (0.7, 0.6),
    (0.8, 0.8),
    (0.9, 0.94),
    (0.99, 1.0),
    (1.0, 1.0),
)
_MOST = 200_000  # characters looked at: far beyond any answer that could still score


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What a score version fixes: part weights, welcome languages, the calibration curve."""

    weights: Mapping[str, float] = field(default_factory=lambda: _WEIGHTS)
    languages: tuple[str, ...] = ("de", "en")
    calibration: tuple[tuple[float, float], ...] = _CALIBRATION


DEFAULT = ScoreOptions()


def score(
    answer: str,
    wrapper: Wrapper,
    prompt: str,
    *,
    truncated: bool = False,
    options: ScoreOptions = DEFAULT,
) -> Score:
    """Score an answer 0-100 against its wrapper and prompt; deterministic, offline."""
    text = answer[:_MOST]
    material = Material(text, parse(text, wrapper.fields), wrapper, prompt[:_MOST], truncated)
    parts = _parts(material)
    gates = _gates(material, options.languages)
    mean = _mean(parts, options.weights)
    present = _present(material)
    total = 100 * _calibrated(mean, options.calibration) * present
    total *= math.prod(gate.value for gate in gates.values())
    return Score(
        total=math.floor(total + 1e-9),
        parts={name: round(part.value, 4) for name, part in {**parts, **gates}.items()},
        fields={asked.key: asked.key in material.texts for asked in wrapper.fields},
        explanation=tuple(_explained(parts, gates, options.weights, present)),
        completeness=round(100 * present),
        structure=round(100 * parts["structure"].value),
        measures=_measures({**parts, **gates}),
    )


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


def _mean(parts: Mapping[str, Part], weights: Mapping[str, float]) -> float:
    """Return the weighted geometric mean: nothing is bought with something else."""
    total = sum(weights.values())
    powers = [part.value ** (weights[name] / total) for name, part in parts.items()]
    return float(math.prod(powers))


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
    weights: Mapping[str, float],
    present: float,
) -> list[str]:
    lines = [
        f"{name} {part.value:.2f} (weight {weights[name]:.2f}): {part.reason}."
        for name, part in parts.items()
    ]
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
