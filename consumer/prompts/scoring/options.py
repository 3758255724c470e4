"""What a score version fixes: part weights, welcome languages, the calibration curve."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Literal

from syntx.settings.models import Scoring

SHIPPED_VERSION = "2"
"""Raised whenever a shipped value, a part or a gate changes: scores are never mixed."""

LEGACY_VERSION = "legacy-1"
"""The older score, computed by us; imported results carry the bare word."""

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


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """How parts become a total; `weights` name the parts of a single answer.

    `judge` is the model whose opinion enters with `judge_weight`, None for no opinion.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: _WEIGHTS)
    languages: tuple[str, ...] = ("de", "en")
    calibration: tuple[tuple[float, float], ...] = _CALIBRATION
    consistency: float = 0.10
    judge: str | None = None
    judge_weight: float = 0.20
    mode: Literal["score", "legacy"] = "score"

    @property
    def version(self) -> str:
        """The name of what these options measure; other values have another name."""
        if self.mode == "legacy":
            return LEGACY_VERSION
        if self.judge is None and replace(self, judge_weight=SHIPPED.judge_weight) == SHIPPED:
            return SHIPPED_VERSION
        return f"{SHIPPED_VERSION}+{self._digest()}"

    def _digest(self) -> str:
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["weights"] = dict(self.weights)
        if self.judge is None:
            del values["judge_weight"]
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


SHIPPED = ScoreOptions()


def options_of(scoring: Scoring) -> ScoreOptions:
    """Return the shipped options with what scoring.yaml sets."""
    judge = scoring.judge
    return ScoreOptions(
        weights=SHIPPED.weights if scoring.weights is None else scoring.weights.model_dump(),
        languages=scoring.languages or SHIPPED.languages,
        calibration=scoring.calibration or SHIPPED.calibration,
        consistency=scoring.consistency,
        judge=judge.model if judge.enabled and scoring.mode == "score" else None,
        judge_weight=judge.weight,
        mode=scoring.mode,
    )
