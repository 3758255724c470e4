"""Rescue: the jobs of dead workers go back, and their folders go away.

A worker is dead when the lock on its scratch folder can be had. No clock decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from syntx.job import Attempt, Job, Verdict
from syntx.spool.dropped import intake, refusing
from syntx.spool.dropped.folder_intake import is_folder_intake
from syntx.spool.dropped.foreign import Refused
from syntx.spool.dropped.intake import Taking
from syntx.spool.failures import FlushFailed
from syntx.spool.finishing import finish
from syntx.spool.layout import (
    BIRTH_PREFIX,
    INCOMING,
    INTAKE_SUFFIX,
    PROCESSING,
    RETRY,
    TMP,
    Entry,
    Kind,
    envelope_of,
    kind_of,
    parse_entry,
)
from syntx.spool.plain import NotPlain
from syntx.spool.presence import lock_if_dead, lock_newborn


@dataclass(frozen=True, slots=True)
class Rescuing:
    """Who rescues, and how many dead workers one job may cost."""

    taking: Taking
    max_rescues: int


def rescue_all(rescuing: Rescuing, orphans: set[str]) -> tuple[list[str], set[str]]:
    """Give back the jobs of every dead worker.

    Returns the names that went back to `incoming/` (a job that was ended instead counts as its
    ID), and the orphans: holders without a scratch folder, adopted when seen a second time.
    What fails at one worker keeps nobody from rescuing the others; it is raised at the end.
    """
    given: list[str] = []
    failed: OSError | None = None
    storage = rescuing.taking.storage
    for worker in _others(rescuing, storage.folders.path(TMP)):
        try:
            lock = lock_if_dead(storage, worker)
            if lock is not None:
                given += _rescue_locked(rescuing, worker, lock)
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed
    known = set(storage.names(storage.folders.path(TMP)))
    lonely = set(_others(rescuing, storage.folders.path(PROCESSING))) - known
    for worker in sorted(lonely & orphans):
        lock = lock_newborn(storage, _newborn(rescuing, worker), worker)
        if lock is not None:
            given += _rescue_locked(rescuing, worker, lock)
    return given, lonely - orphans


def give_back(rescuing: Rescuing, worker: str, *, died: bool) -> list[str]:
    """Empty a holder's folder; the name tells of a death only if `died`."""
    storage, hold = rescuing.taking.storage, rescuing.taking.storage.folders.hold(worker)
    given: list[str] = []
    # What one of them meets keeps none of the others here; it is raised at the end.
    failed: OSError | None = None
    for name in storage.names(hold):
        if name.endswith(INTAKE_SUFFIX):
            try:
                finish_intake(rescuing.taking, f"{hold}/{name}")
            except FlushFailed:
                raise
            except OSError as error:
                failed = error
    left = storage.names(hold)
    for name in left:
        # An entry tells that its intake needs no building, so it stays as long as that.
        if name.endswith(INTAKE_SUFFIX) or _job_of(name) + INTAKE_SUFFIX in left:
            continue
        try:
            given.append(give_back_entry(rescuing, f"{hold}/{name}", died))
        except FlushFailed:
            raise
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed
    return given


def _job_of(name: str) -> str:
    entry = parse_entry(name)
    return name if entry is None else entry.id


def _others(rescuing: Rescuing, path: str) -> Iterator[str]:
    own = rescuing.taking.worker
    return (name for name in rescuing.taking.storage.names(path) if name != own)


def _newborn(rescuing: Rescuing, worker: str) -> str:
    return f"{BIRTH_PREFIX}{rescuing.taking.worker}-adopts-{worker}"


def _rescue_locked(rescuing: Rescuing, worker: str, lock: int) -> list[str]:
    storage = rescuing.taking.storage
    try:
        given = [] if worker.startswith(BIRTH_PREFIX) else give_back(rescuing, worker, died=True)
        if storage.exists(storage.folders.hold(worker)):
            storage.disk.rmdir(storage.folders.hold(worker))
        trash = storage.scratch_name(rescuing.taking.worker)
        storage.disk.rename(storage.folders.scratch(worker), trash)
        storage.remove_tree(trash)
    finally:
        storage.quietly_close(lock)
    if given:
        rescuing.taking.notice("jobs_rescued", {"worker": worker, "jobs": len(given)})
    return given


