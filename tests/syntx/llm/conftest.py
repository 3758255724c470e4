"""A scripted HTTP server on loopback, and a gateway whose clock stands still but for its pauses."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import CallLimits, Message, Request
from syntx.llm.gateway import GatewayOptions, Hooks, ModelGateway, Timing


def completion(text: str | None = "Hallo", **extra: Any) -> dict[str, Any]:
    """A chat completion as OpenAI sends it."""
    finish = extra.pop("finish_reason", "stop")
    message = {"role": "assistant", "content": text, **extra.pop("message", {})}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5},
        **extra,
    }


@dataclass
class Reply:
    """One scripted answer; `body` is sent as JSON, `raw` as it is."""

    status: int = 200
    body: Any = field(default_factory=completion)
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: Any


class Stub:
    """Answers with the script's next line ("hang", "reset" or a Reply), then with 200s."""

    def __init__(self) -> None:
        self.script: list[Reply | str] = []
        self.seen: list[Seen] = []
        self.asked = asyncio.Event()
        self.most_at_once = 0
        self.pace = 0.0
        self.default = Reply()
        self._now = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.seen.append(await _read(reader))
            self.asked.set()
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            line = self.script.pop(0) if self.script else self.default
            await asyncio.sleep(self.pace)
            self._now -= 1
            await _play(line, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(head[0].split()[1], headers, json.loads(body))


async def _play(
    line: Reply | str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    if line == "hang":
        await reader.read()
        return
    if line == "reset":
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return
    assert isinstance(line, Reply)
    content = json.dumps(line.body).encode() if line.raw is None else line.raw
    headers = {"content-type": "application/json", "connection": "close", **line.headers}
    headers["content-length"] = str(len(content))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {line.status} X\r\n{lines}\r\n".encode() + content)
    await writer.drain()


class Keys:
    """Secrets from a dict."""

    def __init__(self, **keys: str) -> None:
        self.keys = keys

    def get(self, name: str) -> SecretStr | None:
        return SecretStr(self.keys[name]) if name in self.keys else None


class Clock:
    """Time that passes only in pauses; `pauses` lists them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def timing(self) -> Timing:
        return Timing(clock=lambda: self.now, sleep=self._sleep, chance=lambda: 1.0)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


MODEL = """
kind: {kind}
base_url: {url}
{extra}
models:
  - name: {name}
    context: 1000
    max_output: 400
    price: {{input: 1.0, output: 2.0}}
"""


class Bench:
    """A stub, a models folder that points to it, and gateways over them."""

    def __init__(self, folder: Path, stub: Stub) -> None:
        self.folder = folder
        self.stub = stub
        self.clock = Clock()
        self.keys = Keys()
        self.tries: list[Any] = []
        self.calls: list[Any] = []
        self._open: list[ModelGateway] = []
        self.describe()

    def describe(
        self, kind: str = "openai", extra: str = "", name: str = "m", url: str | None = None
    ) -> None:
        base = url or (self.stub.url if kind == "syntx_chat" else f"{self.stub.url}/v1")
        text = MODEL.format(kind=kind, url=base, extra=extra, name=name)
        (self.folder / "api.yaml").write_text(text, encoding="utf-8")

    def gateway(self, **options: Any) -> ModelGateway:
        hooks = Hooks(
            on_try=lambda request, failed: self.tries.append(failed),
            on_call=lambda request, answer: self.calls.append(answer),
        )
        gateway = ModelGateway(
            lambda: Catalogue.load(self.folder),
            self.keys,
            GatewayOptions(**options),
            hooks,
            self.clock.timing(),
        )
        self._open.append(gateway)
        return gateway

    async def close(self) -> None:
        for gateway in self._open:
            await gateway.close()


@pytest.fixture
async def stub() -> AsyncIterator[Stub]:
    """A scripted HTTP server."""
    server = Stub()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bench(tmp_path: Path, stub: Stub) -> AsyncIterator[Bench]:
    """A models folder that points to the stub, and gateways over it."""
    made = Bench(tmp_path, stub)
    yield made
    await made.close()


@pytest.fixture
def reply() -> Callable[..., Reply]:
    """Make one scripted answer."""
    return Reply


@pytest.fixture
def answered() -> Callable[..., dict[str, Any]]:
    """Make a chat completion."""
    return completion


@pytest.fixture
def asking() -> Callable[..., Request]:
    """Make a request to the model `m`; keyword arguments beyond `text` go to the limits."""

    def make(text: str = "Sag etwas", model: str | None = "m", **limits: Any) -> Request:
        return Request(
            "draft", (Message("user", text),), model, CallLimits(**limits), trace_id="trace-1"
        )

    return make


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key or address of the machine reaches a test."""
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "SYNTX_SIMULATOR_URL"):
        monkeypatch.delenv(name, raising=False)
