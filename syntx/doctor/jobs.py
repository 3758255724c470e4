"""Whether jobs go on: who holds them, for how long, and whether anybody works."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from syntx.doctor.calling import as_root
from syntx.doctor.report import Found, failed, ok, warning
from syntx.doctor.subject import CONSUMER_UNIT, Subject, systemd_runs
from syntx.spool.counting import Counts, count
from syntx.spool.layout import TMP
from syntx.spool.workers import WorkerState, workers
from syntx.systemd.rendering import UNITS


def look(subject: Subject) -> Iterator[Found]:
    """Give what stands still, with the line that makes it go on."""
    there = workers(subject.queue)
    counts = count(subject.queue)
    found = [*_idle(subject, there, counts), *_held_long(subject, there)]
    yield from found
    if not found:
        yield ok(f"{counts.waiting} wait, {counts.processing} are worked on, none stands still")


def process_of(worker: str) -> int | None:
    """Return the process ID in a worker's name, None where that process is not to be seen here.

    A process of that ID may be another's: in a container, on another machine, or since a reboot.
    """
    parts = worker.split("-")
    if len(parts) != 5 or not parts[1].isdigit() or not _boot().startswith(parts[2]):
        return None
    state = _process(int(parts[1]))
    return int(parts[1]) if len(state) > 19 and state[19] == parts[3] else None


def is_stopped(pid: int) -> bool:
    """Whether a process was stopped by a signal and waits to be continued."""
    return _process(pid)[:1] == ["T"]


def _process(pid: int) -> list[str]:
    """Return what the kernel says of a process behind its name: state first, start at 19."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _boot() -> str:
    try:
        text = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        return ""
    return text.replace("-", "")


def _idle(subject: Subject, there: Sequence[WorkerState], counts: Counts) -> Iterator[Found]:
    at_work = {worker.role for worker in there if worker.alive}
    if at_work & {"consumer", None}:
        return
    start = _start(subject, lasting="producer" in at_work)
    for worker in there:
        if worker.held and not worker.alive:
            text = f"worker {worker.name} died holding {_jobs(worker.held)}; no consumer runs"
            yield warning(text, f"{_scratch(subject, worker.name)}{start}")
    if counts.waiting:
        age = counts.oldest_waiting_s or 0.0
        wait = "waits" if counts.waiting == 1 else "wait"
        text = f"{_jobs(counts.waiting)} {wait} and no consumer runs"
        stuck = age > subject.settings.system.monitoring.stuck_seconds
        yield (failed if stuck else warning)(text, start)


def _start(subject: Subject, *, lasting: bool) -> str:
    """Return the line that lets jobs be worked on: the service, or one run until none waits.

    While somebody writes more jobs that run would not last, so it is started to stay.
    """
    if (subject.root / UNITS / CONSUMER_UNIT.replace("@1.", "@.")).exists() and systemd_runs():
        return as_root(f"systemctl start {CONSUMER_UNIT}")
    if lasting:
        return f"nohup {subject.calling.line('consumer')} >/dev/null 2>&1 &"
    return subject.calling.line("consumer", "--until-empty")


def _scratch(subject: Subject, worker: str) -> str:
    """Return what gives a dead worker its scratch folder back, by which a start knows it dead."""
    folder = subject.queue / TMP / worker
    if folder.is_dir():
        return ""
    return subject.calling.as_owner(f"mkdir -p -- {shlex.quote(str(folder))}") + " && "


def _held_long(subject: Subject, there: Sequence[WorkerState]) -> Iterator[Found]:
    limit = subject.settings.system.monitoring.stuck_seconds
    for worker in there:
        if not worker.alive:
            continue
        pid = process_of(worker.name)
        stuck = [job for job in worker.jobs if job.seconds > limit]
        if pid is not None and is_stopped(pid):
            text = f"worker {worker.name} holds {_jobs(worker.held)} and was stopped by a signal"
            yield failed(text, subject.calling.as_owner(f"kill -CONT {pid}"))
        elif stuck:
            text = (
                f"worker {worker.name} has held {_jobs(len(stuck))} for more than {limit:.0f} s, "
                f"the longest {stuck[0].id}"
            )
            if pid is None:
                line = subject.calling.line("show", stuck[0].id)
                yield warning(f"{text}; it runs elsewhere, this only shows the job", line)
            else:
                told = f"{text}; ended, it gives them back, and loses none"
                yield warning(told, subject.calling.as_owner(f"kill {pid}"))


def _jobs(number: int) -> str:
    return "1 job" if number == 1 else f"{number} jobs"
