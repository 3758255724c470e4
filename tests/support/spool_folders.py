"""Folders with a request for the tests of every spool, and jobs made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from syntx.ids import new_id
from syntx.job import Job
from syntx.spool.contract import Claim, Spool

START = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
REQUEST = "Fasse die Größen zusammen.\n"


def written(path: Path) -> Path:
    """Write a folder with a request, options and attachments."""
    (path / "a").mkdir(parents=True)
    (path / "request.md").write_text(REQUEST)
    (path / "request.txt").write_text("ein Anhang")
    (path / "job.yaml").write_text("format: pdf")
    (path / "a" / "b.csv").write_text("1;2")
    return path


def document(**fields: object) -> Job:
    """Make a document job of such a folder."""
    known = {"id": new_id("bericht", None, at=START), "created_at": START, "kind": "document"}
    return Job.model_validate(known | {"prompt": REQUEST} | fields)


async def held(spool: Spool) -> tuple[Claim, Path]:
    """Claim what must be there; returns the claim and its folder."""
    claim = await spool.claim()
    assert claim is not None
    return claim, spool.folder_of(claim)


def inside(folder: Path) -> list[str]:
    """Return the files in a folder, by their path in it."""
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
