"""Lines to endpoints: one open client each, with its places, its pace and its health."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from syntx.errors import NotAuthorised
from syntx.llm.catalogue import Endpoint
from syntx.llm.contact import Contact
from syntx.llm.contract import ModelClient
from syntx.llm.health import Health
from syntx.settings.models import Gateway as GatewayOptions


class SecretSource(Protocol):
    """Where keys come from."""

    def get(self, name: str) -> SecretStr | None:
        """Return the secret of that name, or None."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock (seconds, monotonic), the pause and the jitter (0..1); tests pass their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


class Line:
    """One endpoint as it is used: at most `concurrency` calls at once, at most `rate` a minute."""

    def __init__(self, contact: Contact, client: ModelClient, health: Health) -> None:
        self.contact = contact
        self.client = client
        self.health = health
        self._places = asyncio.Semaphore(contact.endpoint.concurrency)
        rate = contact.endpoint.rate
        self._gap = 0.0 if rate is None else 60.0 / rate
        self._next_start = float("-inf")
        self.users = 0

    @asynccontextmanager
    async def place(self, timing: Timing) -> AsyncIterator[None]:
        """Wait for a free place and for our turn."""
        async with self._places:
            if self._gap:
                await self._turn(timing)
            yield

    async def _turn(self, timing: Timing) -> None:
        now = timing.clock()
        start = max(now, self._next_start)
        self._next_start = start + self._gap
        if start > now:
            await timing.sleep(start - now)


@dataclass(slots=True)
class Switchboard:
    """Keeps one line per endpoint; an edited file or a new key makes a new one."""

    secrets: SecretSource
    options: GatewayOptions
    _lines: dict[str, Line] = field(default_factory=dict)
    _retired: list[Line] = field(default_factory=list)

    def line(self, endpoint: Endpoint) -> Line:
        """Return the line to an endpoint; raises NotAuthorised when its key is missing."""
        contact = self._contact(endpoint)
        known = self._lines.get(endpoint.name)
        if known is not None and known.contact == contact:
            return known
        if known is not None:
            self._retired.append(known)
        line = Line(contact, open_client(contact), self._health(endpoint))
        self._lines[endpoint.name] = line
        return line

    def cooling(self, now: float) -> frozenset[str]:
        """Return the names of the endpoints that are left alone now."""
        return frozenset(name for name, line in self._lines.items() if line.health.cooling(now))

    async def sweep(self) -> None:
        """Close replaced lines that nobody uses any more."""
        if not self._retired:
            return
        idle = [line for line in self._retired if not line.users]
        self._retired = [line for line in self._retired if line.users]
        for line in idle:
            await line.client.close()

    async def close(self) -> None:
        """Close every line."""
        lines, self._lines, self._retired = [*self._lines.values(), *self._retired], {}, []
        for line in lines:
            await line.client.close()

    def _health(self, endpoint: Endpoint) -> Health:
        return Health(endpoint.name, self.options.cool_down, self.options.cool_down_after)

    def _contact(self, endpoint: Endpoint) -> Contact:
        return Contact(
            endpoint,
            address_of(endpoint),
            self._key(endpoint),
            endpoint.connect_timeout or self.options.connect_timeout,
            endpoint.read_timeout or self.options.read_timeout,
        )

    def _key(self, endpoint: Endpoint) -> SecretStr | None:
        if endpoint.key is None:
            return None
        secret = self.secrets.get(endpoint.key)
        text = "" if secret is None else secret.get_secret_value()
        if not text:
            raise NotAuthorised(
                f"{endpoint.name} needs the key {endpoint.key}, which is set nowhere",
                fix=f"syntx config key {endpoint.key}",
            )
        if not (text.isascii() and text.isprintable() and " " not in text):
            raise NotAuthorised(
                f"the key {endpoint.key} holds characters that no key has",
                fix=f"copy {endpoint.key} again, without blanks or line ends",
            )
        return secret


def address_of(endpoint: Endpoint) -> str:
    """Return where an endpoint is reached; a simulator that was just started says so itself."""
    told = os.environ.get("SYNTX_SIMULATOR_URL") if endpoint.kind == "simulator" else None
    if not told:
        return endpoint.base_url
    # The simulator tells its host and port only; what it speaks lies under /v1.
    return told.rstrip("/") if urlsplit(told).path.strip("/") else f"{told.rstrip('/')}/v1"


def open_client(contact: Contact) -> ModelClient:
    """Return a client for the endpoint's kind of API; its library is imported only now."""
    return _client_of(contact.endpoint)(contact)


def import_clients(endpoints: Iterable[Endpoint]) -> None:
    """Import what the endpoints' clients need, which may take seconds."""
    for endpoint in endpoints:
        _client_of(endpoint)


def _client_of(endpoint: Endpoint) -> Callable[[Contact], ModelClient]:
    if endpoint.kind == "syntx_chat":
        from syntx.llm.syntx_chat import SyntxChat

        return SyntxChat
    from syntx.llm.openai_chat import OpenAIChat

    return OpenAIChat
