"""What a line of evolution.jsonl holds beside the fields all logs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from typing_extensions import TypedDict


class LearnedFrom(TypedDict):
    """What a generation was learned from."""

    sample_count: int
    avg_score: float | None
    avg_field_completeness: float | None
    top_categories: Sequence[str]
    top_styles: Sequence[str]


class ArmTold(TypedDict):
    """One arm: its scores so far, and the prompts this generation gave it."""

    n: int
    mean: float | None
    prompts: int


class Arms(TypedDict):
    """Both arms."""

    control: ArmTold
    steered: ArmTold


class LiftTold(TypedDict):
    """Steered minus control in score points, None while an arm is too small."""

    difference: float | None
    low: float | None
    high: float | None
    n_steered: int
    n_control: int


class Previous(TypedDict):
    """The last generation that was scored, whole and by arm."""

    generation: int
    n: int
    mean: float | None
    control: float | None
    steered: float | None


class Coverage(TypedDict):
    """How many different ones the generation's prompts have."""

    styles: int
    categories: int
    topics: int
    cells: int


class ClaimTold(TypedDict):
    """One claim: the effect in score points with its 90 % interval."""

    id: str
    factor: str
    level: str
    kind: str
    effect: float
    low: float
    high: float
    n: int


class Drift(TypedDict):
    """Before which generation evidence hardly counts, and how far off that one lay."""

    cut: int | None
    z: float | None


class Duplicates(TypedDict):
    """Drafts that nearly repeated a known prompt, and their share of all drafts."""

    redrawn: int
    rate: float


class Generation(TypedDict):
    """evolution.jsonl: one generation, what it learned from and how it was made (cost in USD)."""

    generation: int
    plan_id: str
    forced: bool
    learned_from: LearnedFrom
    prompts_generated: int
    feedback_strength: float
    arms: Arms
    lift: LiftTold
    previous: Previous | None
    coverage: Coverage
    style_entropy: float
    styles: Mapping[str, int]
    operators: Mapping[str, int]
    claims: Sequence[ClaimTold]
    elites: int
    drift: Drift
    duplicates: Duplicates
    similarity: float | None
    cost: float | None
    failed_drafts: int
    failed_reasons: Mapping[str, int]
    set_aside: Mapping[str, int]
    unreadable: int
