"""What was asked, read from the body of either API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class MalformedQuestion(ValueError):
    """The body is no question this API understands."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a model: the system text, the user's text, and the limits it came with."""

    text: str
    system: str = ""
    model: str = "simulator-target"
    max_tokens: int | None = None
    stream: bool = False
    include_usage: bool = False
    turns: tuple[tuple[str, str], ...] = ()
    """Who said what, user and assistant in turn; empty where only the user spoke."""

    @property
    def conversation(self) -> tuple[tuple[str, str], ...]:
        """What user and assistant said, in turn."""
        return self.turns or (("user", self.text),)

    @property
    def whole(self) -> str:
        """The system text and the user's text together."""
        return f"{self.system}\n\n{self.text}" if self.system else self.text


def read_chat(body: Any) -> Question:
    """Read a chat completion request; raises MalformedQuestion."""
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise MalformedQuestion("'messages' must be a list of messages")
    said = [_message(message) for message in body["messages"]]
    if not said:
        raise MalformedQuestion("'messages' must not be empty")
    options = body.get("stream_options") or {}
    turns = tuple((role, text) for role, text in said if role in ("user", "assistant"))
    return Question(
        text="\n\n".join(text for role, text in said if role == "user"),
        system="\n\n".join(text for role, text in said if role in ("system", "developer")),
        model=str(body.get("model") or "simulator-target"),
        max_tokens=_limit(body, "max_completion_tokens") or _limit(body, "max_tokens"),
        stream=bool(body.get("stream")),
        include_usage=isinstance(options, dict) and bool(options.get("include_usage")),
        turns=turns if len(turns) > 1 else (),
    )


def read_calibration(body: Any, frames: Mapping[str, str]) -> Question:
    """Read a calibrator request, framed if `include_init` asks for it; raises MalformedQuestion."""
    if not isinstance(body, dict) or not isinstance(body.get("prompt"), str):
        raise MalformedQuestion("'prompt' must be a text")
    prompt, mode = _encodable(body["prompt"]), str(body.get("mode") or "")
    if body.get("include_init", True) and mode in frames:
        frame = frames[mode]
        prompt = (
            frame.replace("{{prompt}}", prompt, 1)
            if "{{prompt}}" in frame
            else f"{frame.rstrip()}\n\n{prompt}"
        )
    return Question(text=prompt, max_tokens=_limit(body, "max_new_tokens"))


def _message(message: Any) -> tuple[str, str]:
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise MalformedQuestion("every message needs a 'role'")
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "\n".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        raise MalformedQuestion("every message needs a 'content'")
    return message["role"], _encodable(content)


def _encodable(text: str) -> str:
    # JSON may escape lone surrogates, which no answer could be written with.
    return text.encode("utf-8", "replace").decode("utf-8")


def _limit(body: dict[str, Any], name: str) -> int | None:
    limit = body.get(name)
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise MalformedQuestion(f"'{name}' must be a whole number above 0")
    return limit
