"""A simulator to ask, and how to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

FRAME = "1. ANFANG\nSo.\n\n2. ENDE\nUnd so.\n\nDer Auftrag:\n\n{{prompt}}"
FRAMED = FRAME.replace("{{prompt}}", "Erkläre die Gezeiten der Nordsee.")
QUICK = SimulatorOptions(
    latency=0,
    hang_seconds=0.05,
    timeout_seconds=0.05,
    slow_seconds=0.1,
    retry_after=7,
    frames={"kurz": FRAME},
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of a simulator that injects faults only on demand."""
    with running(QUICK) as url, httpx.Client(base_url=url, timeout=10) as http:
        yield http


@pytest.fixture
def chat() -> Callable[..., httpx.Response]:
    """Give a function that asks a client's server for a chat completion."""

    def ask(client: httpx.Client, fault: str = "ok", **extra: Any) -> httpx.Response:
        messages = [
            {"role": "system", "content": "Du antwortest."},
            {"role": "user", "content": FRAMED},
        ]
        body = {"model": "simulator-target", "messages": messages, **extra}
        header = {"x-simulate-fault": fault}
        return client.post("/v1/chat/completions", json=body, headers=header)

    return ask
