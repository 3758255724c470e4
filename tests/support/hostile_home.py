"""A home in which every text that may come from outside tries to take over a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import yaml

from syntx.home import Home
from syntx.ids import new_id
from syntx.job import AnswerRecord, Attempt, DraftedBy, Job, Recipe, Score, Verdict
from syntx.journal.names import NAMES

HOSTILE = (
    "\x1b]0;BOO\x07\x1b[31mBOO \x9b31m \x9d0;x\x9c \x00\x08\x0b\x0c\r\x7f\x85"
    " \u202etxt.exe\u202c \u2066\u200f\u061c \u2028 \U000e0041 [red]BOO[/] %s {0} $(boo) سلام "
)
"""Sequences of 7 and 8 bits, turns of direction, markup, and texts that only look bad."""
IN_A_NAME = HOSTILE.replace("\x00", "").replace("/", "")
FORBIDDEN = {char for char in HOSTILE if not char.isprintable()} | {"\ud800"}
"""What may not reach a terminal or a file, beside line ends and tabs."""


def fill(home: Home) -> dict[str, str]:
    """Plant hostile texts wherever they can get into a home; returns IDs of jobs by state."""
    _configure(home)
    _write_logs(home.root / "logs")
    _drop(home.root / "queue" / "incoming")
    return {
        "processed": _lay(home, "processed", "passed"),
        "error": _lay(home, "error", "failed"),
        "low": _lay(home, "error", "low_score"),
        "document": _lay(home, "error", "failed", kind="document"),
    }


def _configure(home: Home) -> None:
    api = {
        "name": f"api {HOSTILE}",
        "base_url": "http://127.0.0.1:9/v1",
        "models": [{"name": f"m {HOSTILE}", "context": 9000}],
    }
    (home.models / "bad.yaml").write_text(yaml.safe_dump(api))
    topics = {f"k {HOSTILE}": [f"t {HOSTILE}"]}
    (home.config / "generator.yaml").write_text(yaml.safe_dump({"topics": topics}))
    (home.root / "wrappers" / f"w{IN_A_NAME}.txt").write_text(f"{HOSTILE}\n\n{{prompt}}\n")


def _write_logs(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        record = {
            "schema": f"syntx.{name}/1",
            "event_id": f"{name} {HOSTILE}",
            "timestamp": datetime.now(UTC).isoformat(),
            "model": f"m {HOSTILE}",
            "operation": HOSTILE,
            "generation": 1,
            HOSTILE: HOSTILE,
            'x"); DROP TABLE costs; --': HOSTILE,
        }
        line = json.dumps(record, ensure_ascii=False)
        (folder / f"{name}.jsonl").write_text(f"{line}\n{{torn {HOSTILE!a}\n")


def _drop(incoming: Path) -> None:
    incoming.mkdir(parents=True, exist_ok=True)
    (incoming / f"frage{IN_A_NAME}.txt").write_text(f"Warum {HOSTILE}?")
    (incoming / f"falsch{IN_A_NAME}.json").write_text('{"prompt": 7}')
    (incoming / f"fremd{IN_A_NAME}.exe").write_text("MZ")
    folder = incoming / f"auftrag{IN_A_NAME}"
    folder.mkdir()
    (folder / "job.yaml").write_text(yaml.safe_dump({f"k{HOSTILE}": HOSTILE}))
    (folder / f"x{IN_A_NAME}.txt").write_text(HOSTILE)


def _lay(home: Home, state: str, outcome: str, *, kind: str = "prompt") -> str:
    at = datetime.now(UTC)
    words = dict.fromkeys(("topic", "category", "style", "wrapper", "pattern", "language"), HOSTILE)
    job = Job(
        id=new_id(at=at),
        kind=kind,
        created_at=at,
        source=HOSTILE,
        prompt=f"Warum {HOSTILE}?",
        recipe=Recipe(**words),
        generation=1,
        operator=HOSTILE,
        family=HOSTILE,
        models=(HOSTILE,),
        drafted_by=DraftedBy(model=HOSTILE),
        metadata={HOSTILE: HOSTILE, "origin": HOSTILE, "file": HOSTILE, "note": HOSTILE},
    )
    answer = AnswerRecord(model=HOSTILE, text=HOSTILE, session_id=HOSTILE, finish_reason=HOSTILE)
    score = Score(total=88, parts={HOSTILE: 0.5}, fields={HOSTILE: True}, explanation=(HOSTILE,))
    failed = outcome == "failed"
    verdict = Verdict(
        outcome=outcome,
        reason=f"bad {HOSTILE}" if failed else None,
        message=HOSTILE,
        score=None if failed else score,
        score_version="1",
        wrapper=HOSTILE,
        answers=() if failed else (answer,),
        settled_at=at,
    )
    attempt = Attempt(
        worker=HOSTILE, started=at, ended=at, model=HOSTILE, error="E", reason="x", message=HOSTILE
    )
    folder = home.root / "queue" / state / job.day
    if kind == "document":
        folder = folder / job.id
        workflow = folder / "workflow"
        workflow.mkdir(parents=True)
        (folder / f"{IN_A_NAME}.txt").write_text(HOSTILE)
    folder.mkdir(parents=True, exist_ok=True)
    name = "job.json" if kind == "document" else f"{job.id}.json"
    (folder / name).write_bytes(job.settled(verdict, attempt).to_bytes())
    return job.id
