"""Submit, claim, settle, retry, release, archive, and the commit they share.

Call for call as `syntx/spool/batching.py`, `files.py`, `holding.py`, `finishing.py` and
`finding.py`.
"""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from model_programs import (
    Steps,
    choose,
    exists,
    flush,
    fsync,
    mkdir,
    names,
    program,
    read,
    rename,
    rename_new,
    syncfs,
    tell,
    unlink,
    write,
)
from spool_records import (
    DAY,
    FINAL,
    Job,
    Me,
    Verdict,
    base,
    envelope_of,
    id_of,
    is_entry,
    is_folder,
)


class Promise(NamedTuple):
    """New content for an entry, the folder and name it is published under, and the held entry."""

    job: Job
    folder: str
    name: str
    entry: str | None = None


@program
def submit(me: Me, jobs: tuple[Job, ...], together: str = "each") -> Steps:
    """Make jobs claimable; each is told of once its promise is kept."""
    promises = tuple(Promise(job, "incoming", job.id) for job in jobs)
    results = yield commit(me, promises, together)
    for job, kept in zip(jobs, results, strict=True):
        if kept is True:
            yield tell("submitted", job.id)


@program
def settle(me: Me, path: str, job: Job) -> Steps:
    """End a held job with the verdict inside; True when that is promised."""
    promise = settling(path, job)
    (kept,) = yield commit(me, (promise,))
    if kept == "EEXIST":
        yield set_aside(path, f"{promise.folder}/{promise.name}")
    elif kept is True:
        yield tell("settled", job.id, job.verdict)
    return kept


@program
def settle_in_spite_of_errors(me: Me, path: str, job: Job) -> Steps:
    """Settle, and once more where the disk refused and the job is still held."""
    if (yield settle(me, path, job)) == "EIO" and (yield exists(path)):
        yield settle(me, path, job)


def settling(path: str, job: Job) -> Promise:
    """Return the promise that ends a held job."""
    return Promise(job, final_folder(job), id_of(base(path)), path)


def final_folder(job: Job) -> str:
    """Return the folder a job with that verdict ends in."""
    assert job.verdict is not None
    return f"processed/{DAY}" if job.verdict.outcome == "passed" else f"error/{DAY}"


@program
def retry(me: Me, path: str, job: Job) -> Steps:
    """Give a job back with one more attempt on record."""
    later = job._replace(attempts=job.attempts + 1)
    yield commit(me, (Promise(later, "retry", f"DUE~{base(path)}", path),))


@program
def give_due(me: Me) -> Steps:
    """Move retries back; every one is due."""
    for name in (yield names("retry")):
        with contextlib.suppress(FileNotFoundError):
            yield rename_new(f"retry/{name}", f"incoming/{name.partition('~')[2]}")


@program
def claim(me: Me) -> Steps:
    """Take the oldest waiting entry that nobody else takes; its name, or None."""
    for name in (yield names("incoming")):
        if is_entry(name):
            with contextlib.suppress(FileNotFoundError):
                yield rename(f"incoming/{name}", f"{me.hold}/{name}")
                return name
    return None


@program
def work(me: Me, name: str) -> Steps:
    """Run a held job, then leave it in one of the ways this process knows."""
    path = f"{me.hold}/{name}"
    job = yield read(envelope_of(path))
    if job.verdict is not None:
        job = job._replace(verdict=None, earlier=(*job.earlier, job.verdict))
        yield rewrite(me, path, job)
    yield tell("ran", job.id)
    outcome = yield choose(*me.outcomes)
    if outcome == "released":
        yield rename_new(path, f"incoming/{name}")
    elif outcome == "later" and job.attempts == 0:
        yield retry(me, path, job)
    else:
        verdict = Verdict(outcome, me.worker, job.runs)
        yield settle_in_spite_of_errors(me, path, job._replace(verdict=verdict))


@program
def commit(me: Me, promises: tuple[Promise, ...], together: str = "each") -> Steps:
    """Keep promises together: write all, flush all, rename all, flush each folder once.

    Answers for each promise: True where it is kept, else the error. `together` says how files
    are flushed: each by itself, or the whole file system at once.
    """
    scratch = [f"{me.scratch}/{promise.job.id}" for promise in promises]
    for promise, path in zip(promises, scratch, strict=True):
        yield write(path, promise.job)
    results = yield flush_files(tuple(scratch), together)
    results = list(results)
    for number, promise in enumerate(promises):
        if results[number] is True:
            results[number] = yield move(promise, scratch[number])
    for folder in dict.fromkeys(promise.folder for promise in promises):
        moved = [n for n, p in enumerate(promises) if p.folder == folder and results[n] is True]
        if moved:
            kept = yield flush_folder(folder)
            for number in moved:
                results[number] = kept
    return tuple(results)


