"""The simulator over HTTP, asked by plain clients."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from syntx.errors import ConfigError
from syntx.simulator.options import FAULTS, SimulatorOptions
from syntx.simulator.running import running, serve

FRAMED = "1. ANFANG\nSo.\n\n2. ENDE\nUnd so.\n\nDer Auftrag:\n\nErkläre die Gezeiten der Nordsee."
QUICK = SimulatorOptions(
    latency=0,
    hang_seconds=0.05,
    timeout_seconds=0.05,
    slow_seconds=0.1,
    retry_after=7,
    frames={"kurz": FRAMED.replace("Erkläre die Gezeiten der Nordsee.", "{{prompt}}")},
)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of a simulator that injects faults only on demand."""
    with running(QUICK) as url, httpx.Client(base_url=url, timeout=10) as http:
        yield http


def chat(client: httpx.Client, fault: str = "ok", **extra: Any) -> httpx.Response:
    """Ask for a chat completion."""
    body = {
        "model": "simulator-target",
        "messages": [
            {"role": "system", "content": "Du antwortest."},
            {"role": "user", "content": FRAMED},
        ],
    }
    return client.post(
        "/v1/chat/completions", json={**body, **extra}, headers={"x-simulate-fault": fault}
    )


def events(response: httpx.Response) -> list[Any]:
    """Return the JSON of each event of a stream but the last, which must end it."""
    lines = [line for line in response.text.split("\n\n") if line]
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_models_are_listed_and_labelled(client: httpx.Client) -> None:
    """The two models are there, and everything says that it is simulated."""
    response = client.get("/v1/models")

    assert {model["id"] for model in response.json()["data"]} == {
        "simulator-writer",
        "simulator-target",
    }
    assert response.json()["simulated"] is True
    assert response.headers["x-simulated"] == "true"


def test_a_completion_is_complete(client: httpx.Client) -> None:
    """It has an id, a message, a finish reason, usage and the label."""
    answer = chat(client).json()

    assert answer["id"].startswith("chatcmpl-")
    assert answer["choices"][0]["message"]["content"].startswith("1. ANFANG")
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] == (
        answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]
    )
    assert answer["simulated"] is True


def test_the_token_limit_is_kept(client: httpx.Client) -> None:
    """An answer that does not fit is cut, and says so."""
    answer = chat(client, max_tokens=5).json()

    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 5


@pytest.mark.parametrize("fault", ["ok", "slow_stream"])
def test_a_stream_adds_up_to_an_answer(client: httpx.Client, fault: str) -> None:
    """The pieces make a text, then come the finish reason and the usage."""
    response = chat(client, fault, stream=True, stream_options={"include_usage": True})
    *pieces, usage = events(response)
    text = "".join(piece["choices"][0]["delta"].get("content", "") for piece in pieces)

    assert text.startswith("1. ANFANG\n")
    assert "2. ENDE" in text
    assert pieces[-1]["choices"][0]["finish_reason"] == "stop"
    assert usage["usage"]["completion_tokens"] > 5
    assert all(piece["simulated"] for piece in [*pieces, usage])


@pytest.mark.parametrize("path", ["/api/chat", "/resonanz/chat"])
def test_the_calibrator_api_frames_and_answers(client: httpx.Client, path: str) -> None:
    """A raw prompt is framed by its mode; the answer has metadata."""
    answer = client.post(path, json={"prompt": "Gezeiten", "mode": "kurz"}).json()

    assert answer["response"].startswith("1. ANFANG\n")
    assert answer["metadata"]["wrapper_chain"] == ["kurz"]
    assert answer["metadata"]["latency_ms"] >= 0
    assert answer["simulated"] is True


