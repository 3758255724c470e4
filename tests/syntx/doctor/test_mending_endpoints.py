"""Broken on purpose: endpoints; what each answer means, and the line that mends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from mending import ask, mend, unwell

from syntx.home import Home

GETADDRINFO = socket.getaddrinfo


class _Api(BaseHTTPRequestHandler):
    """Lists one model below /v1 to whoever has the key `right`, and fails as told."""

    status = 200

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "Bearer right"
        status = self.server.status if allowed else 401  # type: ignore[attr-defined]
        if not self.path.startswith("/v1/"):
            status = 404
        body = json.dumps({"data": [{"id": "real"}]} if status == 200 else {"error": "no"})
        if self.path.startswith("/page/"):
            status, body = 200, "<html>Welcome</html>"
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        return None


@contextmanager
def serving(status: int = 200) -> Iterator[int]:
    """Serve such an API; gives its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Api)
    server.status = status  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lay(home: Home, url: str, *, key: str = "right", model: str = "real") -> None:
    """Let the settings ask for a model of one endpoint, the only one there is."""
    for file in home.models.glob("*.yaml"):
        file.unlink()
    text = f"base_url: {url}\nkey: A_KEY\nmodels: [{{name: {model}}}]\n"
    (home.models / "api.yaml").write_text(text)
    (home.config / "system.yaml").write_text(f"consumer: {{model: {model}}}\n")
    (home.config / "generator.yaml").write_text(f"openai: {{model: {model}}}\n")
    home.env_file.write_text(f"A_KEY={key}\n")
    home.env_file.chmod(0o600)


def _known_hosts(host: Any, *arguments: Any, **options: Any) -> Any:
    """Know this machine alone, without asking a name service."""
    if host != "127.0.0.1":
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return GETADDRINFO(host, *arguments, **options)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_refused_key_is_set_anew(home: Home) -> None:
    """401 names the key; with the right one the endpoint is well."""
    with serving() as port:
        lay(home, f"http://127.0.0.1:{port}/v1", key="sk-wrong-canary")
        check = mend(home, "endpoints", stdin="right\n")
    assert "config key A_KEY" in check["fix"]
    assert "canary" not in json.dumps(check)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "told", "edit"),
    [
        ("http://127.0.0.1:{port}", "with /v1", "s,\\(:[0-9]\\+\\)$,\\1/v1,"),
        ("http://127.0.0.1:{port}/page", "no list of models", "s/page/v1/"),
        ("http://127.0.0.1:{free}/v1", "nothing listens", "s/{free}/{port}/"),
        ("https://127.0.0.1:{port}/v1", "begin with http://", "s/https/http/"),
        ("http://typo.example:{port}/v1", "no host typo.example", "s/typo.example/127.0.0.1/"),
    ],
)
def test_a_wrong_address_is_corrected_in_its_file(
    home: Home, url: str, told: str, edit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """404, no TLS, nobody there, no such host: the line opens the file with the address."""
    monkeypatch.setattr(socket, "getaddrinfo", _known_hosts)
    with serving() as port:
        words = {"port": port, "free": free_port()}
        lay(home, url.format(**words))
        check = mend(home, "endpoints", EDITOR=f"sed -i -e '{edit.format(**words)}'")
    assert "config edit models/api.yaml" in check["fix"]
    assert told in check["text"]


@pytest.mark.slow
def test_a_model_the_endpoint_does_not_list_is_corrected(home: Home) -> None:
    """A list of models without ours is a warning that opens the file."""
    with serving() as port:
        lay(home, f"http://127.0.0.1:{port}/v1", model="reel")
        check = mend(home, "endpoints", EDITOR="sed -i -e 's/name: reel/name: reel, id: real/'")
    assert "lists no model 'reel'" in check["text"]


def test_an_endpoint_that_is_down_lets_another_model_be_asked(home: Home) -> None:
    """503 opens the settings that ask for its model."""
    with serving(503) as port:
        lay(home, f"http://127.0.0.1:{port}/v1")
        (check,) = unwell(ask(home, "endpoints"))
    assert "config edit generator.yaml" in check["fix"]
    assert check["mark"] == "failed"


def test_the_simulator_is_started(home: Home) -> None:
    """It is only missed, since `run` starts its own; the line starts one that stays."""
    port = free_port()
    file = home.models / "simulator.yaml"
    file.write_text(file.read_text().replace("8811", str(port)))
    (check,) = unwell(ask(home, "endpoints"))
    assert check["mark"] == "warning"

    started = subprocess.Popen(["sh", "-c", check["fix"]], start_new_session=True)
    try:
        end = time.monotonic() + 60
        while unwell(ask(home, "endpoints")):
            assert time.monotonic() < end, "the simulator never answered"
            time.sleep(0.2)
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait()


def test_one_that_never_answers_holds_nobody_up(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who accepts and says nothing counts as late after the time that all have together."""
    monkeypatch.setattr("syntx.llm.reaching.SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lay(home, f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        (check,) = unwell(ask(home, "endpoints"))
    assert "did not answer" in check["text"]


def test_offline_asks_nobody(home: Home) -> None:
    """With --offline no endpoint is asked."""
    lay(home, "http://127.0.0.1:9/v1")
    assert ask(home, "endpoints", "--offline")[0]["mark"] == "skipped"
