"""The shape of queue.yaml; every default is written here and only here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from syntx.settings.section import Seconds, Section


class QueuePaths(Section):
    """Where the queue lies; relative to the home."""

    base: Path | None = Field(
        default=None,
        description="the queue's folder, relative to the home; none: as system.yaml says",
    )


class Thresholds(Section):
    """Inclusive upper bounds of waiting jobs for each state of the queue."""

    starving: int = Field(
        default=0, ge=0, description="up to so many waiting jobs the queue starves"
    )
    low: int = Field(default=4, ge=0, description="up to so many it is low")
    balanced: int = Field(default=24, ge=0, description="up to so many it is balanced")
    high: int = Field(default=49, ge=0, description="up to so many it is high; above it overflows")

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        bounds = [self.starving, self.low, self.balanced, self.high]
        if bounds != sorted(set(bounds)):
            raise ValueError("starving < low < balanced < high must hold")
        return self


class Production(Section):
    """How many prompts are written in each state of the queue."""

    starving: int = Field(default=20, ge=0, description="prompts to write for a starving queue")
    low: int = Field(default=15, ge=0, description="for a low one")
    balanced: int = Field(default=10, ge=0, description="for a balanced one")
    high: int = Field(default=0, ge=0, description="for a high one")
    overflow: int = Field(default=0, ge=0, description="for one that overflows")


class Queue(Section):
    """queue.yaml: where jobs lie, how many are enough, and how often they are tried."""

    paths: QueuePaths = QueuePaths()
    thresholds: Thresholds = Thresholds()
    production: Production = Production()
    durability: Literal["full", "relaxed"] = Field(
        default="full", description="`full`: every step is flushed to disk; `relaxed`: none is"
    )
    max_attempts: int = Field(
        default=3, ge=1, description="tries of a job that fails for a passing reason"
    )
    max_rescues: int = Field(
        default=3, ge=0, le=9, description="workers a job may take down with it"
    )
    retry_delay: Seconds = Field(
        default=60.0,
        description="seconds before the second try; doubled for each further one, and more where "
        "an endpoint asks for it",
    )
    max_retry_delay: Seconds = Field(
        default=3600.0, description="the longest such delay, in seconds"
    )
    settle_seconds: float = Field(
        default=2.0, ge=0, description="seconds a dropped file must rest before it is taken in"
    )
    poll_seconds: Seconds = Field(default=2.0, description="seconds between looks for new work")
    watch: bool = Field(default=True, description="let file events wake the look before its time")
    max_entry_bytes: int = Field(
        default=1_000_000, ge=1, description="the largest dropped file, in bytes"
    )
    max_folder_bytes: int = Field(
        default=200_000_000, ge=1, description="the largest dropped folder, in bytes"
    )
    min_free_bytes: int = Field(
        default=200_000_000,
        ge=0,
        description="free bytes below which nothing new begins; 0: no limit",
    )
    min_free_inodes: int = Field(
        default=10_000, ge=0, description="free inodes below which nothing new begins; 0: no limit"
    )
    reserve_bytes: int = Field(
        default=16_000_000,
        ge=0,
        description="bytes set aside for jobs that end while the disk is full",
    )
