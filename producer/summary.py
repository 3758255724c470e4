"""What a run of the producer tells at its end, as its commands print it."""

from __future__ import annotations

from typing_extensions import TypedDict


class GenerationMade(TypedDict):
    """One generation of this run: its drafts, and its scores so far, whole and by arm."""

    generation: int
    drafted: int
    failed_drafts: int
    scored: int
    mean: float | None
    control: float | None
    steered: float | None


class LiftFound(TypedDict):
    """Steered minus control in score points, with its interval."""

    steered_mean: float | None
    control_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    n_steered: int
    n_control: int


class Summary(TypedDict):
    """Where every recipe of a run went, and its generations; no lift while an arm is too small.

    `unfinished` are the recipes that neither ended nor failed as drafts.
    """

    recipes: int
    passed: int
    low_score: int
    failed: int
    refused: int
    failed_drafts: int
    unfinished: int
    generations: list[GenerationMade]
    lift: LiftFound | None
