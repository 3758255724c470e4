"""What the monitor looks for, where its figures go, and whom it tells."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from syntx.settings.section import Seconds, Section, Share


class Monitoring(Section):
    """When health is bad, where metrics lie, and the command that is told of it."""

    every: Seconds = Field(default=15.0, description="seconds between looks of the monitor")
    metrics_file: Path | None = Field(
        default=Path("logs/metrics.prom"),
        description="the Prometheus text file, in the home; none: no file",
    )
    alert_command: tuple[str, ...] = Field(
        default=(),
        description="program and arguments, run without a shell when health gets bad or well "
        "again; empty: none",
    )
    alert_timeout: Seconds = Field(
        default=30.0, description="seconds that command may take before it is killed"
    )
    error_share: Share = Field(
        default=0.5, description="share of failed calls from which health is a warning"
    )
    error_calls: int = Field(
        default=10, ge=1, description="the fewest calls within an hour that are judged so"
    )
    key_refusals: int = Field(
        default=3, ge=1, description="refusals of a key in a row that make health critical"
    )
    stuck_seconds: Seconds = Field(
        default=7200.0,
        description="seconds after which a job that is held, or waits without a consumer, is stuck",
    )
