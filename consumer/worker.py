"""One job at a time: claimed, run, and settled, retried or released; it never gets lost."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from consumer.prompts import path
from consumer.prompts.records import Flow
from syntx.errors import (
    BadRequest,
    ConfigError,
    DeadlineExceeded,
    NotAuthorised,
    Permanent,
    SpoolError,
    SpoolFull,
    SyntxError,
    Temporary,
)
from syntx.job import Attempt, Job, Verdict
from syntx.llm.contract import Gateway
from syntx.settings.models import Consumer, Settings
from syntx.spool.contract import Claim, Spool
from syntx.wrapper_folder import WrapperFolder
from syntx.wrappers import Wrapper

log = structlog.get_logger()


SPOOL_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses between tries to put a job where it belongs, in seconds."""

FULL_PAUSE = 1.0
"""Seconds until a document job that met a full disk waits again for a worker."""

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE)


class Bug(Permanent):
    """Our own code failed at this job; the others go on."""

    reason = "bug"


class DiskRefused(Temporary):
    """The disk refused what a document job had to keep; what it kept before is still there."""

    reason = "disk"


class WrapperUnusable(Permanent):
    """The wrapper a job names is broken."""

    reason = "wrapper_unusable"


DocumentWork = Callable[[Job, Path, Settings], Awaitable[Verdict]]
"""Takes a document job in its folder to its verdict; goes on where an earlier try stopped."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker works with; `settings` gives the snapshot of the moment.

    Without `documents` it works prompt jobs alone; document jobs then end as failed.
    """

    name: str
    spool: Spool
    gateway: Gateway
    wrappers: WrapperFolder
    flow: Flow
    settings: Callable[[], Settings]
    documents: DocumentWork | None = None


async def work(bench: Bench, claim: Claim, settings: Settings) -> Verdict | None:
    """Take a claimed job to its end; returns the verdict, None when it goes back to the queue.

    Raises NotAuthorised and ConfigError, which concern every job (this one is back in the queue
    then), and SpoolError.
    """
    job, started = claim.job, datetime.now(UTC)
    try:
        verdict = await _run_or_wait(bench, claim, settings)
    except asyncio.CancelledError:
        await asyncio.shield(bench.spool.release(claim))
        log.info("job_released", job_id=job.id)
        raise
    except (NotAuthorised, ConfigError) as error:
        _tell(bench, job, error, started, settings)
        await bench.spool.release(claim)
        raise
    except (Temporary, Permanent) as error:
        _tell(bench, job, error, started, settings)
        return await _fail(bench, claim, error, started, settings)
    except SpoolFull:
        # Claims stop while the disk is low; what the job has kept is found again then.
        await _persist(lambda: bench.spool.release(claim), job)
        return None
    attempt = _attempt(bench, started, model=_model_of(verdict))
    await _persist(lambda: bench.spool.settle(claim, verdict, attempt), job)
    total = verdict.score.total if verdict.score else None
    log.info("job_settled", job_id=job.id, outcome=verdict.outcome, score=total)
    return verdict


async def _run_or_wait(bench: Bench, claim: Claim, settings: Settings) -> Verdict:
    """Run; where the disk is full, wait before saying so: the job would be back at once."""
    try:
        return await _run(bench, claim, settings)
    except SpoolFull as error:
        log.error("disk_full_at_job", job_id=claim.job.id, message=error.message, fix=error.fix)
        await asyncio.sleep(FULL_PAUSE)
        raise


