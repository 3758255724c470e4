"""What this worker holds: taking an entry, leaving with it, putting it back."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from syntx.errors import SpoolError
from syntx.job import Job, first_error
from syntx.spool.contract import Claim
from syntx.spool.dropped import intake
from syntx.spool.dropped.foreign import Refused
from syntx.spool.layout import (
    ENVELOPE,
    INCOMING,
    INTAKE_SUFFIX,
    Entry,
    entry_name,
    envelope_of,
    parse_entry,
)
from syntx.spool.plain import NotPlain
from syntx.spool.recovery import Rescuing, finish_intake, give_back_entry, rewrite
from syntx.spool.work_folder import EARLIER_VERDICTS, begin_anew, check_inside

_STUCK = (errno.EPERM, errno.EBUSY, errno.EXDEV)


class Holding:
    """The jobs of one living worker, by ID; all calls are short and synchronous."""

    def __init__(self, rescuing: Rescuing) -> None:
        self._rescuing = rescuing
        self._taking = rescuing.taking
        self._storage = rescuing.taking.storage
        self._folder = self._storage.folders.hold(rescuing.taking.worker)
        self._held: dict[str, str] = {}
        self._leaving: list[tuple[str, str]] = []
        self._rewritten: set[str] = set()
        self._stranded: list[str] = []

    def holds(self, job_id: str) -> bool:
        """Whether this worker holds the job."""
        return job_id in self._held or any(leaving == job_id for leaving, _ in self._leaving)

    def has_twin(self, name: str) -> bool:
        """Whether an entry must wait, since another of its ID is held.

        Both are kept, and the second runs when the first has left.
        """
        entry = parse_entry(name) if self._held or self._leaving else None
        if entry is None:
            return False
        return entry.id in self._held or any(
            job_id == entry.id and self._storage.exists(f"{self._folder}/{held}")
            for job_id, held in self._leaving
        )

    def path(self, claim: Claim) -> str:
        """Return where a held entry lies."""
        return f"{self._folder}/{claim.entry}"

    def folder_of(self, claim: Claim) -> Path:
        """Return the folder of a held document job; raises SpoolError for any other."""
        if self._held.get(claim.job.id) != claim.entry:
            raise _not_held(claim.job.id)
        if claim.entry.endswith(".json"):
            raise SpoolError(f"{claim.job.id} is no document job, so it has no folder")
        return Path(self.path(claim))

    def take(self, name: str) -> Claim | None:
        """Take a waiting entry; None when another was first, or when it was refused.

        Raises Immovable when it cannot be renamed, OSError when the disk fails.
        """
        source = self._storage.folders.path(INCOMING, name)
        try:
            self._storage.disk.rename(source, f"{self._folder}/{name}")
        except FileNotFoundError:
            if not self._storage.exists(self._folder):
                raise
            return None
        except OSError as error:
            if self._is_stuck(source, error):
                raise intake.Immovable(f"{name!r} cannot be moved: {error.strerror}") from error
            raise
        try:
            return self._open(name)
        except OSError:
            self._strand(name)
            raise

    def keep(self, job: Job) -> Claim:
        """Hold a job whose entry intake has just made."""
        name = entry_name(job.id, is_folder=job.kind == "document")
        self._held[job.id] = name
        return Claim(job, name)

    @contextmanager
    def leaving(self, claim: Claim) -> Iterator[None]:
        """Let a claim go at the end of the block; raises SpoolError when it is not held.

        After an error it is held on, unless only the last flush failed and it has left. After
        a cancellation the promise may still be kept, so nobody may try it again; closing the
        spool puts back what is left.
        """
        job_id = claim.job.id
        if self._held.get(job_id) != claim.entry:
            raise _not_held(job_id)
        # It may be retried, due and held anew before the last flush of this block is done.
        self._forget(job_id)
        self._leaving.append((job_id, claim.entry))
        try:
            yield
        except SpoolError:
            if self._storage.exists(self.path(claim)):
                self._held[job_id] = claim.entry
                self._rewritten.add(job_id)
            raise
        finally:
            self._leaving.remove((job_id, claim.entry))

    def put_back(self, claim: Claim) -> str | None:
        """Give a held job back; returns its name in `incoming/`, or None when it ended instead."""
        job_id = claim.job.id
        if job_id in self._rewritten:
            # A settle that failed midway may have left its verdict inside.
            name = give_back_entry(self._rescuing, self.path(claim), died=False)
        else:
            self._storage.publish(self.path(claim), self._incoming, claim.entry)
            name = claim.entry
        self._forget(job_id)
        return name if self._storage.exists(f"{self._incoming}/{name}") else None

    def mend(self) -> list[str]:
        """Put back what errors left half taken; returns the names in `incoming/`."""
        names = [*self._stranded]
        for folder in self._storage.names(self._folder):
            if folder.endswith(INTAKE_SUFFIX):
                finish_intake(self._taking, f"{self._folder}/{folder}")
                job_id = folder.removesuffix(INTAKE_SUFFIX)
                names += [entry_name(job_id), entry_name(job_id, is_folder=True)]
        given = [name for name in names if self._storage.exists(f"{self._folder}/{name}")]
        for name in given:
            self._storage.publish(f"{self._folder}/{name}", self._incoming, name)
        self._stranded.clear()
        return given

    @property
    def has_stranded(self) -> bool:
        """Whether an entry could neither be opened nor put back."""
        return bool(self._stranded)

    @property
    def _incoming(self) -> str:
        return self._storage.folders.path(INCOMING)

    def _forget(self, job_id: str) -> None:
        self._held.pop(job_id, None)
        self._rewritten.discard(job_id)

    def _strand(self, name: str) -> None:
        try:
            self._storage.publish(f"{self._folder}/{name}", self._incoming, name)
        except OSError:
            self._stranded.append(name)

    def _is_stuck(self, source: str, error: OSError) -> bool:
        """Whether it lies at the entry that it cannot be moved, not at our folders."""
        if error.errno in _STUCK:
            return True
        # A folder that this user may not write cannot be moved into another.
        is_denied = error.errno == errno.EACCES
        return is_denied and stat.S_ISDIR(self._storage.disk.lstat(source).st_mode)

    def _open(self, name: str) -> Claim | None:
        entry = parse_entry(name)
        assert entry is not None
        path = f"{self._folder}/{name}"
        try:
            job = self._read(path, entry)
        except Refused as refused:
            intake.take_entry(self._taking, path, refused)
            return None
        if job.verdict is not None:
            job = without_verdict(job)
            rewrite(self._taking, path, job)
        if entry.is_folder:
            begin_anew(self._storage, path, job)
        self._held[job.id] = name
        return Claim(job, name, entry.rescues)

    def _read(self, path: str, entry: Entry) -> Job:
        try:
            job = Job.from_bytes(self._storage.read_entry(path))
        except ValidationError as error:
            raise Refused("not_a_job", first_error(error)) from error
        except FileNotFoundError as error:
            if entry.is_folder and self._storage.exists(path):
                raise Refused("not_a_job", f"there is no {ENVELOPE} in it") from error
            raise
        except NotPlain as error:
            raise Refused("not_plain", f"it is {error}") from error
        except PermissionError as error:
            if self._is_ours_to_read(envelope_of(path)):
                raise
            raise Refused("unreadable", "the service may not read it") from error
        if job.id != entry.id:
            raise Refused("not_a_job", f"the name says {entry.id}, the content {job.id}")
        if entry.is_folder != (job.kind == "document"):
            raise Refused("not_a_job", f"a {job.kind} job cannot lie in {entry.name}")
        if entry.is_folder:
            check_inside(self._storage, path, self._taking.limits)
        return job

    def _is_ours_to_read(self, envelope: str) -> bool:
        try:
            found = self._storage.disk.lstat(envelope)
        except PermissionError:
            return False
        return found.st_uid == os.geteuid() and bool(found.st_mode & stat.S_IRUSR)


def _not_held(job_id: str) -> SpoolError:
    return SpoolError(f"{job_id} is not held by this worker (any more)")


def without_verdict(job: Job) -> Job:
    """Return a job that may run anew, its verdict moved into its history."""
    assert job.verdict is not None
    earlier = job.metadata.get(EARLIER_VERDICTS)
    history = [*earlier] if isinstance(earlier, list) else []
    history.append(job.verdict.model_dump(mode="json"))
    metadata = {**job.metadata, EARLIER_VERDICTS: history}
    return job.model_copy(update={"verdict": None, "metadata": metadata})
