"""Real processes, told what systemd tells them, over the simulator."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from observing import entries, environment

from syntx.home import Home
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(home: Home, tmp_path: Path) -> Iterator[Start]:
    """Give a way to start a command of the home; what it tells goes to `told`."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, **env: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "told").open("ab") as told:
            process = subprocess.Popen(
                [sys.executable, "-m", "syntx", "--home", str(home.root), *arguments],
                env=environment(**env),
                stdout=told,
                stderr=told,
            )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def _wishes(manager: Any, seconds: float = 1.0) -> dict[str, str]:
    return {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": str(round(seconds * 1e6))}


def _submit(home: Home, *prompts: str) -> None:
    options = [part for prompt in prompts for part in ("-p", prompt)]
    command = [sys.executable, "-m", "syntx", "--home", str(home.root), "submit", *options]
    subprocess.run(command, env=environment(), check=True, capture_output=True, timeout=60)


def _until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_a_consumer_tells_its_whole_life(home: Home, manager: Any, start: Start) -> None:
    """Ready once the queue is open, pings while a job lasts, stopping at the drain, exit 0."""
    (home.config / "system.yaml").write_text("consumer: {in_flight: 1, drain_seconds: 0.2}\n")
    _submit(home, "Wie lange dauert eine Ewigkeit?", "Und wie lange zwei?")
    with running(SimulatorOptions(latency=600.0)) as url:
        consumer = start("consumer", SYNTX_SIMULATOR_URL=url, **_wishes(manager))
        manager.until("READY=1")
        assert list((home.root / "queue" / ".tmp").iterdir()) != []
        _until(lambda: entries(home, "processing"))
        manager.until("WATCHDOG=1", times=manager.heard.count("WATCHDOG=1") + 3)
        consumer.send_signal(signal.SIGTERM)
        manager.until("STOPPING=1")
        manager.until("EXTEND_TIMEOUT_USEC=60200000")
        assert consumer.wait(60) == 0
    assert len(entries(home, "incoming")) == 2


@pytest.mark.parametrize("manager", ["abstract"], indirect=True)
def test_a_producer_tells_its_whole_life(home: Home, manager: Any, start: Start) -> None:
    """Ready, pings, what it wrote, stopping, exit 0."""
    with running(SimulatorOptions(latency=0.0)) as url:
        producer = start("producer", SYNTX_SIMULATOR_URL=url, **_wishes(manager))
        manager.until("READY=1")
        manager.until("STATUS=1 generations, 20 prompts submitted")
        manager.until("WATCHDOG=1", times=3)
        producer.send_signal(signal.SIGTERM)
        manager.until("STOPPING=1")
        assert producer.wait(60) == 0


def test_a_monitor_tells_its_whole_life(home: Home, manager: Any, start: Start) -> None:
    """Ready, pings between looks that are far apart, how the home is, stopping, exit 0."""
    (home.config / "system.yaml").write_text("monitoring: {every: 600}\n")
    monitor = start("monitor", **_wishes(manager))
    manager.until("READY=1")
    manager.until("STATUS=OK: all is well; 0 waiting")
    manager.until("WATCHDOG=1", times=3)
    monitor.send_signal(signal.SIGTERM)
    manager.until("STOPPING=1")
    assert monitor.wait(60) == 0


def test_a_stopped_process_pings_no_more(manager: Any, start: Start) -> None:
    """What hangs as a whole is silent until it goes on."""
    consumer = start("consumer", **_wishes(manager))
    manager.until("WATCHDOG=1", times=2)
    consumer.send_signal(signal.SIGSTOP)
    _until(lambda: _state(consumer.pid) == "T")
    manager.listen()
    time.sleep(2.0)
    assert manager.listen() == []

    consumer.send_signal(signal.SIGCONT)
    manager.until("WATCHDOG=1", times=manager.heard.count("WATCHDOG=1") + 1)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("service", ["consumer", "producer", "monitor"])
def test_a_wrong_configuration_is_never_ready(
    home: Home, tmp_path: Path, manager: Any, start: Start, service: str
) -> None:
    """Exit code 78, the file and the remedy in the log, and not a word to the manager."""
    (home.config / "system.yaml").write_text("consumer: {in_flight: many}\n")
    assert start(service, **_wishes(manager)).wait(60) == 78
    assert "system.yaml:1: consumer.in_flight" in (tmp_path / "told").read_text()
    assert manager.listen() == []


def test_a_queue_that_cannot_be_opened_is_never_ready(
    home: Home, manager: Any, start: Start
) -> None:
    """Settings that are right and a queue that is a file: exit code 78, not ready."""
    (home.root / "queue").rename(home.root / "queue-before")
    (home.root / "queue").touch()
    assert start("consumer", **_wishes(manager)).wait(60) == 78
    assert manager.listen() == []


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Refuses every call, and remembers what key it came with."""

    keys: list[str | None]

    def do_POST(self) -> None:
        """Remember and refuse; the refusal repeats the key, as real endpoints do."""
        key = self.headers["Authorization"]
        self.keys.append(key)
        self.rfile.read(int(self.headers["Content-Length"]))
        body = f'{{"error": {{"message": "Incorrect API key provided: {key}"}}}}'.encode()
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def test_a_credential_is_used_and_never_told(home: Home, tmp_path: Path, start: Start) -> None:
    """The key from the credentials' folder is sent; even a refusal that repeats it stays quiet."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "syntx_KEY_OF_TEST").write_text("canary-4711\n")
    handler = type("Handler", (Endpoint,), {"keys": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (home.models / "keyed.yaml").write_text(
        f"kind: openai\nbase_url: http://127.0.0.1:{server.server_port}/v1\nkey: KEY_OF_TEST\n"
        "models:\n  - {name: keyed, context: 8000}\n"
    )
    (home.config / "system.yaml").write_text("consumer: {model: keyed, stop_after_errors: 1}\n")
    _submit(home, "Wer hat den Schlüssel?")
    try:
        assert start("consumer", CREDENTIALS_DIRECTORY=str(folder)).wait(60) == 78
    finally:
        server.shutdown()
        server.server_close()

    assert handler.keys[0] == "Bearer canary-4711"
    assert len(entries(home, "incoming")) == 1
    told = [path for path in _files(tmp_path) if b"canary" in path.read_bytes()]
    assert told == [folder / "syntx_KEY_OF_TEST"]


def _files(folder: Path) -> list[Path]:
    return [
        Path(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if Path(place, name).is_file()
    ]
