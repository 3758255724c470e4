"""The journals of a home under their names, each record with the fields all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from syntx.journal import Journal, event_id

Name = Literal[
    "evolution",
    "gpt_prompts",
    "llama_responses",
    "field_flow",
    "wrapper_requests",
    "costs",
    "audit",
]


class Logs:
    """Writes records to `FOLDER/NAME.jsonl`; `evolution_log` may lie elsewhere."""

    def __init__(self, folder: Path, service: str, *, evolution_log: Path | None = None) -> None:
        self.folder = folder
        self.service = service
        self._evolution = evolution_log
        self._journals: dict[str, Journal] = {}

    def path(self, name: Name) -> Path:
        """Return where a journal lies."""
        if name == "evolution" and self._evolution is not None:
            return self._evolution
        return self.folder / f"{name}.jsonl"

    def write(
        self,
        name: Name,
        *records: Mapping[str, Any],
        job_id: str | None = None,
        trace_id: str | None = None,
        flush: bool = False,
    ) -> None:
        """Append records, a line each; their own keys win over the shared ones."""
        journal = self._journals.get(name)
        if journal is None:
            journal = self._journals[name] = Journal(self.path(name))
        timestamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        whole = [
            {
                "schema": f"syntx.{name}/1",
                "event_id": event_id(),
                "timestamp": timestamp,
                "service": self.service,
                "job_id": job_id,
                "trace_id": trace_id,
                **record,
            }
            for record in records
        ]
        journal.append(*whole, flush=flush)

    def close(self) -> None:
        """Close all journals."""
        for journal in self._journals.values():
            journal.close()
