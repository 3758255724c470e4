"""What was asked of a home, and whether all of it is there in the end, once."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from syntx.journal.appending import Unreadable
from syntx.journal.files import read_all
from syntx.journal.names import NAMES

ENDED = ("processed", "error", "archive")
STAGES = ("1_INCOMING", "2_WRAPPERS_LOADED", "3_FIELD_CALIBRATED", "4_BACKEND_FORWARD")
OPEN = ("incoming", "processing", "retry")


def entries(home: Path, states: Iterable[str]) -> Iterator[Path]:
    """Give the files of jobs that stand in some states."""
    for state in states:
        for folder, _, names in os.walk(home / "queue" / state):
            yield from (Path(folder, name) for name in names if name.endswith(".json"))


def envelopes(home: Path, states: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Give jobs; one that moves on while it is looked at is left out."""
    for path in entries(home, states):
        try:
            yield json.loads(path.read_bytes())
        except FileNotFoundError:
            continue


def lines(home: Path, log: str) -> list[dict[str, Any]]:
    """Return the records of a log, from all its files; fails on a line that is none."""
    records = list(read_all(home / "logs" / f"{log}.jsonl"))
    torn = [record for record in records if isinstance(record, Unreadable)]
    assert not torn, torn
    return [record for record in records if not isinstance(record, Unreadable)]


@dataclass
class Ledger:
    """The prompts that were given to a home by hand."""

    home: Path
    given: list[str] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=lambda: count(1))

    def new(self, number: int) -> list[str]:
        """Note so many new prompts, each unlike all others."""
        made = [f"Was sieht, wer {next(self._number)} Mal hinsieht?" for _ in range(number)]
        self.given += made
        return made

    def drop(self, number: int, *, wrapper: str | None = None) -> list[str]:
        """Drop new prompts as files, moved in when they are whole, their metadata first."""
        made = self.new(number)
        for text in made:
            name = f"frage-{next(self._number)}"
            if wrapper is not None:
                self._move_in(f"{name}.json", json.dumps({"wrapper": wrapper}))
            self._move_in(f"{name}.txt", text)
        return made

    def _move_in(self, name: str, text: str) -> None:
        scratch = self.home / name
        scratch.write_text(text, encoding="utf-8")
        scratch.rename(self.home / "queue/incoming" / name)

    def verdicts(self, prompts: Iterable[str]) -> list[str]:
        """Return the outcomes of prompts, of those that have one."""
        wanted = set(prompts)
        jobs = envelopes(self.home, ENDED)
        return [job["verdict"]["outcome"] for job in jobs if job["prompt"] in wanted]

    def are_answered(self, prompts: list[str]) -> bool:
        """Whether each of them has its score."""
        found = self.verdicts(prompts)
        return len(found) == len(prompts) and set(found) <= {"passed", "low_score"}

    def have_failed(self, prompts: list[str]) -> bool:
        """Whether each of them has failed."""
        return self.verdicts(prompts) == ["failed"] * len(prompts)

    def is_idle(self) -> bool:
        """Whether no job waits or is worked on."""
        return not any(entries(self.home, OPEN))

    def balance_jobs(self) -> None:
        """Every prompt given or generated has ended, once, and nothing else is there."""
        assert self.is_idle()
        jobs = list(envelopes(self.home, ENDED))
        ids = Counter(job["id"] for job in jobs)
        assert max(ids.values()) == 1
        prompts = Counter(job["prompt"] for job in jobs)
        assert {text: prompts[text] for text in self.given} == dict.fromkeys(self.given, 1)
        generated = sum(line["prompts_generated"] for line in lines(self.home, "evolution"))
        assert len(jobs) == len(self.given) + generated
        assert {job["verdict"]["outcome"] for job in jobs} <= {"passed", "low_score"}

    def balance_logs(self) -> None:
        """No line of any log is lost or there twice, wherever its file was put."""
        every = {log: lines(self.home, log) for log in NAMES}
        events = Counter(line["event_id"] for log in every.values() for line in log)
        assert max(events.values()) == 1
        numbers = [line["generation"] for line in every["evolution"]]
        assert sorted(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
        for job in envelopes(self.home, ENDED):
            self._balance_lines(job, every)

    def _balance_lines(self, job: dict[str, Any], every: dict[str, list[dict[str, Any]]]) -> None:
        """The last run of a job is told whole; an earlier one may have been cut off by a kill."""

        def told(log: str) -> list[dict[str, Any]]:
            return [line for line in every[log] if line["job_id"] == job["id"]]

        stages = Counter(line["stage"] for line in told("field_flow"))
        # The first four are one write.
        assert len({stages[name] for name in STAGES}) == 1, job["id"]
        assert stages[STAGES[-1]] >= stages["5_RESPONSE"] >= 1, job["id"]
        answers = [line for line in told("llama_responses") if line["success"]]
        assert len(answers) >= 1, job["id"]
        assert len(told("wrapper_requests")) >= 1, job["id"]
        assert len(told("costs")) >= len(answers), job["id"]
