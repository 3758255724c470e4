"""The shape of system.yaml; every default is written here and only here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from syntx.settings.documents import Documents
from syntx.settings.monitoring import Monitoring
from syntx.settings.section import Seconds, Section


class SystemPaths(Section):
    """Where wrappers and queue lie; relative to the home."""

    wrappers: Path = Field(
        default=Path("wrappers"), description="the wrappers' folder, in the home"
    )
    queue: Path | None = Field(
        default=None, description="the queue's folder, where queue.yaml names none; none: `queue`"
    )


class SystemLogging(Section):
    """Where the logs lie (relative to the home), and how much the services tell."""

    base_dir: Path = Field(
        default=Path("logs"), description="the folder of the JSONL logs, in the home"
    )
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least grave events the services tell"
    )
    rotate: Literal["daily", "never"] = Field(
        default="daily", description="`daily`: a file for each day (UTC); `never`: one file for all"
    )
    compress: bool = Field(
        default=True, description="pack the days of a month that is over into one .gz"
    )
    keep_months: int | None = Field(
        default=None, ge=1, description="months a packed log is kept; none: for good"
    )


class Consumer(Section):
    """The consumer: which model answers, how many at once, and what a good answer is."""

    model: str = Field(default="simulator-target", description="the target model")
    models_by_wrapper: dict[str, str] = Field(
        default={}, description="by wrapper: another target model"
    )
    wrapper: str = Field(default="human", description="the wrapper of jobs that name none")
    in_flight: int = Field(default=8, ge=1, le=1024, description="jobs worked on at once")
    samples: int = Field(
        default=1, ge=1, le=32, description="answers asked for each prompt; a job may ask for more"
    )
    accept_score: int | None = Field(
        default=90,
        ge=0,
        le=100,
        description="below it a job ends as `low_score`; none: every answer passes",
    )
    max_new_tokens: int = Field(default=1024, ge=1, description="the longest answer, in tokens")
    temperature: float = Field(
        default=0.3, ge=0, le=2, description="the target's sampling temperature"
    )
    top_p: float = Field(default=0.85, gt=0, le=1, description="the target's nucleus sampling")
    deadline: Seconds = Field(
        default=3600.0, description="seconds for one job's answers, all tries together"
    )
    drain_seconds: float = Field(
        default=30.0, ge=0, description="seconds that jobs in flight get at a stop"
    )
    stop_after_errors: int = Field(
        default=3,
        ge=1,
        description="jobs in a row that a key or setting may stop before the service ends",
    )


class Gateway(Section):
    """How calls to models are retried and bounded (seconds)."""

    connect_timeout: Seconds = Field(default=30.0, description="seconds to connect")
    read_timeout: Seconds = Field(default=1800.0, description="seconds to wait for the next piece")
    max_tries: int = Field(default=4, ge=1, le=20, description="tries of a call")
    backoff: Seconds = Field(
        default=1.0, description="seconds before the second try; doubled for each further one"
    )
    max_backoff: Seconds = Field(default=60.0, description="the longest such pause, in seconds")
    cool_down: float = Field(
        default=30.0, ge=0, description="seconds an endpoint that keeps failing is left alone"
    )
    cool_down_after: int = Field(default=5, ge=1, description="failures in a row that mean so")


class System(Section):
    """system.yaml: paths, logs, the consumer, document jobs, calls to models and the monitor."""

    paths: SystemPaths = SystemPaths()
    logging: SystemLogging = SystemLogging()
    consumer: Consumer = Consumer()
    documents: Documents = Documents()
    gateway: Gateway = Gateway()
    monitoring: Monitoring = Monitoring()
