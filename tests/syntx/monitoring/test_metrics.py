from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from prometheus_client.parser import text_string_to_metric_families

from syntx.home import Home
from syntx.journal.logs import Logs
from syntx.monitoring.definitions import DEFINITIONS

Call = Callable[..., Result]
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "metrics.md"


@pytest.fixture
def lived(home: Home) -> Home:
    """Give a home that has a line in every log, so that it has every metric."""
    logs = Logs(home.root / "logs", "consumer")
    call = {
        "operation": "draft",
        "model": 'a "b"\\\n',
        "input_tokens": 3,
        "total_cost": 0.5,
        "duration_ms": 9,
    }
    logs.write("costs", call, {**call, "simulated": True})
    answer = {"success": True, "model": "m", "duration_ms": 20, "score": 91}
    logs.write("llama_responses", {**answer, "retries": [{"reason": "timeout"}]})
    logs.write("gpt_prompts", {"success": True, "outcome": "drafted", "model": "m"})
    arms = {"control": {"mean": 61.5}, "steered": {"mean": None}}
    lift = {"difference": 2.5, "low": -1.0, "high": 6.0}
    logs.write("evolution", {"generation": 7, "arms": arms, "lift": lift})
    (home.config / "queue.yaml").write_text("min_free_bytes: 1000000000000000\n")
    return home


def _values(text: str) -> dict[str, float]:
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_metrics_tell_how_the_home_is(lived: Home, call: Call) -> None:
    """Queue, health, generation, lift, arms and costs stand there as they are."""
    (lived.root / "queue" / "incoming" / "moons.txt").write_text("Was, wenn es zwei Monde gäbe?")

    found = _values(call("metrics").stdout)

    assert found["syntx_queue_jobs incoming"] == 1
    assert found["syntx_queue_state LOW"] == 1
    assert found["syntx_queue_state STARVING"] == 0
    assert found["syntx_health CRITICAL"] == found["syntx_finding disk_full CRITICAL"] == 1
    assert found["syntx_generation"] == 7
    assert found["syntx_lift_points estimate"] == 2.5
    assert found["syntx_arm_score_mean control"] == 61.5
    assert "syntx_arm_score_mean steered" not in found
    assert found["syntx_cost_today_usd false"] == found["syntx_cost_today_usd true"] == 0.5
    assert found["syntx_disk_free_bytes"] > 0
    assert abs(found["syntx_last_look_timestamp_seconds"] - datetime.now(UTC).timestamp()) < 600


def test_every_metric_has_a_help_a_type_and_a_fitting_name(lived: Home, call: Call) -> None:
    """What is known of a metric stands in the text, and names follow the conventions."""
    text = call("metrics").stdout
    typed = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))

    assert typed == {name: meant.kind for name, meant in DEFINITIONS.items()}
    assert set(re.findall(r"^# HELP (\S+) \S.*\.$", text, re.MULTILINE)) == set(DEFINITIONS)
    for name, meant in DEFINITIONS.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert name.endswith("_total") == (meant.kind == "counter")
        assert not name.endswith(("_count", "_sum", "_bucket"))


def test_promtool_has_nothing_to_say(lived: Home, call: Call) -> None:
    """Where Prometheus is installed, its own check is content."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    text = call("metrics").stdout
    done = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_histogram_rises_to_its_count(lived: Home, call: Call) -> None:
    """Buckets are cumulative, and the last of them is the count."""
    found = _values(call("metrics").stdout)
    buckets = [value for name, value in found.items() if name.startswith("syntx_answer_score_b")]

    assert buckets == sorted(buckets)
    assert buckets[-1] == found["syntx_answer_score_count"] == 1


def test_the_figures_as_json_are_those_of_the_text(lived: Home, call: Call) -> None:
    """Both ways show the same families and samples."""
    told = json.loads(call("metrics", "--json").stdout)
    text = _values(call("metrics").stdout)

    assert told["home"] == str(lived.root)
    assert {family["name"] for family in told["families"]} == set(DEFINITIONS)
    names = {
        " ".join([sample["name"], *dict(sorted(sample["labels"].items())).values()])
        for family in told["families"]
        for sample in family["samples"]
    }
    assert len(names) == len(text)


def test_metrics_of_a_home_that_never_ran(home: Home, call: Call) -> None:
    """An empty home has its gauges and no counters."""
    done = call("metrics")

    assert done.exit_code == 0
    assert _values(done.stdout)["syntx_health OK"] == 1
    assert "_total" not in done.stdout


def test_the_reference_names_every_metric_and_no_other() -> None:
    """Each with its kind and all its labels."""
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", REFERENCE.read_text(), re.MULTILINE)

    assert [row[0] for row in rows] == list(DEFINITIONS)
    for name, kind, labels in rows:
        assert kind == DEFINITIONS[name].kind
        assert tuple(re.findall(r"`(\w+)`", labels)) == DEFINITIONS[name].labels
