"""The shape of evolution.yaml; every default is written here and only here."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from syntx.settings.section import Seconds, Section, Share


class Learning(Section):
    """What is learned from, and what happens to jobs that were learned from."""

    enabled: bool = Field(default=True, description="whether generations follow what was learned")
    max_samples: int = Field(
        default=50, ge=1, description="the most earlier results shown to the generator model"
    )
    min_score: int = Field(
        default=90,
        ge=0,
        le=100,
        description="the score that counts as success in reports and for elites",
    )
    archive_after_read: bool = Field(
        default=True, description="move learned jobs to `archive/` once the next generation is safe"
    )


class Generation(Section):
    """How large a generation is, and which share of it follows what was learned."""

    batch_size: int = Field(
        default=20, ge=1, le=1000, description="the most prompts of a generation"
    )
    feedback_strength: Share = Field(
        default=0.8, description="the share that is steered; the rest is the control arm"
    )


class Steering(Section):
    """How evidence steers the choice of recipes (score points where they apply)."""

    temper: float = Field(
        default=0.3,
        ge=0,
        le=2,
        description="how boldly a draw strays from the belief; 0: never, 1: fully",
    )
    cell_cap: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description="the largest share of a generation per category × style",
    )
    topic_cap: float = Field(
        default=0.15, gt=0, le=1, description="the largest share of a generation per topic"
    )
    family_cap: int = Field(
        default=3, ge=1, description="the most children of a family in a generation"
    )
    score_floor: float = Field(
        default=60.0, ge=0, lt=100, description="score points; what lies below counts as this much"
    )
    min_rows: int = Field(default=20, ge=0, description="scored prompts before anything is steered")
    min_control: int = Field(default=2, ge=0, description="the least prompts of a control arm")
    min_support: int = Field(
        default=8, ge=2, description="scored prompts before anything is claimed"
    )
    drift_z: float = Field(
        default=2.5,
        gt=0,
        description="standard errors below the forecast at which the past counts less",
    )
    drift_keep: float = Field(
        default=0.03, gt=0, le=1, description="what evidence from before such a cut weighs"
    )
    duplicate: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="likeness (0 to 1) at which a draft repeats an earlier prompt",
    )
    own_duplicate: float = Field(
        default=0.7, gt=0, le=1, description="likeness at which a draft repeats its own parent"
    )
    candidates: int = Field(
        default=3, ge=1, le=9, description="drafts asked for at once where a fresh prompt is wanted"
    )
    seed: int = Field(default=0, description="the seed of every draw")


class EvolutionProducer(Section):
    """The evolutionary producer: learning, generation, steering."""

    learning: Learning = Learning()
    generation: Generation = Generation()
    steering: Steering = Steering()
    patterns: dict[str, str] = Field(
        default={},
        description="by pattern: how it is told to the generator model; empty: those shipped",
    )
    interval_seconds: Seconds = Field(
        default=10.0, description="seconds between looks whether the queue wants prompts"
    )


class EvolutionLogging(Section):
    """Where the generations are logged; relative to the home."""

    evolution_log: Path | None = Field(
        default=None, description="the file, relative to the home; none: `logs/evolution.jsonl`"
    )


class Evolution(Section):
    """evolution.yaml: how the system learns."""

    producer: EvolutionProducer = EvolutionProducer()
    logging: EvolutionLogging = EvolutionLogging()
