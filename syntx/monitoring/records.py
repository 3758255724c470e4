"""What each log's records add to the totals (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syntx.monitoring.totals import UNKNOWN, Totals

Record = Mapping[str, Any]

_CHAT = "chat"
"""What the conventions call every operation that sends messages and gets one."""
_MOST = 1e15
"""No tokens, milliseconds, points or USD are more than this."""


def add(totals: Totals, log: str, record: Record, providers: Mapping[str, str]) -> None:
    """Add a record of the log of that name; `providers` names the kind of API by model."""
    COUNTED[log](totals, record, providers)


def _cost(totals: Totals, record: Record, providers: Mapping[str, str]) -> None:
    """An answered call."""
    model, simulated = record.get("model"), bool(record.get("simulated"))
    totals.count("syntx_calls_total", model, record.get("operation"), "answered")
    _took(totals, record, providers, "")
    for kind in ("input", "output"):
        tokens = _number(record.get(f"{kind}_tokens"))
        if tokens is not None:
            labels = (_CHAT, _provider(record, providers), model, kind)
            totals.observe("gen_ai_client_token_usage", *labels, value=tokens)
    cost = _number(record.get("total_cost"))
    if cost is not None:
        totals.count("syntx_cost_usd_total", model, simulated, by=cost)
        totals.spend(str(record.get("timestamp"))[:10], cost, simulated=simulated)


def _answer(totals: Totals, record: Record, providers: Mapping[str, str]) -> None:
    """An answer of a target model, or an attempt that brought none."""
    _call(totals, record, providers, "calibrate", record.get("retries"))
    reason = record.get("reason")
    outcome = "scored" if record.get("success") else "failed" if reason else record.get("error")
    totals.count("syntx_answers_total", outcome)
    score = _number(record.get("score"))
    if score is not None:
        totals.observe("syntx_answer_score", value=score)


def _draft(totals: Totals, record: Record, providers: Mapping[str, str]) -> None:
    """A call of the generator model."""
    _call(totals, record, providers, "draft", record.get("tries"))
    totals.count("syntx_drafts_total", record.get("outcome"))


def _call(
    totals: Totals, record: Record, providers: Mapping[str, str], operation: str, tries: object
) -> None:
    reason = record.get("reason")
    if reason:
        # An answered one is in the log of costs.
        totals.count("syntx_calls_total", record.get("model"), operation, reason)
        _took(totals, record, providers, reason)
    for each in tries if isinstance(tries, list) else ():
        why = each.get("reason") if isinstance(each, dict) else None
        totals.count("syntx_call_retries_total", operation, why)


def _took(totals: Totals, record: Record, providers: Mapping[str, str], error: object) -> None:
    milliseconds = _number(record.get("duration_ms"))
    if milliseconds is not None:
        labels = (_CHAT, _provider(record, providers), record.get("model"), error)
        name = "gen_ai_client_operation_duration_seconds"
        totals.observe(name, *labels, value=milliseconds / 1000)


def _provider(record: Record, providers: Mapping[str, str]) -> str:
    return providers.get(str(record.get("model")), UNKNOWN)


def _number(value: object) -> float | None:
    """Return a value that can be added up; other programs may write anything."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _MOST else None


COUNTED: dict[str, Callable[[Totals, Record, Mapping[str, str]], None]] = {
    "costs": _cost,
    "llama_responses": _answer,
    "gpt_prompts": _draft,
}
"""The logs that are counted, and how."""
