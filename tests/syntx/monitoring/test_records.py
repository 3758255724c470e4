from __future__ import annotations

import json

import pytest

from syntx.monitoring.metrics import families_of
from syntx.monitoring.records import add
from syntx.monitoring.totals import MOST_VALUES, Totals, from_json, to_json

PROVIDERS = {"gpt-x": "openai"}
CALL = {"model": "gpt-x", "operation": "draft", "timestamp": "2026-11-21T08:00:00Z"}


def _samples(totals: Totals) -> dict[str, float]:
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families_of(totals)
        for sample in family.samples
    }


def test_an_answered_call_counts_with_its_tokens_and_cost() -> None:
    """A line of the log of costs gives the call, both token counts and the money."""
    totals = Totals()
    for cost in (0.25, None):
        tokens = {"input_tokens": 20, "output_tokens": 300, "duration_ms": 500}
        record = {**CALL, **tokens, "total_cost": cost}
        add(totals, "costs", record, PROVIDERS)

    found = _samples(totals)
    assert found["syntx_calls_total gpt-x draft answered"] == 2
    assert found["syntx_cost_usd_total gpt-x false"] == 0.25
    assert found["gen_ai_client_operation_duration_seconds_sum chat openai gpt-x "] == 1.0
    assert found["gen_ai_client_token_usage_sum chat openai gpt-x input"] == 40
    assert found["gen_ai_client_token_usage_bucket chat openai gpt-x output 256.0"] == 0
    assert found["gen_ai_client_token_usage_bucket chat openai gpt-x output 1024.0"] == 2
    assert totals.days == {"2026-11-21": [0.25, 0.0]}


def test_a_failed_call_counts_by_its_reason() -> None:
    """It has a duration with the error's type, and its earlier tries count too."""
    totals = Totals()
    record = {"model": None, "success": False, "reason": "timeout", "duration_ms": 1500}
    add(totals, "llama_responses", {**record, "retries": [{"reason": "unavailable"}]}, PROVIDERS)

    found = _samples(totals)
    assert found["syntx_calls_total unknown calibrate timeout"] == 1
    assert found["syntx_answers_total failed"] == 1
    assert found["syntx_call_retries_total calibrate unavailable"] == 1
    name = "gen_ai_client_operation_duration_seconds"
    assert found[f"{name}_sum chat unknown unknown timeout"] == 1.5


def test_an_answer_that_is_none_is_no_failed_call() -> None:
    """A refusal was answered: it counts among the answers, under its own name."""
    totals = Totals()
    record = {**CALL, "success": False, "error": "refused", "duration_ms": 40}
    add(totals, "llama_responses", record, PROVIDERS)
    add(totals, "llama_responses", {**record, "success": True, "score": 90}, PROVIDERS)
    add(totals, "gpt_prompts", {**record, "outcome": "too_short"}, PROVIDERS)

    found = _samples(totals)
    assert found["syntx_answers_total refused"] == found["syntx_answers_total scored"] == 1
    assert found["syntx_drafts_total too_short"] == 1
    assert found["syntx_answer_score_bucket 80.0"] == 0
    assert found["syntx_answer_score_bucket 90.0"] == 1
    assert not [name for name in found if name.startswith("syntx_calls_total")]


def test_labels_stay_few_and_harmless() -> None:
    """A thousand names of models are 50 and `other`; nothing a terminal obeys gets through."""
    totals = Totals()
    for number in range(1000):
        add(totals, "costs", {**CALL, "model": f"\x1b[2J{number}" + "x" * 500}, {})
    totals = from_json(json.loads(json.dumps(to_json(totals))))
    add(totals, "costs", {**CALL, "model": "one more"}, {})

    models = {key[1] for key in totals.counters if key[0] == "syntx_calls_total"}
    assert len(models) == MOST_VALUES + 1
    assert sum(totals.counters.values()) == 1001
    assert all(model.isprintable() and len(model) <= 80 for model in models)


def test_only_the_newest_days_are_kept() -> None:
    """A year of costs makes the file of totals no longer; today is among what is kept."""
    totals = Totals()
    days = [f"{2000 + number}-01-01" for number in range(365)]
    for day in days:
        add(totals, "costs", {**CALL, "total_cost": 0.5, "timestamp": f"{day}T12:00:00Z"}, {})

    assert 1 < len(totals.days) < 40
    assert list(totals.days) == days[-len(totals.days) :]


@pytest.mark.parametrize("odd", [None, True, "3", [1], {"a": 1}, -1, 10**400, 1e300])
def test_other_programs_may_write_anything(odd: object) -> None:
    """A field of another type is passed over; the line still counts."""
    totals = Totals()
    fields = ("input_tokens", "total_cost", "score", "duration_ms", "retries", "tries")
    record = {**CALL, **dict.fromkeys(fields, odd), "timestamp": odd}
    for log in ("costs", "llama_responses", "gpt_prompts"):
        add(totals, log, record, PROVIDERS)

    assert _samples(totals)["syntx_calls_total gpt-x draft answered"] == 1
    assert "syntx_cost_usd_total gpt-x false" not in _samples(totals)
