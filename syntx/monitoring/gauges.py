"""The metrics that tell how a home is now (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from syntx import __version__
from syntx.demand import QueueState
from syntx.monitoring.metrics import Family, Row, family
from syntx.observing.health import Level
from syntx.observing.snapshot import Snapshot

_ROLES = ("consumer", "producer", "other")


@dataclass(frozen=True, slots=True)
class Looked:
    """How a look went: when it was made (Unix time), how long it took (seconds)."""

    at: float
    seconds: float
    config_ok: bool = True
    alert_command_ok: bool = True


def gauges(
    found: Snapshot, looked: Looked, generation: Mapping[str, Any] | None, today: tuple[float, ...]
) -> tuple[Family, ...]:
    """Return them; `generation` is the last line of evolution.jsonl, `today` USD real, simulated.

    What is not known has no sample.
    """
    simple: dict[str, float | None] = {
        "syntx_last_look_timestamp_seconds": looked.at,
        "syntx_look_duration_seconds": looked.seconds,
        "syntx_config_ok": looked.config_ok,
        "syntx_alert_command_ok": looked.alert_command_ok,
        "syntx_queue_demand_prompts": found.decision,
        "syntx_oldest_waiting_seconds": found.oldest_waiting_s or 0.0,
        "syntx_stuck_jobs": found.stuck,
        "syntx_disk_free_bytes": None if found.disk is None else found.disk.free_bytes,
        "syntx_disk_free_inodes": None if found.disk is None else found.disk.free_inodes,
    }
    rows: dict[str, list[Row]] = {
        "syntx_build_info": [((__version__,), 1)],
        **{name: [((), value)] for name, value in simple.items() if value is not None},
        "syntx_health": [((level,), level == found.health) for level in Level],
        "syntx_finding": [
            ((each, level), 1)
            for each, level in sorted({(each.cause, each.level) for each in found.findings})
        ],
        "syntx_queue_jobs": [((state,), number) for state, number in asdict(found.counts).items()],
        "syntx_queue_state": [((state,), state == found.state) for state in QueueState],
        "syntx_workers": [((role,), _at_work(found, role)) for role in _ROLES],
        "syntx_cost_today_usd": [(("false",), today[0]), (("true",), today[1])],
        **dict(_learned(generation or {})),
    }
    return tuple(family(name, each) for name, each in rows.items() if each)


def _at_work(found: Snapshot, role: str) -> int:
    return sum(worker.alive and (worker.role or "other") == role for worker in found.workers)


def _learned(line: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Yield what a generation's line tells; other programs may have written it."""
    yield "syntx_generation", _given({"": line.get("generation")}, labelled=False)
    lift = _mapping(line.get("lift"))
    bounds = {"estimate": "difference", "low": "low", "high": "high"}
    yield "syntx_lift_points", _given({bound: lift.get(key) for bound, key in bounds.items()})
    arms = _mapping(line.get("arms"))
    means = {arm: _mapping(arms.get(arm)).get("mean") for arm in ("control", "steered")}
    yield "syntx_arm_score_mean", _given(means)


def _given(values: Mapping[str, Any], *, labelled: bool = True) -> list[Row]:
    return [
        ((label,) if labelled else (), value)
        for label, value in values.items()
        if isinstance(value, int | float)
    ]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
