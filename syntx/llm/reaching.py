"""Whether an endpoint can be reached and takes our key; nothing that could cost is asked."""

from __future__ import annotations

import errno
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from syntx.llm.catalogue import Endpoint
from syntx.llm.contact import Contact
from syntx.llm.lines import address_of
from syntx.llm.translating import said_in, scrubbed

SECONDS = 5.0
"""So long an endpoint may take to answer."""
_MOST_BYTES = 4_000_000
_ANTHROPIC = "api.anthropic.com"

State = Literal[
    "reached", "key_refused", "no_credit", "wrong_path", "throttled", "down", "refused",
    "unknown_host", "bad_certificate", "no_tls", "timeout", "unreachable",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """How an endpoint took a harmless question: what became of it, and what it said.

    `models` are the names it listed, empty where it lists none.
    """

    state: State
    text: str
    models: tuple[str, ...] = ()


def contact_of(endpoint: Endpoint, key: SecretStr | None) -> Contact:
    """Return how an endpoint is reached in a look at it."""
    return Contact(endpoint, address_of(endpoint), key, SECONDS, SECONDS)


def reach_all(contacts: Sequence[Contact], seconds: float = SECONDS) -> list[Reach]:
    """Ask all endpoints at once; whoever has not answered after `seconds` counts as a timeout."""
    found: list[Reach] = [_late(contact, seconds) for contact in contacts]

    def ask(place: int) -> None:
        found[place] = reach(contacts[place])

    # Daemons: a name service that does not answer cannot be cut short, and must not hold us up.
    threads = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(len(found))]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return list(found)


def reach(contact: Contact) -> Reach:
    """Ask one endpoint for its models, or a calibrator for its address."""
    try:
        with _open(contact) as http:
            return _asked(contact, http)
    except httpx.TimeoutException:
        return _late(contact, SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        return _unreached(contact, error)


def _open(contact: Contact) -> httpx.Client:
    key = contact.key_text
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    if key is not None and urlsplit(contact.base_url).hostname == _ANTHROPIC:
        headers |= {"x-api-key": key, "anthropic-version": "2023-06-01"}
    return httpx.Client(headers=headers, timeout=SECONDS, trust_env=not contact.local)


def _asked(contact: Contact, http: httpx.Client) -> Reach:
    if contact.endpoint.kind == "syntx_chat":
        status, body = _get(http, f"{contact.base_url}{contact.endpoint.path}")
        return _judged(contact, status, body)
    status, body = _get(http, f"{contact.base_url}/models")
    if status == 404:
        # An API may list no models; then its chat address is there, though not for this method.
        status, _ = _get(http, f"{contact.base_url}/chat/completions")
        return _judged(contact, status, b"")
    if status == 200 and not isinstance(_json(body), dict | list):
        return Reach("wrong_path", f"{contact.base_url}/models answered with no list of models")
    return _judged(contact, status, body)


def _get(http: httpx.Client, url: str) -> tuple[int, bytes]:
    with http.stream("GET", url) as response:
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _MOST_BYTES:
                break
        return response.status_code, body


def _judged(contact: Contact, status: int, body: bytes) -> Reach:
    payload = _json(body)
    said, code = said_in(payload) if status >= 400 else ("", "")
    text = f"{contact.base_url} answered {status}"
    if said:
        text = f"{text}: {scrubbed(said, contact.key_text)}"
    if status == 402 or "insufficient" in code:
        return Reach("no_credit", text)
    if status in (401, 403):
        return Reach("key_refused", text)
    if status == 429:
        return Reach("throttled", text)
    if status >= 500:
        return Reach("down", text)
    if status == 404 or 300 <= status < 400:
        return Reach("wrong_path", text)
    return Reach("reached", text, tuple(_listed(payload)))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _listed(payload: Any) -> Iterator[str]:
    listed = payload.get("data") if isinstance(payload, Mapping) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("id"), str):
            yield each["id"]


def _unreached(contact: Contact, error: BaseException) -> Reach:
    """Tell from the chain of causes why there was no answer at all."""
    causes = list(_causes(error))
    at = contact.base_url
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Reach("bad_certificate", f"{at}: its certificate is refused: {_reason(cause)}")
        if isinstance(cause, ssl.SSLError):
            return Reach("no_tls", f"{at} does not speak TLS ({cause.reason or cause})")
        if isinstance(cause, socket.gaierror):
            host = urlsplit(at).hostname
            return Reach("unknown_host", f"there is no host {host} ({cause.strerror})")
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if errno.ECONNREFUSED in numbers:
        return Reach("refused", f"nothing listens at {at}")
    return Reach("unreachable", f"{at} cannot be reached: {scrubbed(str(error), contact.key_text)}")


def _reason(error: ssl.SSLCertVerificationError) -> str:
    return error.verify_message or str(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _late(contact: Contact, seconds: float) -> Reach:
    return Reach("timeout", f"{contact.base_url} did not answer within {seconds:.0f} s")