def give_back_entry(rescuing: Rescuing, path: str, died: bool) -> str:
    """End a job whose verdict is inside, or give it back; returns the name it has then."""
    taking = rescuing.taking
    name = path.rpartition("/")[2]
    entry = parse_entry(name)
    if entry is None:
        intake.take_entry(taking, path, Refused("stray", "it lay among the held jobs"))
        return name
    job = _read(taking, path)
    if job is not None and job.verdict is not None:
        finish(taking.storage, path, job, taking.notice)
        return name
    if died and entry.rescues >= rescuing.max_rescues:
        _end(taking, path, entry, job)
        return name
    rescues = entry.rescues + 1 if died else entry.rescues
    return publish_again(taking, path, entry._replace(rescues=rescues))


def publish_again(taking: Taking, path: str, entry: Entry) -> str:
    """Let an entry wait in `incoming/`; returns the name it has there."""
    name = entry.name
    try:
        taking.storage.publish(path, taking.storage.folders.path(INCOMING), name)
    except FileExistsError:
        # Somebody submitted the same ID anew; both are kept.
        return publish_again(taking, path, entry._replace(rescues=entry.rescues + 1))
    return name


def give_due(taking: Taking, due: str) -> str:
    """Let an entry in `retry/` wait again; returns the name it has then.

    Raises FileNotFoundError when another worker was first.
    """
    source, entry = taking.storage.folders.path(RETRY, due), parse_entry(due.partition("~")[2])
    assert entry is not None
    try:
        target = taking.storage.folders.path(INCOMING, entry.name)
        taking.storage.disk.rename_new(source, target)
    except FileExistsError:
        return publish_again(taking, source, entry)
    return entry.name


def _end(taking: Taking, path: str, entry: Entry, job: Job | None) -> None:
    times = entry.rescues + 1
    message = f"killed its worker {times} times"
    if job is None:
        return intake.take_entry(taking, path, Refused("worker_killed", message))
    now = taking.now()
    verdict = Verdict(outcome="failed", reason="worker_killed", message=message, settled_at=now)
    attempt = Attempt(
        worker=path.split("/")[-2], started=now, ended=now, reason="worker_killed", message=message
    )
    ended = job.settled(verdict, attempt)
    rewrite(taking, path, ended)
    return finish(taking.storage, path, ended, taking.notice)


def rewrite(taking: Taking, path: str, job: Job) -> None:
    """Replace a held entry's envelope, flushed."""
    with taking.storage.staged(taking.worker, job.to_bytes()) as scratch:
        taking.storage.disk.rename(scratch, envelope_of(path))
    if not path.endswith(".json"):
        taking.storage.sync_once(path)


def _read(taking: Taking, path: str) -> Job | None:
    try:
        return Job.from_bytes(taking.storage.read_entry(path))
    except (ValidationError, NotPlain, FileNotFoundError):
        return None


def finish_intake(taking: Taking, folder: str) -> None:
    """Do what is left of an intake: nothing, a refusal, the building, or the clearing up."""
    storage = taking.storage
    names = storage.names(folder)
    made = folder.removesuffix(INTAKE_SUFFIX)
    if not names:
        storage.disk.rmdir(folder)
    elif refusing.begun(storage, folder, names):
        refusing.finish(storage, folder, taking.now())
    elif storage.exists(f"{made}.json") or storage.exists(made):
        intake.clear(storage, folder)
    else:
        lone = len(names) == 1 and not is_folder_intake(storage, folder, names)
        if lone and kind_of(names[0]) is Kind.PROMPT:
            intake.fetch_sidecar(storage, names[0], folder)
        intake.build(taking, folder)
