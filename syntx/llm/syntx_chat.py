"""The calibrator API (`POST /api/chat`), through plain httpx."""

from __future__ import annotations

import time
from typing import Any, NoReturn

import httpx

from syntx.errors import BadAnswer, BadRequest, DeadlineExceeded, ModelUnavailable
from syntx.llm.catalogue import Endpoint
from syntx.llm.contact import Contact
from syntx.llm.contract import Answer, CallLimits, Request
from syntx.llm.hiding import without_key
from syntx.llm.refusals import is_refusal
from syntx.llm.translating import error_for, said_in, scrubbed


class SyntxChat:
    """A client for one calibrator; the prompt is wrapped here or there, never twice."""

    def __init__(self, contact: Contact) -> None:
        self._contact = contact
        self._name = contact.endpoint.name
        self._url = contact.base_url + contact.endpoint.path
        self._http = _open_http(contact)

    async def call(self, request: Request, model: str, limits: CallLimits) -> Answer:
        """Ask once; raises Temporary or Permanent."""
        started = time.perf_counter()
        response = await self._post(_body(request, self._contact.endpoint, limits))
        duration = time.perf_counter() - started
        payload = self._payload(response)
        metadata = payload.get("metadata")
        told = metadata if isinstance(metadata, dict) else {}
        request_id = self._hidden(
            _text(told.get("request_id")) or response.headers.get("x-request-id")
        )
        return Answer(
            text=without_key(payload["response"], self._contact.key_text),
            model=model,
            endpoint=self._name,
            finish_reason="unknown",
            refused=is_refusal(payload["response"]),
            duration=duration,
            limits=limits,
            session_id=self._hidden(_text(told.get("session_id")))
            or request_id
            or request.trace_id,
            request_id=request_id,
            wrapper_chain=self._names(told.get("wrapper_chain")),
            latency_ms=_number(told.get("latency_ms")),
            simulated=_is_simulated(payload, response),
        )

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def _post(self, body: dict[str, Any]) -> httpx.Response:
        try:
            response = await self._http.post(self._url, json=body)
        except httpx.TimeoutException as error:
            raise DeadlineExceeded(f"{self._name} did not answer in time") from error
        except httpx.RequestError as error:
            raise ModelUnavailable(
                f"{self._name} cannot be reached at {self._url} ({type(error).__name__})",
                fix="start it, or correct base_url in config/models",
            ) from error
        except UnicodeEncodeError as error:
            raise BadRequest(f"the prompt is not Unicode text: {error.reason}") from error
        if response.status_code >= 300:
            self._raise_for(response)
        return response

    def _raise_for(self, response: httpx.Response) -> NoReturn:
        try:
            body = response.json()
        except ValueError:
            body = response.text
        text, code = said_in(body)
        clean = scrubbed(text, self._contact.key_text)
        raise error_for(response.status_code, clean, response.headers, self._name, code)

    def _payload(self, response: httpx.Response) -> dict[str, Any]:
        try:
            payload = response.json()
        except (ValueError, RecursionError) as error:
            raise BadAnswer(f"{self._name} answered with something that is not JSON") from error
        if not isinstance(payload, dict) or not isinstance(payload.get("response"), str):
            raise BadAnswer(f"{self._name} answered without the text `response`")
        if not payload["response"].strip():
            raise BadAnswer(f"{self._name} answered with no text")
        return payload

    def _hidden(self, text: str | None) -> str | None:
        return None if text is None else without_key(text, self._contact.key_text)

    def _names(self, value: object) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            return None
        return tuple(without_key(str(name), self._contact.key_text) for name in value)


def _open_http(contact: Contact) -> httpx.AsyncClient:
    timeout = httpx.Timeout(contact.read_timeout, connect=contact.connect_timeout)
    key = contact.key_text
    return httpx.AsyncClient(
        timeout=timeout,
        headers={} if key is None else {"Authorization": f"Bearer {key}"},
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
        trust_env=not contact.local,
    )


def _body(request: Request, endpoint: Endpoint, limits: CallLimits) -> dict[str, Any]:
    body = _wrapped_there(request) if endpoint.wrap == "there" else None
    body = body or _wrapped_here(request, endpoint.neutral_mode)
    sampling = {
        "max_new_tokens": limits.max_tokens,
        "temperature": limits.temperature,
        "top_p": limits.top_p,
    }
    body |= {name: value for name, value in sampling.items() if value is not None}
    body["do_sample"] = limits.temperature is None or limits.temperature > 0
    return body


def _wrapped_there(request: Request) -> dict[str, Any] | None:
    """Return the raw prompt with its wrapper's name; None when there is nothing to wrap."""
    if request.raw_prompt is None or request.wrapper is None:
        return None
    return {
        "prompt": request.raw_prompt,
        "mode": request.wrapper,
        "include_init": True,
        "include_terminology": True,
    }


def _wrapped_here(request: Request, neutral_mode: str) -> dict[str, Any]:
    return {
        "prompt": "\n\n".join(message.content for message in request.messages),
        "mode": neutral_mode,
        "include_init": False,
        "include_terminology": False,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_simulated(payload: dict[str, Any], response: httpx.Response) -> bool:
    return payload.get("simulated") is True or response.headers.get("x-simulated") == "true"
