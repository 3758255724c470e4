"""Filling a queue with very many jobs, as plain files made directly."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evolution.rows import Row, row_of
from syntx.ids import day_of
from syntx.job import AnswerRecord, Attempt, Job, Recipe, Score, Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)
STYLES, WRAPPERS, PATTERNS, TOPICS = 4, 10, 6, 33
PER_GENERATION = 20
_PROMPT = "Wie verändert ein langer Winter das Zusammenleben in einer kleinen Stadt am Meer? " * 3


def fill_waiting(queue: Path, jobs: int) -> None:
    """Let jobs wait in `incoming/`."""
    folder = queue / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    step = timedelta(microseconds=86_400_000_000 // jobs)
    template = Job(id=_FIRST, created_at=START, prompt=_PROMPT).to_bytes().decode()
    for number in range(jobs):
        _write(folder, _id(number, step), template)


def fill_finished(queue: Path, jobs: int, days: int, first: int = 0, of: int = 0) -> None:
    """Let scored jobs lie in `processed/`, spread evenly over so many days.

    They are those from number `first` on, of a queue of `of` jobs (all, unless told).
    """
    step = _step(of or jobs, days)
    template = _finished().to_bytes().decode()
    made: set[Path] = set()
    for number in range(first, first + jobs):
        job_id = _id(number, step)
        folder = queue / "processed" / day_of(job_id)
        if folder not in made:
            folder.mkdir(parents=True, exist_ok=True)
            made.add(folder)
        text = template
        for mark, value in _values(number):
            text = text.replace(mark, value)
        _write(folder, job_id, text)


def rows_of(numbers: Iterable[int], jobs: int, days: int) -> Iterator[Row]:
    """Give the evidence of finished jobs of these numbers; half of the steered have a parent."""
    step = _step(jobs, days)
    like = row_of(_finished())
    assert like is not None
    for number in numbers:
        named: dict[str, Any] = {
            mark[1:-1]: value for mark, value in _values(number) if mark.startswith("{")
        }
        steered, draw = number % PER_GENERATION >= 4, number * 7919
        has_parent = steered and number % 2 == 1 and number >= PER_GENERATION
        yield replace(
            like,
            **named,
            job_id=_id(number, step),
            settled_at=f"{START + number * step:%Y-%m-%dT%H:%M:%S.%fZ}",
            generation=number // PER_GENERATION + 1,
            arm="steered" if steered else "control",
            operator="mutate" if has_parent else "fresh",
            parents=(_id(number - PER_GENERATION, step),) if has_parent else (),
            family=_id(number % PER_GENERATION if has_parent else number, step),
            score=50 + draw // 11 % 51,
            fields=(("drift", bool(draw % 3)), *like.fields[1:]),
        )


def _step(jobs: int, days: int) -> timedelta:
    return timedelta(microseconds=days * 86_400_000_000 // jobs)


def _values(number: int) -> Iterator[tuple[str, str]]:
    generation, draw = number // PER_GENERATION + 1, number * 7919
    topic = draw % TOPICS
    yield "{topic}", f"topic {topic}"
    yield "{category}", f"category {topic % 7}"
    yield "{style}", f"style {draw // 33 % STYLES}"
    yield "{wrapper}", f"wrapper {draw // 132 % WRAPPERS}"
    yield "{pattern}", f"pattern {draw // 1320 % PATTERNS}"
    yield '"control"', '"control"' if number % PER_GENERATION < 4 else '"steered"'
    yield "987654", str(generation)
    yield '"total":77', f'"total":{50 + draw // 11 % 51}'
    yield '"drift":true', f'"drift":{"true" if draw % 3 else "false"}'


def _finished() -> Job:
    moment = START + timedelta(hours=1)
    score = Score(
        total=77,
        parts={"structure": 0.8, "completeness": 0.9, "depth": 0.6},
        fields={"drift": True, "depth": True, "echo": False},
        explanation=("structure: all parts are there", "depth: 412 words", "echo: little"),
        completeness=90,
        structure=80,
    )
    verdict = Verdict(
        outcome="passed",
        score=score,
        score_version="1",
        wrapper="{wrapper}",
        wrapper_hash="0123456789abcdef",
        answers=(AnswerRecord(model="target", text=_PROMPT * 4),),
        settled_at=moment,
    )
    names = ("topic", "category", "style", "wrapper", "pattern")
    job = Job(
        id=_FIRST,
        created_at=START,
        prompt=_PROMPT,
        recipe=Recipe(**{name: f"{{{name}}}" for name in names}, language="de"),
        generation=987654,
        plan_id="g987654-x",
        arm="control",
        operator="fresh",
    )
    return job.settled(verdict, Attempt(worker="w", started=START, ended=moment, model="target"))


def _id(number: int, step: timedelta) -> str:
    moment = START + number * step
    return f"{moment:%Y%m%dT%H%M%S.%f}Z-{number & 0xFFFF:04x}-kleine_stadt-technisch"


_FIRST = _id(0, timedelta())


def _write(folder: Path, job_id: str, text: str) -> None:
    data = text.replace(_FIRST, job_id).encode()
    fd = os.open(folder / f"{job_id}.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    os.write(fd, data)
    os.close(fd)
