"""What an hour of an operator needs: a home on a disk of its own, a desk, a provider, a ledger."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operators_desk import Desk
from operators_door import MODEL, Door
from operators_ledger import Ledger


@dataclass
class Disk:
    """Where the home lies; `refused` says why the file system is none that can be filled."""

    folder: Path
    refused: str | None


@dataclass
class Hour:
    """Who and what plays."""

    desk: Desk
    door: Door
    ledger: Ledger
    disk: Disk
    port: int

    @property
    def home(self) -> Path:
        """The home that is looked after."""
        return self.desk.home

    def settle_in(self) -> None:
        """Write the settings of a small home that is in a hurry."""
        config = self.home / "config"
        simulator = config / "models/simulator.yaml"
        simulator.write_text(simulator.read_text().replace("8811", str(self.port)))
        (config / "models/door.yaml").write_text(
            f"kind: openai\nbase_url: {self.door.url}\nkey: DOOR_KEY\n"
            f"models:\n  - {{name: {MODEL}, context: 8000, price: {{input: 1, output: 2}}}}\n"
        )
        (config / "evolution.yaml").write_text("producer: {interval_seconds: 2}\n")
        (config / "queue.yaml").write_text(
            "{poll_seconds: 0.1, settle_seconds: 0.1, retry_delay: 0.1, max_attempts: 2,\n"
            " min_free_bytes: 4000000, min_free_inodes: 100, reserve_bytes: 1000000}\n"
        )
        told = ["sh", "-c", 'cat >> "$0"', str(self.desk.folder / "told.jsonl")]
        (config / "system.yaml").write_text(
            f"consumer: {{in_flight: 4, models_by_wrapper: {{sigma: {MODEL}}}}}\n"
            "gateway: {max_tries: 2, backoff: 0.05, cool_down: 0.2}\n"
            f"monitoring: {{every: 1, alert_command: {json.dumps(told)}}}\n"
        )
        (self.home / "logs/costs.jsonl").write_text(
            '{"event_id": "of-a-month-that-is-over", "timestamp": "2026-01-05T08:00:00Z",'
            ' "job_id": null, "model": "m", "success": true}\n'
        )


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Give a file system of 48 MB at `folder`, or a folder of the one that is there."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m,nr_inodes=20000", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        refused = done.stderr.partition("\n")[0] if done.returncode else None
    except FileNotFoundError:
        refused = "there is no mount command"
    try:
        yield Disk(folder, refused)
    finally:
        if refused is None:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
