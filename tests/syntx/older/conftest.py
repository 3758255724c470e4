"""A folder of the older system, filled by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syntx.job import Job
from syntx.older.folder import Found, Skipped, walk
from syntx.older.reading import compose
from syntx.older.verdicts import Terms
from syntx.spool.layout import Folders
from syntx.spool.storage import Storage
from syntx.spool.syscalls import Disk


@dataclass
class Older:
    """What an older system left, and ways to add to it and to read it."""

    root: Path
    name = "20251126_030512_000123__topic_quantencomputer__style_technisch"
    prompt = "Wie würde ein „Quantencomputer“ für Kinder aussehen?"
    answer = "1. DRIFT\nAlles kippt.\n\n2. HINTERGRUND-MUSTER\nMan zieht sich zurück.\n"
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def result(self, total: Any = 98, **more: Any) -> dict[str, Any]:
        """Return a `syntex_result` as the older system wrote it."""
        score = {
            "total_score": total,
            "field_completeness": 100,
            "structure_adherence": 32,
            "detail_breakdown": {"drift": True, "hintergrund_muster": True, "klartext": False},
        }
        empty = {"session_id": None, "wrapper": None, "worker_id": None}
        scored = None if total is None else score
        return {"quality_score": scored, "duration_ms": 39455, **empty, **more}

    def metadata(self, **more: Any) -> dict[str, Any]:
        """Return metadata as the older system wrote them."""
        return {
            "topic": "Quantencomputer",
            "style": "technisch",
            "category": "technologie",
            "gpt_quality": None,
            "gpt_cost": {"input_tokens": 24, "output_tokens": 130, "total_cost": 0.00136},
            "created_at": "2025-11-26T03:05:12.000123",
            "filename": f"{self.name}.txt",
            **more,
        }

    def put(
        self,
        state: str,
        text: str | None = None,
        data: dict[str, Any] | None = None,
        answer: str | None = None,
        name: str | None = None,
    ) -> None:
        """Write the files of one job into a folder."""
        folder = self.root / state
        folder.mkdir(parents=True, exist_ok=True)
        stored = None if data is None else json.dumps(data, ensure_ascii=False)
        files = {".txt": text, ".json": stored, "_response.txt": answer}
        for ending, content in files.items():
            if content is not None:
                (folder / f"{name or self.name}{ending}").write_bytes(content.encode())

    def write(self, state: str, files: dict[str, bytes]) -> None:
        """Write files as they are."""
        (self.root / state).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (self.root / state / name).write_bytes(content)

    def read(self, root: Path | None = None, limit: int = 1_000_000) -> list[Found | Skipped]:
        """Return what lies in the folder."""
        folder = root or self.root
        return list(walk(folder, Storage(Disk(), Folders.at(folder)), limit))

    def skipped(self, limit: int = 1_000_000) -> dict[str, str]:
        """Return what was not read, with the reasons."""
        found = self.read(limit=limit)
        return {item.path: item.reason for item in found if isinstance(item, Skipped)}

    def jobs(self, root: Path | None = None, **terms: Any) -> list[Job]:
        """Return the jobs the folder holds; none may have been skipped."""
        found = self.read(root)
        assert not [item for item in found if isinstance(item, Skipped)]
        known = {"now": self.now, "zone": UTC, **terms}
        return [compose(item, Terms(**known)) for item in found if isinstance(item, Found)]

    def one(self, **terms: Any) -> Job:
        """Return the only job of the folder."""
        (job,) = self.jobs(**terms)
        return job


@pytest.fixture
def older(tmp_path: Path) -> Older:
    """Give an empty folder of an older system."""
    root = tmp_path / "older"
    root.mkdir()
    return Older(root)
