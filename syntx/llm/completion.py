"""Reading a chat completion, as OpenAI and those like it send it; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from syntx.llm.contract import FinishReason, Usage
from syntx.llm.refusals import is_refusal

_FINISH: Final[Mapping[str, FinishReason]] = {
    "stop": "stop",
    "end_turn": "stop",
    "eos": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """What the first choice says."""

    text: str
    refused: bool
    finish_reason: FinishReason
    usage: Usage
    id: str | None

    @property
    def empty(self) -> bool:
        """Whether there is no text, and neither the limit nor a filter explains why."""
        return not self.text.strip() and self.finish_reason not in ("length", "content_filter")


def read_completion(payload: object) -> Completion | None:
    """Return what a completion says, or None when the payload is no completion."""
    choices = _get(payload, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = _get(choice, "message")
    if not isinstance(message, dict):
        return None
    text, marked = _said(message)
    finish = _finish_reason(_get(choice, "finish_reason"))
    refused = marked or finish == "content_filter" or is_refusal(text)
    return Completion(text, refused, finish, _usage(payload), _text(_get(payload, "id")) or None)


def _get(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _said(message: object) -> tuple[str, bool]:
    """Return the text and whether the API itself marked it as a refusal."""
    refusal = _text(_get(message, "refusal"))
    if refusal:
        return refusal, True
    content = _get(message, "content")
    if isinstance(content, list):
        return "".join(_text(_get(part, "text")) for part in content), False
    return _text(content), False


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _finish_reason(value: object) -> FinishReason:
    return _FINISH.get(value, "unknown") if isinstance(value, str) else "unknown"


def _usage(payload: object) -> Usage:
    told = _get(payload, "usage")
    return Usage(_count(_get(told, "prompt_tokens")), _count(_get(told, "completion_tokens")))


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
