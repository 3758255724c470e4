"""The way of a document job: from its folder to a verdict, on from where a run stopped."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from consumer.documents.failing import ModelRefused, TimeIsUp
from consumer.documents.threads import in_thread
from consumer.documents.workflow.beginning import begin, rest
from consumer.documents.workflow.delivering import deliver
from consumer.documents.workflow.folder import JobFolder
from consumer.documents.workflow.judgement import verdict_of
from consumer.documents.workflow.keeping import Keeper
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.opening import Models, Order, open_office
from consumer.documents.workflow.progress import Progress, Where, told
from consumer.documents.workflow.rounds import refused, run_round
from syntx.errors import BadRequest, DeadlineExceeded, SyntxError
from syntx.job import Job, Verdict
from syntx.job_options import JobOptions, read_job_options
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Gateway
from syntx.settings.models import Documents


def _no_secrets() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Means:
    """What a document job is worked with; the settings are the snapshot it began with.

    `home` is where the file with names lies; `secrets` gives the values of the keys in use, which
    debug files never show.
    """

    gateway: Gateway
    catalogue: Callable[[], Catalogue]
    progress: Progress
    settings: Documents
    home: Path
    secrets: Callable[[], Iterable[str]] = _no_secrets


async def run(job: Job, folder: Path, means: Means) -> Verdict:
    """Take one job to its verdict, its results in `outputs/`.

    Raises what the calls raise, BadOptions for a `job.yaml` that cannot be followed, MissingExtra,
    LeakBlocked, and TimeIsUp.
    """
    if not job.prompt.strip():
        raise BadRequest("the job's request is empty")
    options = read_job_options(job.metadata.get("options") or {})
    order = Order(job, options, means.settings, means.home)
    office = await in_thread(_open, order, folder, means)
    if not office.workflow.finished:
        await _in_time(office, options)
    return verdict_of(office.workflow, office.caller.answers, means.settings.accept_quality)


def _open(order: Order, folder: Path, means: Means) -> Office:
    keeper = Keeper(JobFolder(folder))
    models = Models(means.gateway, means.catalogue, means.secrets)
    return open_office(order, keeper, keeper.load(order.job.id), models, means.progress)


async def _in_time(office: Office, options: JobOptions) -> None:
    """Work until the time is up, which ends the job: a retry is given all of it once more."""
    watch = office.watch
    try:
        async with asyncio.timeout(watch.left):
            await _work(office, options)
    except (TimeoutError, DeadlineExceeded) as error:
        if office.workflow.finished:
            return  # it ran out while the results were delivered
        if watch.left > 0:
            raise
        watch.begin_anew()
        with contextlib.suppress(SyntxError, OSError):
            await in_thread(office.save)
        raise TimeIsUp(
            f"the {watch.limit:g} s for this job are over",
            fix="raise `documents.deadline` in system.yaml, or ask for less; a retry goes on "
            "where it stood",
        ) from error


async def _work(office: Office, options: JobOptions) -> None:
    """Run what is left of the workflow and deliver it; the state says where a later run goes on."""
    try:
        begin(office, options)
        now = office.workflow
        decision = f"{now.complexity}: {now.complexity_reason}"
        with told(office.progress, _round_of(office), decision) as ending:
            await _answered(office)
            await in_thread(deliver, office)
            ending.message = "delivered"
    except BaseException:
        # The disk may be what failed; then the next run sees an interrupted one.
        with contextlib.suppress(SyntxError, OSError):
            rest(office)
        raise


async def _answered(office: Office) -> None:
    """Run the round; where the planner refuses, that is its result."""
    try:
        await run_round(office)
    except ModelRefused as error:
        refused(office, error)


def _round_of(office: Office) -> Where:
    return Where(office.workflow.id, office.workflow.current_round)
