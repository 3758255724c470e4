"""Keys that must not be found anywhere, a home that uses them, and where to look for them."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import yaml
from echoing import KINDS

from syntx.home import Home

PROMPT = "Wohin fliegt der Kolibritintenfisch im Winterquartier?"


@dataclass
class Canaries:
    """A key for each place keys come from, and all that was said where somebody may read it."""

    credential: str
    environment: str
    file: str
    said: list[bytes] = field(default_factory=list)

    @property
    def all(self) -> tuple[str, ...]:
        return (self.credential, self.environment, self.file)

    def traces_in(self, content: bytes) -> list[bytes]:
        """Return what of a key stands in a text: pieces, forward or back, or the key encoded."""
        return [form for key in self.all for form in _forms(key) if form in content]


def _forms(key: str) -> Iterator[bytes]:
    for text in (key, key[::-1]):
        yield from (text[at : at + 8].encode() for at in range(len(text) - 7))
    yield quote(key, safe="").encode()
    yield key.encode().hex().encode()
    for before in range(3):
        packed = base64.b64encode(b"\0" * before + key.encode())
        yield packed[4:-4]


def describe(home: Home, url: str) -> None:
    """Let all models of a home be at `url`, each API with another key, and the log tell all."""
    (home.models / "simulator.yaml").unlink()
    for number, key in enumerate(("CREDENTIAL_KEY", "ENVIRONMENT_KEY", "FILE_KEY")):
        models = [{"name": f"{kind}{number}", "id": kind, "context": 9000} for kind in KINDS]
        api = {"base_url": f"{url}/v1", "key": key, "models": models}
        (home.models / f"api{number}.yaml").write_text(yaml.safe_dump(api))
    calibrator = {"kind": "syntx_chat", "base_url": url, "key": "FILE_KEY"}
    calibrator["models"] = [{"name": "calibrator", "context": 9000}]
    (home.models / "calibrator.yaml").write_text(yaml.safe_dump(calibrator))
    script = home.root / "alert.sh"
    script.write_text('env >>"$1/told.txt"; cat >>"$1/told.txt"; cat /proc/$PPID/cmdline; env\n')
    system = {
        "consumer": {"model": "answer1"},
        "logging": {"level": "debug"},
        "documents": {
            "debug_files": True,
            "models": {"plan": ["answer0"], "analyse": ["answer0"], "write": ["answer0"]},
        },
        "monitoring": {
            "alert_command": ["/bin/sh", str(script), str(home.root)],
            "error_calls": 1,
            "error_share": 0.1,
        },
    }
    (home.config / "system.yaml").write_text(yaml.safe_dump(system))
    (home.config / "queue.yaml").write_text("max_attempts: 1\nsettle_seconds: 0\n")
    (home.config / "generator.yaml").write_text(
        "openai: {model: answer2}\ntopics: {kultur: [Brettspiele]}\n"
    )


class Manager:
    """A service manager that writes down what it is told."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)

    def heard(self) -> bytes:
        """Return all messages so far."""
        self._socket.setblocking(False)
        told = b""
        while True:
            try:
                told += self._socket.recv(65536)
            except BlockingIOError:
                return told

    def close(self) -> None:
        self._socket.close()


def _command_lines() -> bytes:
    """Return the command lines of all processes; those that end meanwhile are passed over."""
    told = b""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told += process.read_bytes() + b"\n"
        except OSError:
            continue
    return told


def attended(process: subprocess.Popen[bytes], canaries: Canaries) -> None:
    """Look at all command lines until a process ends, and keep what it said."""
    while True:
        canaries.said.append(_command_lines())
        try:
            canaries.said.extend(process.communicate(timeout=0.5))
            return
        except subprocess.TimeoutExpired:
            continue


def everything_below(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield all files below a folder with what is in them."""
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            if path.is_file():
                yield path, path.read_bytes()


def written(home: Home, folder: Path) -> bytes:
    """Return all that lies below a folder, each file after its name, but for the keys."""
    return b"".join(
        b"\n%s\n%s" % (os.fsencode(path), content)
        for path, content in everything_below(folder)
        if path != home.env_file and path.parent.name != "credentials"
    )
