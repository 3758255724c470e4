"""How a simulator behaves: its seed, its pace and the faults it injects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from syntx.errors import ConfigError

Fault = Literal[
    "rate_limit",
    "error_500",
    "error_503",
    "error_504",
    "timeout",
    "hang",
    "reset",
    "slow_stream",
    "truncation",
    "refusal",
    "garbage",
    "html",
    "empty",
    "fenced_json",
    "broken_json",
    "continue_overlap",
    "continue_restart",
    "continue_prose",
]
FAULTS: tuple[str, ...] = get_args(Fault)
COMMON_FAULTS = ("rate_limit", "error_503", "timeout", "truncation")
NO_FAULT = "ok"


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """One simulator's behaviour; raises ConfigError on unknown faults or impossible shares.

    `latency` is the mean pause before an answer in seconds, `faults` the probability of each
    fault, `script` the faults (or "ok") of the first requests in order, `drift_after` the number
    of answers after which the landscape changes, `frames` the frame text the calibrator API puts
    around a raw prompt for each mode. `hang_seconds`, `timeout_seconds` (the wait before a 504)
    and `slow_seconds` (how long a slow stream takes) are the durations of those faults. Faults
    whose name begins with `continue_` touch only answers that go on where another was cut.
    """

    seed: int = 0
    latency: float = 0.02
    faults: Mapping[str, float] = field(default_factory=dict)
    script: tuple[str, ...] = ()
    drift_after: int | None = None
    profile: Literal["standard", "instant"] = "standard"
    frames: Mapping[str, str] = field(default_factory=dict)
    retry_after: float = 1.0
    hang_seconds: float = 3600.0
    timeout_seconds: float = 2.0
    slow_seconds: float = 5.0

    def __post_init__(self) -> None:
        for name in (*self.faults, *(step for step in self.script if step != NO_FAULT)):
            check_fault(name)
        if any(not 0 <= share <= 1 for share in self.faults.values()) or self.fault_share > 1:
            raise ConfigError(
                "fault probabilities must lie between 0 and 1 and add up to at most 1",
                fix="lower them, for example: --fault rate_limit=0.03 --fault error_503=0.02",
            )

    @property
    def fault_share(self) -> float:
        """The share of requests that meet any fault."""
        return sum(self.faults.values())


def check_fault(name: str) -> str:
    """Return the fault's name, or raise ConfigError listing those there are."""
    if name not in FAULTS:
        raise ConfigError(f"unknown fault {name!r}", fix=f"use one of: {', '.join(FAULTS)}")
    return name


def parse_faults(specs: Iterable[str] = (), share: float = 0.0) -> dict[str, float]:
    """Read `name=probability` items, and spread `share` evenly over the common faults."""
    faults = dict.fromkeys(COMMON_FAULTS, share / len(COMMON_FAULTS)) if share else {}
    for spec in specs:
        name, _, probability = spec.partition("=")
        try:
            faults[check_fault(name.strip())] = float(probability)
        except ValueError as error:
            raise ConfigError(
                f"{spec!r} is no fault with a probability", fix="write it as rate_limit=0.03"
            ) from error
    return faults
