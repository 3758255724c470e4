"""What is left of a queue on disk, and whether it keeps what the story promised."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from loading import attachment_of, output_of, prompt_of
from pydantic import ValidationError
from telling import Story

from syntx.job import Job
from syntx.spool.layout import REFUSED_SUFFIX, envelope_of, parse_entry

FINAL = ("processed", "error", "archive")
PLACES = ("incoming", "processing", "retry", *FINAL)


@dataclass(slots=True)
class Remains:
    """The jobs by ID with the places each is in, and what is no whole job."""

    jobs: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    torn: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """What is no entry: dropped, refused, being taken in, or a second outcome."""
    refused: list[str] = field(default_factory=list)
    """The names that were refused, as they were dropped."""
    scratch: list[str] = field(default_factory=list)


class Found(NamedTuple):
    """A job where it lies."""

    place: str
    job: Job
    path: Path


def remains_of(root: Path) -> Remains:
    """Read every entry of the queue."""
    found = Remains(scratch=[str(path) for path in (root / ".tmp").rglob("*")])
    for place in PLACES:
        below = "*" if place in ("incoming", "retry") else "*/*"
        for path in sorted((root / place).glob(below)):
            _take(found, place, path, str(path.relative_to(root)))
    return found


def _take(found: Remains, place: str, path: Path, name: str) -> None:
    entry = parse_entry(path.name.partition("~")[2] if place == "retry" else path.name)
    if entry is None:
        found.others.append(name)
        if name.endswith(REFUSED_SUFFIX):
            found.refused += json.loads((path / "refusal.json").read_bytes())["original"]
        return
    try:
        job = Job.from_bytes(Path(envelope_of(str(path))).read_bytes())
    except (ValidationError, FileNotFoundError):
        found.torn.append(name)
        return
    found.jobs[entry.id].append(Found(place, job, path))
    if job.id != entry.id:
        found.torn.append(f"{name} says it is {job.id}")


def broken_promises(story: Story, found: Remains) -> list[str]:
    """Say what was promised and is not so, one line each; holds at any time after a rescue."""
    return [
        *story.faults,
        *(f"torn: {name}" for name in found.torn),
        *(f"a second outcome: {name}" for name in found.others if ".conflict-" in name),
        *(f"lost: {job_id}" for job_id in sorted(story.submitted - set(found.jobs))),
        *_misplaced(found),
        *_unended(story, found),
        *_dropped(story, found),
    ]


def unfinished(found: Remains) -> list[str]:
    """Say what a drained queue without workers must not hold any more."""
    waiting = [
        f"not ended: {job_id} in {place}"
        for job_id, places in found.jobs.items()
        for place, job, _ in places
        if place not in FINAL or job.verdict is None
    ]
    strays = [name for name in found.others if name.split("/")[0] not in FINAL]
    return waiting + strays + found.scratch


def _misplaced(found: Remains) -> Iterator[str]:
    for job_id, places in found.jobs.items():
        if len(places) > 1:
            yield f"doubled: {job_id} in {[one.place for one in places]}"
        for place, job, path in places:
            if job.prompt != prompt_of(_key_of(job)):
                yield f"not its prompt: {job_id}"
            if (place in FINAL) != (job.verdict is not None):
                yield f"verdict and place differ: {job_id} in {place}"
            if job.kind == "document" and not _holds(
                path / "attachments" / "data.csv", attachment_of(_key_of(job))
            ):
                yield f"not its attachment: {job_id}"


def _unended(story: Story, found: Remains) -> Iterator[str]:
    """Yield what was settled, archived or retried, and is not."""
    first = {job_id: places[0] for job_id, places in found.jobs.items() if places}
    for job_id in story.settled:
        one = first.get(job_id)
        if one is None or one.place not in FINAL or one.job.verdict is None:
            yield f"settled, but in {one.place if one else 'no place'}: {job_id}"
        elif one.job.verdict.outcome != "passed":
            yield f"settled as passed, but {one.job.verdict.outcome}: {job_id}"
        elif one.job.kind == "document" and not _holds(
            one.path / "outputs" / "answer.txt", output_of(job_id)
        ):
            yield f"settled without its output: {job_id}"
    for job_id in story.archived:
        if job_id not in first or first[job_id].place != "archive":
            yield f"archived, but not there: {job_id}"
    for job_id, times in story.retried.items():
        if job_id in first and len(first[job_id].job.attempts) < times:
            yield f"an attempt is lost: {job_id}"


def _holds(path: Path, content: str) -> bool:
    """Whether a file is there with this content."""
    return path.is_file() and path.read_bytes() == content.encode()


def _dropped(story: Story, found: Remains) -> Iterator[str]:
    jobs = defaultdict(list)
    for places in found.jobs.values():
        for _, job, _ in places:
            if job.source == "dropped":
                jobs[_key_of(job)].append(job)
    lying = {Path(name).stem for name in found.others if name.startswith("incoming/")}
    for name in story.dropped:
        if len(jobs[name]) + (name in lying) != 1:
            yield f"dropped, and there {len(jobs[name])} times as a job: {name}"
        for job in jobs[name]:
            # A slow copier's sidecar is taken for a file of its own, and refused with a reason.
            if (
                job.kind == "prompt"
                and job.recipe.topic != name
                and f"{name}.json" not in found.refused
            ):
                yield f"parted from its sidecar: {name}"


def _key_of(job: Job) -> str:
    """Return what the job's prompt was made from."""
    if job.source != "dropped":
        return job.id
    name = str(job.metadata["dropped_name"])
    return name if job.kind == "document" else name.rpartition(".")[0]
