"""Any API that speaks OpenAI's chat completions, through the `openai` SDK."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import openai

from syntx.errors import (
    BadAnswer,
    BadRequest,
    DeadlineExceeded,
    ModelUnavailable,
    SyntxError,
)
from syntx.llm.catalogue import ModelEntry
from syntx.llm.completion import read_completion
from syntx.llm.contact import Contact
from syntx.llm.contract import Answer, CallLimits, Request
from syntx.llm.hiding import without_key
from syntx.llm.translating import error_for, said_in, scrubbed

_OWN_HOST = "api.openai.com"
_LONGEST_PAGE = 2_000
"""Bytes that are looked at of an answer that is no JSON."""


class OpenAIChat:
    """A client for one endpoint; one call is one HTTP request, the SDK's retries are off."""

    def __init__(self, contact: Contact) -> None:
        self._contact = contact
        self._name = contact.endpoint.name
        self._simulator = contact.endpoint.kind == "simulator"
        self._sdk = _open_sdk(contact)
        self._headers = _left_out(contact)
        self._create = self._sdk.chat.completions.with_raw_response.create

    async def call(self, request: Request, model: str, limits: CallLimits) -> Answer:
        """Ask once; raises Temporary or Permanent."""
        entry = self._contact.endpoint.entry(model)
        started = time.perf_counter()
        headers, payload = await self._post(_body(request, entry, limits))
        duration = time.perf_counter() - started
        completion = read_completion(payload)
        if completion is None:
            raise self._no_answer(payload, headers)
        if completion.empty:
            raise BadAnswer(f"{self._name} answered with no text")
        hidden = self._hidden
        return Answer(
            text=hidden(completion.text),
            model=model,
            endpoint=self._name,
            finish_reason=completion.finish_reason,
            refused=completion.refused,
            usage=completion.usage,
            duration=duration,
            limits=limits,
            session_id=hidden(completion.id or "") or request.trace_id,
            request_id=hidden(headers.get("x-request-id", "")) or None,
            simulated=self._is_simulated(payload, headers),
        )

    async def close(self) -> None:
        """Close connections."""
        await self._sdk.close()

    async def _post(self, body: dict[str, Any]) -> tuple[Mapping[str, str], dict[str, Any]]:
        # `from None`: the SDK's errors may repeat the key, and tracebacks are logged.
        try:
            raw = await self._create(**body, extra_headers=self._headers)
        except openai.APIStatusError as error:
            raise self._refused(error.status_code, error.body, error.response.headers) from None
        except openai.APITimeoutError:
            raise DeadlineExceeded(f"{self._name} did not answer in time") from None
        except openai.APIConnectionError as error:
            raise self._unreachable(error) from None
        except UnicodeEncodeError as error:
            raise BadRequest(f"the prompt is not Unicode text: {error.reason}") from None
        return raw.headers, self._decoded(raw.content)

    def _decoded(self, raw: bytes) -> dict[str, Any]:
        try:
            payload = json.loads(raw)
        except (ValueError, RecursionError) as error:
            said = self._scrub(raw[:_LONGEST_PAGE].decode("utf-8", "replace"))
            raise BadAnswer(
                f"{self._name} answered with something that is not JSON: {said}",
                fix="check that base_url is the API's, not a web page's",
            ) from error
        if not isinstance(payload, dict):
            raise BadAnswer(f"{self._name} answered with JSON that is no completion")
        return payload

    def _refused(self, status: int, body: object, headers: Mapping[str, str]) -> SyntxError:
        text, code = said_in(body)
        return error_for(status, self._scrub(text), headers, self._name, code)

    def _unreachable(self, error: openai.APIConnectionError) -> ModelUnavailable:
        cause = type(error.__cause__).__name__ if error.__cause__ else type(error).__name__
        return ModelUnavailable(
            f"{self._name} cannot be reached at {self._contact.base_url} ({cause})",
            fix="start it, or correct base_url in config/models",
        )

    def _no_answer(self, payload: dict[str, Any], headers: Mapping[str, str]) -> SyntxError:
        """Some gateways wrap an error into a 200; its code tells which one it is."""
        inner = payload.get("error")
        code = inner.get("code") if isinstance(inner, dict) else None
        if isinstance(code, int) and 400 <= code < 600:
            return self._refused(code, payload, headers)
        text, _ = said_in(payload)
        return BadAnswer(f"{self._name} answered with no completion: {self._scrub(text)}")

    def _scrub(self, text: str) -> str:
        return scrubbed(text, self._contact.key_text)

    def _hidden(self, text: str) -> str:
        return without_key(text, self._contact.key_text)

    def _is_simulated(self, payload: dict[str, Any], headers: Mapping[str, str]) -> bool:
        return (
            self._simulator
            or payload.get("simulated") is True
            or headers.get("x-simulated") == "true"
        )


def _open_sdk(contact: Contact) -> openai.AsyncOpenAI:
    timeout = openai.Timeout(
        connect=contact.connect_timeout,
        read=contact.read_timeout,
        write=contact.read_timeout,
        pool=contact.read_timeout,
    )
    return openai.AsyncOpenAI(
        api_key=contact.key_text or "none",
        base_url=contact.base_url,
        timeout=timeout,
        max_retries=0,
        # Not to where a redirect leads: key and prompt go where the endpoint's file says.
        http_client=openai.DefaultAsyncHttpxClient(
            timeout=timeout, trust_env=not contact.local, follow_redirects=False
        ),
    )


def _left_out(contact: Contact) -> dict[str, openai.Omit]:
    """Name the headers the SDK would add by itself: a made-up key, OpenAI's ids for others."""
    names = ["Authorization"] if contact.key is None else []
    if _OWN_HOST not in contact.base_url:
        names += ["OpenAI-Organization", "OpenAI-Project"]
    return dict.fromkeys(names, openai.omit)


def _body(request: Request, entry: ModelEntry, limits: CallLimits) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": entry.id or entry.name,
        "messages": [{"role": one.role, "content": one.content} for one in request.messages],
    }
    if limits.max_tokens is not None:
        body[entry.max_tokens_key] = limits.max_tokens
    if limits.temperature is not None:
        body["temperature"] = limits.temperature
    if limits.top_p is not None:
        body["top_p"] = limits.top_p
    return body
