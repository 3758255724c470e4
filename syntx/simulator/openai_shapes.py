"""The JSON an OpenAI-compatible endpoint answers with; all of it says that it is simulated."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any

from syntx.simulator.questions import Question
from syntx.simulator.replies import Reply, count_tokens

MODELS = ("simulator-writer", "simulator-target")
_PIECE = re.compile(r"(?:\S+\s*){1,6}|\s+")


def models() -> dict[str, Any]:
    """Return the list of models."""
    listed = [
        {"id": name, "object": "model", "created": 0, "owned_by": "simulator"} for name in MODELS
    ]
    return {"object": "list", "data": listed, "simulated": True}


def error(status: int, message: str) -> dict[str, Any]:
    """Return the body of an error."""
    kind = {400: "invalid_request_error", 429: "rate_limit_exceeded"}.get(status, "server_error")
    detail = {"message": message, "type": kind, "param": None, "code": kind}
    return {"error": detail, "simulated": True}


def completion(question: Question, reply: Reply) -> dict[str, Any]:
    """Return a whole completion."""
    message = {"role": "assistant", "content": reply.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    return {
        **_envelope(question, "chat.completion"),
        "choices": [{**choice, "logprobs": None}],
        "usage": _usage(question, reply),
    }


def chunks(question: Question, reply: Reply) -> Iterator[bytes]:
    """Yield a completion as the events of a stream."""
    envelope = _envelope(question, "chat.completion.chunk")
    yield _event(envelope, {"role": "assistant", "content": ""}, None)
    for piece in _PIECE.findall(reply.text):
        yield _event(envelope, {"content": piece}, None)
    yield _event(envelope, {}, reply.finish_reason)
    if question.include_usage:
        usage = {**envelope, "choices": [], "usage": _usage(question, reply)}
        yield _line(json.dumps(usage, ensure_ascii=False))
    yield _line("[DONE]")


def _envelope(question: Question, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": question.model,
        "system_fingerprint": "simulator",
        "simulated": True,
    }


def _usage(question: Question, reply: Reply) -> dict[str, int]:
    asked = count_tokens(question.whole)
    return {
        "prompt_tokens": asked,
        "completion_tokens": reply.tokens,
        "total_tokens": asked + reply.tokens,
    }


def _event(envelope: dict[str, Any], delta: dict[str, Any], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _line(json.dumps({**envelope, "choices": [choice]}, ensure_ascii=False))


def _line(data: str) -> bytes:
    return f"data: {data}\n\n".encode()
