"""Options of the simulator: which faults, and how often."""

from __future__ import annotations

import pytest

from syntx.errors import ConfigError
from syntx.simulator.options import SimulatorOptions, parse_faults


def test_named_faults_keep_their_probability() -> None:
    """`name=probability` is read as it stands."""
    assert parse_faults(["rate_limit=0.03", "reset=0.5"]) == {"rate_limit": 0.03, "reset": 0.5}


def test_a_share_is_spread_evenly() -> None:
    """A bare share is spread over 429, 503, timeouts and truncation, and a name overrides."""
    faults = parse_faults(["truncation=0.2"], share=0.1)

    assert faults == {
        "rate_limit": 0.025,
        "error_503": 0.025,
        "timeout": 0.025,
        "truncation": 0.2,
    }


@pytest.mark.parametrize("spec", ["no_such_fault=0.1", "reset", "reset=much"])
def test_an_unreadable_fault_is_refused_with_a_remedy(spec: str) -> None:
    """A misspelt fault or probability is a ConfigError that says how to write it."""
    with pytest.raises(ConfigError) as caught:
        parse_faults([spec])

    assert caught.value.fix


@pytest.mark.parametrize("faults", [{"reset": 1.2}, {"reset": -0.1}, {"reset": 0.6, "hang": 0.6}])
def test_impossible_probabilities_are_refused(faults: dict[str, float]) -> None:
    """Probabilities below 0 or above 1 together are a ConfigError."""
    with pytest.raises(ConfigError):
        SimulatorOptions(faults=faults)


def test_a_script_may_only_name_faults() -> None:
    """A script step that is neither a fault nor "ok" is a ConfigError."""
    with pytest.raises(ConfigError, match="explode"):
        SimulatorOptions(script=("ok", "explode"))
