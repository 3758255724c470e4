"""What this worker holds: taking an entry, leaving with it, putting it back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from syntx.errors import SpoolError
from syntx.job import Job
from syntx.spool.contract import Claim
from syntx.spool.dropped import intake
from syntx.spool.dropped.arriving_folders import survey
from syntx.spool.dropped.foreign import Refused, first_error
from syntx.spool.layout import (
    ATTACHMENTS,
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

EARLIER_VERDICTS = "earlier_verdicts"
"""The key in a job's metadata under which verdicts stand that no longer count."""


class Holding:
    """The jobs of one living worker, by ID; all calls are short and synchronous."""

    def __init__(self, rescuing: Rescuing) -> None:
        self._rescuing = rescuing
        self._taking = rescuing.taking
        self._storage = rescuing.taking.storage
        self._folder = self._storage.folders.hold(rescuing.taking.worker)
        self._held: dict[str, str] = {}
        self._leaving: list[str] = []
        self._rewritten: set[str] = set()
        self._stranded: list[str] = []

    def holds(self, job_id: str) -> bool:
        """Whether this worker holds the job."""
        return job_id in self._held or job_id in self._leaving

    def path(self, claim: Claim) -> str:
        """Return where a held entry lies."""
        return f"{self._folder}/{claim.entry}"

    def take(self, name: str) -> Claim | None:
        """Take a waiting entry; None when another was first, or when it was refused."""
        source = self._storage.folders.path(INCOMING, name)
        try:
            self._storage.disk.rename(source, f"{self._folder}/{name}")
        except FileNotFoundError:
            if not self._storage.exists(self._folder):
                raise
            return None
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
            raise SpoolError(f"{job_id} is not held by this worker (any more)")
        # It may be retried, due and held anew before the last flush of this block is done.
        self._forget(job_id)
        self._leaving.append(job_id)
        try:
            yield
        except SpoolError:
            if self._storage.exists(self.path(claim)):
                self._held[job_id] = claim.entry
                self._rewritten.add(job_id)
            raise
        finally:
            self._leaving.remove(job_id)

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
            if self._storage.disk.lstat(envelope_of(path)).st_uid == os.geteuid():
                raise
            raise Refused("unreadable", "the service may not read it") from error
        if job.id != entry.id:
            raise Refused("not_a_job", f"the name says {entry.id}, the content {job.id}")
        if entry.is_folder != (job.kind == "document"):
            raise Refused("not_a_job", f"a {job.kind} job cannot lie in {entry.name}")
        if entry.is_folder:
            # Such a folder may have been made by hand, with anything in it.
            attached = survey(
                self._storage, f"{path}/{ATTACHMENTS}", self._taking.limits.folder_bytes
            )
            if attached.refused is not None:
                raise attached.refused
        return job


def without_verdict(job: Job) -> Job:
    """Return a job that may run anew, its verdict moved into its history."""
    assert job.verdict is not None
    earlier = job.metadata.get(EARLIER_VERDICTS)
    history = [*earlier] if isinstance(earlier, list) else []
    history.append(job.verdict.model_dump(mode="json"))
    metadata = {**job.metadata, EARLIER_VERDICTS: history}
    return job.model_copy(update={"verdict": None, "metadata": metadata})
