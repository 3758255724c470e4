"""The simulator over HTTP, asked by plain clients."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from syntx.errors import ConfigError
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import serve

Chat = Callable[..., httpx.Response]


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


def test_a_completion_is_complete(client: httpx.Client, chat: Chat) -> None:
    """It has an id, a message, a finish reason, usage and the label."""
    answer = chat(client).json()

    assert answer["id"].startswith("chatcmpl-")
    assert answer["choices"][0]["message"]["content"].startswith("1. ANFANG")
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] == (
        answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]
    )
    assert answer["simulated"] is True


def test_the_token_limit_is_kept(client: httpx.Client, chat: Chat) -> None:
    """An answer that does not fit is cut, and says so."""
    answer = chat(client, max_tokens=5).json()

    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 5


@pytest.mark.parametrize("fault", ["ok", "slow_stream"])
def test_a_stream_adds_up_to_an_answer(client: httpx.Client, chat: Chat, fault: str) -> None:
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


def test_any_text_that_json_can_hold_is_answered(client: httpx.Client) -> None:
    """Lone surrogates and NUL in a prompt break nothing."""
    body = b'{"prompt": "Was hei\\u00dft \\ud800Gezeiten\\ud800 mit \\u0000 Ende?"}'

    assert client.post("/api/chat", content=body).status_code == 200


def test_the_calibrator_refuses_a_missing_prompt(client: httpx.Client) -> None:
    """It answers 422 with a detail."""
    response = client.post("/api/chat", json={"mode": "kurz"})

    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_serving_ends_cleanly_on_a_signal(name: str) -> None:
    """In the foreground it announces its URL, answers, and exits with 0 when told to stop."""
    code = (
        "from syntx.simulator.running import serve, SimulatorOptions as Options\n"
        "serve(Options(), announce=lambda url: print(url, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        url = made.stdout.readline().strip()
        assert httpx.get(f"{url}/models").status_code == 200
        made.send_signal(signal.Signals[name])

        assert made.wait(10) == 0


def test_a_taken_port_is_a_clear_error() -> None:
    """Serving on a port in use says which, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=str(port)):
            serve(SimulatorOptions(), port=port)