async def _run(bench: Bench, claim: Claim, settings: Settings) -> Verdict:
    job = claim.job
    if not job.prompt.strip():
        raise BadRequest("the job's prompt is empty")
    try:
        if job.kind == "document":
            return await _documented(bench, claim, settings)
        consumer = settings.system.consumer
        wrapper = _wrapper(bench, job, consumer)
        means = path.Means(bench.gateway, bench.flow, consumer, settings.scoring)
        return await path.run(job, wrapper, means)
    except TimeoutError as error:
        raise DeadlineExceeded(f"job {job.id} ran out of its deadline") from error
    except (ConfigError, NotAuthorised) as error:
        if not _names_models(job):
            raise
        raise BadRequest(f"the job's own model: {error.message}", fix=error.fix) from error
    except (SyntxError, asyncio.CancelledError):
        raise
    except Exception as error:  # a bug at one job must not stop the queue
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            raise DiskRefused(
                f"{error.strerror} ({error.filename})", fix="check the disk"
            ) from error
        log.exception("job_met_a_bug", job_id=job.id)
        raise Bug(f"{type(error).__name__}: {error}") from error


async def _documented(bench: Bench, claim: Claim, settings: Settings) -> Verdict:
    if bench.documents is None:
        raise BadRequest("document jobs are not processed by this worker")
    return await bench.documents(claim.job, bench.spool.folder_of(claim), settings)


def _names_models(job: Job) -> bool:
    options = job.metadata.get("options")
    return bool(job.models or (isinstance(options, dict) and options.get("models")))


def _tell(bench: Bench, job: Job, error: SyntxError, started: datetime, settings: Settings) -> None:
    """Put a failed attempt into the logs of prompts; a workflow has told its own end."""
    if job.kind == "prompt":
        model = path.model_for(job, job.recipe.wrapper, settings.system.consumer)
        bench.flow.failed(job, model, error, started, datetime.now(UTC))


def _wrapper(bench: Bench, job: Job, consumer: Consumer) -> Wrapper:
    name = job.recipe.wrapper
    if name is None:
        return bench.wrappers.get(consumer.wrapper, trusted=True)
    try:
        return bench.wrappers.get(name)
    except ConfigError as error:
        raise WrapperUnusable(error.message, fix=error.fix) from error


async def _fail(
    bench: Bench, claim: Claim, error: SyntxError, started: datetime, settings: Settings
) -> Verdict | None:
    attempt = _attempt(bench, started, error=error)
    tried = len(claim.job.attempts) + 1
    queue = settings.queue
    if isinstance(error, Temporary) and tried < queue.max_attempts:
        usual = queue.retry_delay * 2 ** (tried - 1)
        delay = min(max(usual, error.delay or 0.0), queue.max_retry_delay)
        await _persist(lambda: bench.spool.retry(claim, attempt, delay), claim.job)
        told = {"reason": error.reason, "message": error.message, "fix": error.fix, "delay": delay}
        log.warning("job_will_be_retried", job_id=claim.job.id, **told)
        return None
    verdict = Verdict(
        outcome="failed",
        reason=error.reason,
        message=_message(claim.job, error),
        settled_at=datetime.now(UTC),
    )
    await _persist(lambda: bench.spool.settle(claim, verdict, attempt), claim.job)
    log.warning("job_failed", job_id=claim.job.id, reason=error.reason, message=error.message)
    return verdict


def _message(job: Job, error: SyntxError) -> str:
    """Tell what went wrong; who dropped a folder reads the remedy here alone."""
    told = error.fix if job.kind == "document" else None
    return f"{error.message} (fix: {told})" if told else error.message


async def _persist(act: Callable[[], Awaitable[None]], job: Job) -> None:
    """Do what a disk may refuse for a while, as a full one does; an answer is paid for once."""
    for pause in SPOOL_PAUSES:
        try:
            return await act()
        except SpoolError as error:
            log.error("spool_refused", job_id=job.id, message=error.message, again_in=pause)
            await asyncio.sleep(pause)
    return await act()


def _attempt(
    bench: Bench, started: datetime, *, model: str | None = None, error: SyntxError | None = None
) -> Attempt:
    return Attempt(
        worker=bench.name,
        started=started,
        ended=datetime.now(UTC),
        model=model,
        error=type(error).__name__ if error else None,
        reason=error.reason if error else None,
        message=error.message if error else None,
    )


def _model_of(verdict: Verdict) -> str | None:
    return verdict.answers[0].model if verdict.answers else None