@program
def flush_files(paths: tuple[str, ...], together: str) -> Steps:
    """Flush scratch files; what could not be flushed is removed and never tried again."""
    results: list[bool | str] = []
    if together == "syncfs":
        try:
            yield syncfs()
        except OSError:
            for path in paths:
                yield unlink(path)
            return ("EIO",) * len(paths)
        return (True,) * len(paths)
    for path in paths:
        try:
            yield flush(path)
            results.append(True)
        except OSError:
            yield unlink(path)
            results.append("EIO")
    return tuple(results)


@program
def move(promise: Promise, scratch: str) -> Steps:
    """Rewrite a held entry where there is one, then publish; True, or what the disk said."""
    source = scratch
    try:
        if promise.entry is not None:
            yield sync_outputs(promise.entry)
            yield rename(scratch, envelope_of(promise.entry))
            yield tell("rewritten", promise.job)
            source = promise.entry
            yield sync_names(source)
        yield publish(source, promise.folder, promise.name)
    except FileExistsError:
        if promise.entry is None:
            yield unlink(scratch)
        return "EEXIST"
    except OSError:
        if source == scratch:
            with contextlib.suppress(OSError):
                yield unlink(scratch)
        return "EIO"
    return True


@program
def flush_folder(folder: str) -> Steps:
    """Flush a folder; a failure is told and never tried again."""
    try:
        yield fsync(folder)
    except OSError:
        return "EIO"
    return True


@program
def publish(source: str, folder: str, name: str) -> Steps:
    """Move into a folder without replacing; a day's folder is made first, its parent flushed."""
    if folder.partition("/")[0] in FINAL:
        with contextlib.suppress(FileExistsError):
            yield mkdir(folder)
        yield fsync(folder.partition("/")[0])
    yield rename_new(source, f"{folder}/{name}")


@program
def sync_entry(path: str) -> Steps:
    """Flush an entry that is a folder: its outputs and the names in it."""
    yield sync_outputs(path)
    yield sync_names(path)


@program
def sync_outputs(path: str) -> Steps:
    """Flush the outputs of an entry that is a folder."""
    if is_folder(path):
        yield fsync(f"{path}/outputs")


@program
def sync_names(path: str) -> Steps:
    """Flush the names in an entry that is a folder."""
    if is_folder(path):
        yield fsync(path)


@program
def rewrite(me: Me, path: str, job: Job) -> Steps:
    """Replace a held entry's envelope, flushed."""
    scratch = f"{me.scratch}/rewritten"
    yield write(scratch, job)
    yield flush(scratch)
    yield rename(scratch, envelope_of(path))
    yield tell("rewritten", job)
    if is_folder(path):
        yield fsync(path)


@program
def finish(me: Me, path: str, job: Job) -> Steps:
    """Move a settled entry to its final folder; if one is there already, the first stands."""
    folder = final_folder(job)
    yield sync_entry(path)
    try:
        yield publish(path, folder, id_of(base(path)))
    except FileExistsError:
        yield set_aside(path, f"{folder}/{id_of(base(path))}")
    yield fsync(folder)
    yield tell("finished", job.id, job.verdict)


@program
def set_aside(path: str, first: str) -> Steps:
    """Drop a second outcome that says the same as the first, or keep it as a conflict."""
    ours, theirs = (yield read(envelope_of(path))), (yield read(envelope_of(first)))
    if ours == theirs:
        yield unlink(path)
    else:
        yield publish(path, f"error/{DAY}", f"{base(first)}.conflict")
        yield fsync(f"error/{DAY}")


@program
def archive(me: Me) -> Steps:
    """Move finished jobs to the archive."""
    moved = False
    for state in ("processed", "error"):
        for name in (yield names(f"{state}/{DAY}")):
            with contextlib.suppress(FileExistsError, FileNotFoundError):
                yield publish(f"{state}/{DAY}/{name}", f"archive/{DAY}", name)
                moved = True
    if moved:
        yield fsync(f"archive/{DAY}")
