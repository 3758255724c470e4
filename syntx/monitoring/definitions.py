"""Every metric: its name, its kind, what it says, and its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "counter", "histogram"]

TOKEN_BUCKETS = tuple(4.0**power for power in range(14))
"""The bounds the GenAI conventions of OpenTelemetry name for tokens."""
SECOND_BUCKETS = tuple(0.01 * 2**power for power in range(14))
"""The bounds they name for durations."""
SCORE_BUCKETS = tuple(float(bound) for bound in range(10, 101, 10))

_GEN_AI = ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric is; `buckets` are the upper bounds of a histogram, +Inf left out."""

    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _gauge(text: str, *labels: str) -> Definition:
    return Definition("gauge", text, labels)


def _counter(text: str, *labels: str) -> Definition:
    return Definition("counter", text, labels)


DEFINITIONS: dict[str, Definition] = {
    "syntx_build_info": _gauge("Always 1; the version that looked.", "version"),
    "syntx_last_look_timestamp_seconds": _gauge("When these figures were taken (Unix time)."),
    "syntx_look_duration_seconds": _gauge("How long that took."),
    "syntx_config_ok": _gauge("1 if the files in config/ are right as they are now, else 0."),
    "syntx_alert_command_ok": _gauge("0 if the last call of the alert command failed, else 1."),
    "syntx_health": _gauge("1 for the level of health the home has, else 0.", "level"),
    "syntx_finding": _gauge("1 for each thing that is not well.", "cause", "level"),
    "syntx_queue_jobs": _gauge("Jobs by where they stand.", "state"),
    "syntx_queue_state": _gauge("1 for how full the queue is, else 0.", "state"),
    "syntx_queue_demand_prompts": _gauge("Prompts the producer would write now."),
    "syntx_oldest_waiting_seconds": _gauge("Age of the oldest waiting job; 0 if none waits."),
    "syntx_workers": _gauge("Processes at work on the queue.", "role"),
    "syntx_stuck_jobs": _gauge("Jobs held by a dead worker, or for too long by a living one."),
    "syntx_disk_free_bytes": _gauge("Free bytes where the queue lies."),
    "syntx_disk_free_inodes": _gauge("Free inodes where the queue lies."),
    "syntx_generation": _gauge("The number of the last generation."),
    "syntx_lift_points": _gauge(
        "Score points of steered prompts over control, with its 90 % interval.", "bound"
    ),
    "syntx_arm_score_mean": _gauge("Mean score of an arm, 0 to 100.", "arm"),
    "syntx_cost_today_usd": _gauge("Cost of the calls of this day (UTC).", "simulated"),
    "syntx_calls_total": _counter(
        "Calls to models; the outcome is answered, or why the call failed.",
        "model",
        "operation",
        "outcome",
    ),
    "syntx_call_retries_total": _counter(
        "Tries of calls that failed and were repeated.", "operation", "reason"
    ),
    "syntx_cost_usd_total": _counter(
        "Cost of answered calls whose price is known.", "model", "simulated"
    ),
    "syntx_answers_total": _counter(
        "Answers of target models: scored, or why they are none.", "outcome"
    ),
    "syntx_drafts_total": _counter(
        "Drafts of the generator model: drafted, or why they are none.", "outcome"
    ),
    "syntx_answer_score": Definition(
        "histogram", "Scores of answers, 0 to 100.", buckets=SCORE_BUCKETS
    ),
    "gen_ai_client_token_usage": Definition(
        "histogram",
        "Number of input and output tokens used.",
        (*_GEN_AI, "gen_ai_token_type"),
        TOKEN_BUCKETS,
    ),
    "gen_ai_client_operation_duration_seconds": Definition(
        "histogram", "GenAI operation duration.", (*_GEN_AI, "error_type"), SECOND_BUCKETS
    ),
}
