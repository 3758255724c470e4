"""What is no job is refused with a reason: nothing is followed, nobody is blocked."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syntx.spool.files import FileSpool

Claim = Callable[[FileSpool], Any]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\xff\xfe", "not_utf8"),
        ("a.txt", b"a\0b", "binary"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"x" * 1_000_001, "too_large"),
        ("a.json", b'{"topic": "T"}', "no_prompt"),
        ("bomb.xml", b"<!DOCTYPE x>", "unknown_type"),
        ("bomb.zip", b"PK\x03\x04", "unknown_type"),
        ("a_response.txt", b"Antwort", "answer"),
        ("refusal.json", b'{"schema": "syntx.refusal/1"}', "no_prompt"),
        ("x" * 251 + ".txt", b"\xff", "not_utf8"),
        ("20261120T193000.123456Z-7f3a.json", b"{}", "not_a_job"),
        ("20261120T193000.123456Z-7f3a.json", b"\xff" * 9, "not_a_job"),
    ],
)
async def test_what_is_no_job_is_refused(
    yard: Any, spool: FileSpool, settle: Claim, name: str, content: bytes, reason: str
) -> None:
    """Its bytes are kept in error beside a record that says why, and incoming is clean."""
    yard.drop(name, content)

    assert await settle(spool) is None

    (record,) = yard.root.glob("error/*/*.refused/refusal.json")
    told = json.loads(record.read_text())
    assert (told["reason"], told["found"][0]["name"]) == (reason, name)
    assert (record.parent / told["found"][0]["kept_as"]).read_bytes() == content
    assert yard.names("incoming") == []
    assert [(event, told["files"]) for event, told in yard.events] == [("entry_refused", [name])]


def fifo(path: Path, outside: Path) -> None:
    """A FIFO blocks who opens it."""
    os.mkfifo(path)


def unix_socket(path: Path, outside: Path) -> None:
    """A socket cannot be opened."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))


def link(path: Path, outside: Path) -> None:
    """A link leads outside."""
    path.symlink_to(outside)


def dead_link(path: Path, outside: Path) -> None:
    """A link leads nowhere."""
    path.symlink_to("/nowhere/at/all")


def hard_link(path: Path, outside: Path) -> None:
    """A file that has another name elsewhere."""
    path.hardlink_to(outside)


def folder(path: Path, outside: Path) -> None:
    """A folder that contains itself."""
    path.mkdir()
    (path / "loop").symlink_to("..")


def sparse(path: Path, outside: Path) -> None:
    """A file of ten gigabytes of nothing."""
    path.touch()
    os.truncate(path, 10 * 1024**3)


@pytest.mark.parametrize(
    "name", ["a.txt", "20261120T193000.123456Z-7f3a.json", "a\n\x1b[31m\udcff"]
)
@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (fifo, "not_plain"), (unix_socket, "not_plain"), (link, "not_plain"),
        (dead_link, "not_plain"), (hard_link, "not_plain"), (folder, "not_plain"),
        (sparse, "too_large"),
    ],
)  # fmt: skip
async def test_what_is_no_plain_file_is_refused_unopened(
    yard: Any,
    spool: FileSpool,
    settle: Claim,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    thing: Callable[[Path, Path], None],
    reason: str,
    name: str,
) -> None:
    """Nothing is followed, nothing blocks, the next job is taken, and the reason is told."""
    monkeypatch.chdir(tmp_path)
    outside = tmp_path / "outside"
    outside.write_text("geheim")
    thing(yard.root / "incoming" / name, outside)
    await spool.submit([yard.job()])

    claim = await settle(spool)

    assert claim is not None
    assert claim.job.prompt == "Erkläre die Größe."
    await settle(spool)
    (record,) = yard.root.glob("error/*/*.refused/refusal.json")
    told = json.loads(record.read_text())
    expected = "not_plain" if name.startswith("2026") else reason
    assert told["reason"] == expected
    assert told["found"][0]["name"].isprintable()
    assert os.listdir(yard.root / "incoming") == []
    assert outside.read_text() == "geheim"
