"""The shape of scoring.yaml. What it leaves out is as the score version ships it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from syntx.settings.section import Seconds, Section, Share


def _known_by_two_letters(name: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", name):
        raise ValueError("should be two lower-case letters, such as de")
    return name


Language = Annotated[str, AfterValidator(_known_by_two_letters)]
Curve = tuple[tuple[Share, Share], ...]
_ROUNDING = 1e-6


class Weights(Section):
    """What each part of the score weighs; all are named, and their sum is 1."""

    structure: Share = Field(description="the headings asked for, each once and in order")
    substance: Share = Field(description="words that are new, field by field")
    non_redundancy: Share = Field(description="nothing said twice")
    relevance: Share = Field(description="closeness to the prompt")
    wording: Share = Field(description="varied words in readable sentences")
    length: Share = Field(description="near the length the wrapper asks for")

    @model_validator(mode="after")
    def _sum_is_one(self) -> Self:
        total = sum(self.model_dump().values())
        if abs(total - 1) > _ROUNDING:
            raise ValueError(f"the weights must sum to 1, these sum to {total:g}")
        return self


class Judge(Section):
    """A model's opinion as one more part of the score; never alone, and off unless asked for."""

    enabled: bool = Field(default=False, description="whether a model is asked for its opinion")
    model: str | None = Field(
        default=None, description="the judge: a model of `config/models/*.yaml`"
    )
    weight: float = Field(
        default=0.2,
        gt=0,
        le=0.3,
        description="what the opinion weighs; the other parts share the rest",
    )
    deadline: Seconds = Field(
        default=120.0, description="seconds for an opinion; without one the score stands as it is"
    )

    @model_validator(mode="after")
    def _has_a_model(self) -> Self:
        if self.enabled and not self.model:
            raise ValueError("enabled needs a model")
        return self


class Scoring(Section):
    """scoring.yaml: how answers are scored; altered values make a score version of their own."""

    mode: Literal["score", "legacy"] = Field(
        default="score",
        description="`legacy`: the total is the older system's, the parts stand beside it",
    )
    weights: Weights | None = Field(
        default=None,
        description="what structure, substance, non_redundancy, relevance, wording and length "
        "weigh, all named and summing to 1; none: as the score version ships them",
    )
    consistency: float = Field(
        default=0.1,
        ge=0,
        le=0.3,
        description="what the likeness of several answers to one prompt weighs",
    )
    languages: tuple[Language, ...] | None = Field(
        default=None,
        min_length=1,
        description="languages always welcome in an answer; none: as the score version ships them",
    )
    calibration: Curve | None = Field(
        default=None,
        min_length=2,
        description="points `[mean, share]` of the rising curve from the parts' mean to the total, "
        "from [0, 0] to [1, 1]; none: as the score version ships it",
    )
    judge: Judge = Judge()

    @field_validator("calibration")
    @classmethod
    def _curve_rises(cls, points: Curve | None) -> Curve | None:
        if points is None:
            return None
        if points[0] != (0, 0) or points[-1] != (1, 1):
            raise ValueError("must lead from [0, 0] to [1, 1]")
        if any(low >= high or left > right for (low, left), (high, right) in pairwise(points)):
            raise ValueError("must rise: means strictly, shares never falling")
        return points
