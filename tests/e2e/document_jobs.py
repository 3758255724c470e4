"""Folders with real attachments, a consumer that works them off, and what came of it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import office_files
import yaml

from consumer.building import open_bench
from consumer.service import Service, Tally
from syntx.ground import Ground
from syntx.home import Home
from syntx.service import Stop

REQUEST = """Schreibe einen Bericht über die Ausgaben der Gemeinde im Jahr 2025.

Er soll die „Einnahmen“ nennen und die Tabelle der Ausgaben enthalten.
"""
TABLE = "Posten;Betrag\nSchule;120000\nStraßen;80500\nPark;9100\n"
MAIL = b"""From: Erika Mustermann <erika.mustermann@example.org>
To: kasse@example.org
Subject: Nachtrag
Content-Type: text/plain; charset=utf-8

Die Einnahmen aus der Grundsteuer betrugen 410000 Euro. Der Nachtrag umfasst 7000 Euro.
"""


def attachment(name: str) -> bytes:
    """Return the bytes of an attachment of that kind."""
    lines = [
        "Die Einnahmen stiegen im Jahr 2025 auf 2300000 Euro.",
        "Der Park wurde neu bepflanzt.",
    ]
    made = {
        "pdf": lambda: office_files.pdf_file([lines]),
        "docx": office_files.word_file,
        "xlsx": office_files.sheet_file,
        "csv": TABLE.encode,
        "eml": lambda: MAIL,
        "txt": lambda: "Der Rat tagte zwölf Mal.".encode(),
    }
    return made[name.rpartition(".")[2]]()


def folder(
    path: Path,
    attachments: Sequence[str] = (),
    request: str = REQUEST,
    **options: Any,
) -> Path:
    """Write the folder of a document job."""
    path.mkdir(parents=True)
    (path / "request.md").write_text(request)
    if options:
        (path / "job.yaml").write_text(yaml.safe_dump(options))
    for name in attachments:
        (path / name).write_bytes(attachment(name))
    return path


def configure(home: Home, **documents: Any) -> None:
    """Let dropped folders be taken at once, retries come soon, and set options of documents."""
    (home.config / "queue.yaml").write_text(
        "settle_seconds: 0\nretry_delay: 0.05\nmax_rescues: 9\npoll_seconds: 0.2\n"
    )
    system = home.config / "system.yaml"
    data = yaml.safe_load(system.read_text()) or {}
    data["documents"] = {**(data.get("documents") or {}), **documents}
    system.write_text(yaml.safe_dump(data))


async def serve(home: Home) -> Tally:
    """Run a consumer, as the service does, until nothing waits."""
    ground = Ground(home, "consumer")
    try:
        async with open_bench(ground) as bench:
            return await Service(bench, Stop(), until_empty=True).run()
    finally:
        ground.logs.close()


def ended(home: Home) -> dict[str, Path]:
    """Return the folders of the document jobs that have ended, by ID."""
    # Not the whole queue: what workers make and remove meanwhile would vanish under the search.
    return {
        path.parent.name: path.parent
        for state in ("processed", "error", "archive")
        for path in (home.root / "queue" / state).glob("*/*/job.json")
    }


def verdict_of(entry: Path) -> Mapping[str, Any]:
    """Return how a job ended."""
    verdict: Mapping[str, Any] = json.loads((entry / "job.json").read_bytes())["verdict"]
    return verdict


def output(entry: Path, name: str) -> Any:
    """Return one of the JSON files a job yielded."""
    return json.loads((entry / "outputs" / name).read_bytes())


def outputs(entry: Path) -> dict[str, bytes]:
    """Return the files a job yielded."""
    return {path.name: path.read_bytes() for path in sorted((entry / "outputs").iterdir())}


def asked_of(url: str) -> int:
    """Return how often a simulator was asked for an answer."""
    with urllib.request.urlopen(f"{url}/stats", timeout=30) as answered:
        found: dict[str, dict[str, int]] = json.load(answered)
    return found["calls"].get("chat", 0)
