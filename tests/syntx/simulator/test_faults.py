"""The faults of the simulator, as a plain client meets them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import httpx
import pytest

from syntx.simulator.options import FAULTS, SimulatorOptions
from syntx.simulator.running import running

Chat = Callable[..., httpx.Response]


@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limit", 429), ("error_500", 500), ("error_503", 503), ("error_504", 504)],
)
def test_error_statuses(client: httpx.Client, chat: Chat, fault: str, status: int) -> None:
    """Each status comes labelled in both APIs, a 429 with its Retry-After."""
    header = {"x-simulate-fault": fault}
    calibrated = client.post("/api/chat", json={"prompt": "x"}, headers=header)
    response = chat(client, fault)

    assert response.status_code == calibrated.status_code == status
    assert calibrated.json()["detail"]
    assert response.json()["simulated"] is True
    assert response.headers.get("retry-after") == ("7" if status == 429 else None)


def test_a_timeout_ends_in_a_504(client: httpx.Client, chat: Chat) -> None:
    """The gateway's time limit is played: first nothing, then 504."""
    started = time.monotonic()

    assert chat(client, "timeout").status_code == 504
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize("fault", ["reset", "hang"])
def test_a_connection_can_break_without_an_answer(
    client: httpx.Client, chat: Chat, fault: str
) -> None:
    """The connection is reset, at once or after hanging."""
    with pytest.raises(httpx.ReadError):
        chat(client, fault)


def test_bodies_that_are_no_answers(client: httpx.Client, chat: Chat) -> None:
    """Garbage is not JSON, and an HTML page comes as 200."""
    with pytest.raises(ValueError):
        chat(client, "garbage").json()

    page = chat(client, "html")
    assert (page.status_code, page.headers["content-type"][:9]) == (200, "text/html")


@pytest.mark.parametrize(
    ("fault", "reason", "mark"),
    [
        ("truncation", "length", "1. ANFANG"),
        ("refusal", "stop", "nicht helfen"),
        ("empty", "stop", ""),
        ("fenced_json", "stop", "```json\n{"),
        ("broken_json", "stop", '{"antwort": "1. ANFANG\\n'),
    ],
)
def test_answers_a_model_spoils(
    client: httpx.Client, chat: Chat, fault: str, reason: str, mark: str
) -> None:
    """The answer is well-formed HTTP, and what it says is not."""
    choice = chat(client, fault).json()["choices"][0]

    assert choice["finish_reason"] == reason
    assert mark in choice["message"]["content"]
    assert (fault == "empty") == (choice["message"]["content"] == "")


def test_fenced_json_is_json_and_broken_json_is_not(client: httpx.Client, chat: Chat) -> None:
    """Inside the fence stands valid JSON; the broken one cannot be parsed."""
    fenced = chat(client, "fenced_json").json()["choices"][0]["message"]["content"]
    broken = chat(client, "broken_json").json()["choices"][0]["message"]["content"]

    assert "2. ENDE" in json.loads(fenced.strip("`").removeprefix("json"))["antwort"]
    with pytest.raises(ValueError):
        json.loads(broken)


def test_an_unknown_forced_fault_is_a_bad_request(client: httpx.Client, chat: Chat) -> None:
    """The answer lists the faults there are."""
    response = chat(client, "explode")

    assert response.status_code == 400
    assert "explode" in response.json()["error"]["message"]


def test_a_script_is_played_first_and_everything_is_counted() -> None:
    """The first requests meet the scripted faults in order; the counts tell."""
    options = SimulatorOptions(latency=0, script=("rate_limit", "error_503", "ok"))
    with running(options) as url, httpx.Client(base_url=url) as http:
        body = {"messages": [{"role": "user", "content": "Hallo"}]}
        statuses = [http.post("/v1/chat/completions", json=body).status_code for _ in range(4)]
        stats = http.get("/stats").json()

    assert statuses == [429, 503, 200, 200]
    assert stats["calls"] == {"chat": 4}
    assert stats["faults"] == {"rate_limit": 1, "error_503": 1}
    assert stats["answers"] == {"plain": 2}


def test_faults_come_as_often_as_asked() -> None:
    """About a third of the requests fail when a third is asked for, the same ones each time."""
    options = SimulatorOptions(latency=0, faults={"error_500": 0.3})

    def failures() -> list[int]:
        with running(options) as url, httpx.Client(base_url=url) as http:
            return [
                number
                for number in range(150)
                if http.post("/api/chat", json={"prompt": str(number)}).status_code == 500
            ]

    failed = failures()
    assert 25 <= len(failed) <= 65
    assert failed == failures()


def test_stopping_does_not_wait_for_what_hangs(chat: Chat) -> None:
    """A hanging request and a slow stream end with the server, within two seconds."""
    with running(SimulatorOptions(hang_seconds=600, slow_seconds=600)) as url:
        hanging = [threading.Thread(target=_ask_in_vain, args=(chat, url, name)) for name in SLOW]
        for thread in hanging:
            thread.start()
        while len(httpx.get(f"{url}/stats").json()["faults"]) < len(SLOW):
            pass
        started = time.monotonic()
    for thread in hanging:
        thread.join(2)

    assert time.monotonic() - started < 2
    assert not any(thread.is_alive() for thread in hanging)


SLOW = ("hang", "slow_stream")


def _ask_in_vain(chat: Chat, url: str, fault: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client, pytest.raises(httpx.TransportError):
        chat(client, fault)


def test_every_fault_can_be_forced(client: httpx.Client, chat: Chat) -> None:
    """No fault is only a name: each is counted when it happened."""
    for fault in FAULTS:
        try:
            chat(client, fault)
        except httpx.TransportError:
            assert fault in ("hang", "reset")

    assert set(client.get("/stats").json()["faults"]) >= set(FAULTS)