def test_the_calibrator_api_frames_nothing_when_told(client: httpx.Client) -> None:
    """Without init the prompt is taken as it is."""
    body = {"prompt": "Gezeiten", "mode": "kurz", "include_init": False}

    assert "1. ANFANG" not in client.post("/api/chat", json=body).json()["response"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{not json", 400),
        (b"[]", 400),
        (b'{"messages": []}', 400),
        (b'{"messages": [{"role": "user"}]}', 400),
        (b'{"messages": [{"role": "user", "content": "x"}], "max_tokens": 0}', 400),
    ],
)
def test_malformed_requests_are_refused(client: httpx.Client, body: bytes, status: int) -> None:
    """What is no request gets a 400 in the API's own form."""
    response = client.post("/v1/chat/completions", content=body)

    assert response.status_code == status
    assert response.json()["error"]["type"] == "invalid_request_error"


def test_the_calibrator_refuses_a_missing_prompt(client: httpx.Client) -> None:
    """It answers 422 with a detail."""
    response = client.post("/api/chat", json={"mode": "kurz"})

    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limit", 429), ("error_500", 500), ("error_503", 503), ("error_504", 504)],
)
def test_error_statuses(client: httpx.Client, fault: str, status: int) -> None:
    """Each status comes labelled in both APIs, a 429 with its Retry-After."""
    header = {"x-simulate-fault": fault}
    calibrated = client.post("/api/chat", json={"prompt": "x"}, headers=header)
    response = chat(client, fault)

    assert response.status_code == calibrated.status_code == status
    assert calibrated.json()["detail"]
    assert response.json()["simulated"] is True
    assert response.headers.get("retry-after") == ("7" if status == 429 else None)


def test_a_timeout_ends_in_a_504(client: httpx.Client) -> None:
    """The gateway's time limit is played: first nothing, then 504."""
    started = time.monotonic()

    assert chat(client, "timeout").status_code == 504
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize("fault", ["reset", "hang"])
def test_a_connection_can_break_without_an_answer(client: httpx.Client, fault: str) -> None:
    """The connection is reset, at once or after hanging."""
    with pytest.raises(httpx.ReadError):
        chat(client, fault)


def test_bodies_that_are_no_answers(client: httpx.Client) -> None:
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
def test_answers_a_model_spoils(client: httpx.Client, fault: str, reason: str, mark: str) -> None:
    """The answer is well-formed HTTP, and what it says is not."""
    choice = chat(client, fault).json()["choices"][0]

    assert choice["finish_reason"] == reason
    assert mark in choice["message"]["content"]
    assert (fault == "empty") == (choice["message"]["content"] == "")


def test_fenced_json_is_json_and_broken_json_is_not(client: httpx.Client) -> None:
    """Inside the fence stands valid JSON; the broken one cannot be parsed."""
    fenced = chat(client, "fenced_json").json()["choices"][0]["message"]["content"]
    broken = chat(client, "broken_json").json()["choices"][0]["message"]["content"]

    assert "2. ENDE" in json.loads(fenced.strip("`").removeprefix("json"))["antwort"]
    with pytest.raises(ValueError):
        json.loads(broken)


def test_an_unknown_forced_fault_is_a_bad_request(client: httpx.Client) -> None:
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


def test_stopping_does_not_wait_for_what_hangs() -> None:
    """A hanging request and a slow stream end with the server, within two seconds."""
    with running(SimulatorOptions(hang_seconds=600, slow_seconds=600)) as url:
        hanging = [threading.Thread(target=_ask_in_vain, args=(url, name)) for name in SLOW]
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


def _ask_in_vain(url: str, fault: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client, pytest.raises(httpx.TransportError):
        chat(client, fault)


def test_a_taken_port_is_a_clear_error() -> None:
    """Serving on a port in use says which, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=str(port)):
            serve(SimulatorOptions(), port=port)


def test_every_fault_can_be_forced(client: httpx.Client) -> None:
    """No fault is only a name: each is counted when it happened."""
    for fault in FAULTS:
        try:
            chat(client, fault)
        except httpx.TransportError:
            assert fault in ("hang", "reset")

    assert set(client.get("/stats").json()["faults"]) >= set(FAULTS)
