"""An endpoint that repeats the key it was sent wherever an API can say something."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

KINDS = ("answer", "denied", "page", "broken", "moved", "wrapped", "unclear", "cut")
"""The names of its models; each tells the key in another way."""


@contextmanager
def echoing() -> Iterator[str]:
    """Give the address of such an endpoint on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def completion(text: str, id: str) -> dict[str, Any]:
    """Return a chat completion, as OpenAI sends it."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": id}
    usage = {"prompt_tokens": 10, "completion_tokens": 5}
    return {"id": id, "object": "chat.completion", "model": id, "choices": [choice], "usage": usage}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def key(self) -> str:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    @property
    def told(self) -> str:
        """The key in every form, in one text."""
        key = self.key
        packed = base64.b64encode(f"Bearer {key}".encode()).decode()
        forms = (key, key[::-1], packed, quote(key, safe=""), key[2:14], key.encode().hex())
        return f"unknown key {' '.join(forms)} in {self.headers.as_string()}"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(401, {"error": {"message": self.told, "code": self.key, "type": self.key}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        if self.path == "/api/chat":
            self._calibrate(body)
        elif self.path.startswith("/v1/chat"):
            getattr(self, f"_{body['model']}")()
        else:
            self._send(404, {"detail": self.told})

    def _calibrate(self, body: dict[str, Any]) -> None:
        if "Fehler" in body["prompt"]:
            self._send(422, {"detail": [{"loc": ["body"], "msg": self.told}]})
            return
        said = {"request_id": self.key, "session_id": self.key, "wrapper_chain": [self.key]}
        self._send(200, {"response": f"Gesehen: {self.key}.", "metadata": said})

    def _answer(self) -> None:
        self._send(200, completion(f"Ich sah {self.key} und {self.key[::-1]}.", self.key))

    def _denied(self) -> None:
        self._send(401, {"error": {"message": self.told, "code": self.key, "type": self.key}})

    def _page(self) -> None:
        self._send_raw(200, f"<html>{'x' * 180}{self.told}</html>".encode())

    def _broken(self) -> None:
        trace = f'Traceback (most recent call last):\n  raise KeyError("{self.told}")'
        self._send_raw(500, trace.encode())

    def _moved(self) -> None:
        self._send(307, {}, Location=f"/v1/gone?key={quote(self.key)}")

    def _wrapped(self) -> None:
        self._send(200, {"error": {"code": 403, "message": self.told}})

    def _unclear(self) -> None:
        self._send(200, {"message": self.told})

    def _cut(self) -> None:
        self.send_response(200, self.key)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(self.told.encode())
        self.close_connection = True

    def _send(self, status: int, body: Any, **headers: str) -> None:
        self._send_raw(status, json.dumps(body).encode(), **headers)

    def _send_raw(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status, self.key)
        for name, value in {"x-request-id": self.key, "x-echo": self.key, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
