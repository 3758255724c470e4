"""A provider of models that wants a key, and that breaks or holds its answers when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "door-target"
_ANSWER = "1. DRIFT\nDas Feld bleibt ruhig.\n2. KALIBRIERUNG\nEs hält sein Gleichgewicht."


class Door:
    """What the provider does at the moment."""

    def __init__(self) -> None:
        self.key = "the-first-key"
        self.fails = False
        self._lock = threading.Lock()
        self._held = 0
        self._open = threading.Event()
        self._open.set()
        self.url = ""

    @property
    def held(self) -> int:
        """How many calls wait for their answer."""
        return self._held

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Let calls wait."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def reply(self, authorization: str, asks: bool) -> tuple[int, dict[str, Any]]:
        """Return status and body for a call; `asks`: for an answer, else for the models."""
        if authorization != f"Bearer {self.key}":
            return 401, {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}
        if not asks:
            return 200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
        with self._lock:
            self._held += 1
        self._open.wait(60)
        with self._lock:
            self._held -= 1
        if self.fails:
            return 500, {"error": {"message": "The server had an error", "type": "server_error"}}
        return 200, _completion()


def _completion() -> dict[str, Any]:
    message = {"role": "assistant", "content": _ANSWER}
    return {
        "id": "door",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
    }


@contextmanager
def open_door() -> Iterator[Door]:
    """Serve one on a free port."""
    door = Door()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            # Who asked may have been killed meanwhile.
            with suppress(ConnectionError):
                super().handle()

        def do_GET(self) -> None:
            self._send(*door.reply(self.headers.get("Authorization", ""), asks=False))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send(*door.reply(self.headers.get("Authorization", ""), asks=True))

        def _send(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    door.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
