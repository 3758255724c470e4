"""Intake of what was dropped, call for call as `syntx/spool/dropped/intake.py`, `refusing.py`
and `folder_intake.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from model_programs import (
    Steps,
    exists,
    flush,
    fsync,
    mkdir,
    names,
    program,
    read,
    rename,
    rename_new,
    rmdir,
    unlink,
    write,
)
from spool_records import DAY, INTAKE, REFUSED, Dropped, Job, Me, Refusal, base

PROMPT, SIDECAR, FOLDER = "n.txt", "n.json", "n.d"
MAKING = ".entry"
BEGUN, RECORD = ".refusal.json", "refusal.json"


@program
def take_dropped(me: Me, turn: int) -> Steps:
    """Take what lies in `incoming/` that is no entry; the name of the job made, or None.

    A sidecar alone is never taken here: in the code it waits for `settle_seconds`.
    """
    waiting = yield names("incoming")
    for name in (PROMPT, FOLDER):
        if name in waiting:
            job_id = f"{'F' if name == FOLDER else 'N'}-{me.worker}{turn}"
            return (yield take(me, name, SIDECAR in waiting, job_id))
    return None


@program
def take(me: Me, name: str, with_sidecar: bool, job_id: str) -> Steps:
    """Take one dropped thing: whoever renames it first has it."""
    folder = f"{me.hold}/{job_id}{INTAKE}"
    yield mkdir(folder)
    yield fsync(me.hold)
    try:
        yield rename(f"incoming/{name}", f"{folder}/{name}")
    except FileNotFoundError:
        yield rmdir(folder)
        return None
    if with_sidecar and name == PROMPT:
        yield fetch_sidecar(folder)
    return (yield build(me, folder))


@program
def fetch_sidecar(folder: str) -> Steps:
    """Take the sidecar of a prompt that is taken, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        yield rename(f"incoming/{SIDECAR}", f"{folder}/{SIDECAR}")


@program
def finish_intake(me: Me, folder: str) -> Steps:
    """Do what is left of an intake: nothing, a refusal, the building, or the clearing up."""
    there = yield names(folder)
    if not there:
        yield rmdir(folder)
    elif (yield is_refusal_begun(folder)):
        yield finish_refusal(folder)
    elif (yield exists(folder.removesuffix(INTAKE))):
        yield clear(folder)
    else:
        if there == (PROMPT,):
            yield fetch_sidecar(folder)
        yield build(me, folder)


@program
def build(me: Me, folder: str) -> Steps:
    """Make the entry of what lies in an intake folder; its name, or None when it is refused."""
    there = yield names(folder)
    if MAKING in there or FOLDER in there:
        return (yield build_folder(me, folder))
    contents = yield read_all(folder, there)
    if not is_fit(contents):
        yield refuse(me, folder)
        return None
    return (yield build_file(me, folder, tuple(one.label for one in contents)))


@program
def read_all(folder: str, there: tuple[str, ...]) -> Steps:
    """Read some files of a folder."""
    if not there:
        return ()
    first = yield read(f"{folder}/{there[0]}")
    return (first, *(yield read_all(folder, there[1:])))


def is_fit(contents: Iterable[Dropped]) -> bool:
    """Whether what was dropped is a job."""
    return all(one.fit for one in contents)


@program
def build_file(me: Me, folder: str, labels: tuple[str, ...]) -> Steps:
    """Make the entry of a prompt and its sidecar, then remove these."""
    entry = folder.removesuffix(INTAKE)
    scratch = f"{me.scratch}/built"
    yield write(scratch, Job(base(entry), made_of=labels))
    yield flush(scratch)
    yield fsync(folder)
    yield rename_new(scratch, entry)
    yield fsync(entry.rpartition("/")[0])
    yield clear(folder)
    return base(entry)


@program
def clear(folder: str) -> Steps:
    """Remove the originals after their entry is safe."""
    for name in (yield names(folder)):
        yield unlink(f"{folder}/{name}")
    yield rmdir(folder)


@program
def build_folder(me: Me, folder: str) -> Steps:
    """Make the entry of a dropped folder, going on where a dead worker stopped."""
    entry = folder.removesuffix(INTAKE)
    making = f"{folder}/{MAKING}"
    dropped = [name for name in (yield names(folder)) if name != MAKING]
    if not (yield exists(f"{making}/job.json")):
        with contextlib.suppress(FileNotFoundError):
            yield rmdir(making)
        request = yield read(f"{folder}/{FOLDER}/request.md")
        if not is_fit([request]):
            yield refuse(me, folder)
            return None
        yield mkdir(making)
        yield stage_envelope(me, making, base(entry))
    if dropped:
        yield rename(f"{folder}/{dropped[0]}", f"{making}/attachments")
    yield arrange(making)
    yield sync_tree(making)
    yield rename_new(making, entry)
    yield fsync(entry.rpartition("/")[0])
    yield rmdir(folder)
    return base(entry)


@program
def stage_envelope(me: Me, making: str, job_id: str) -> Steps:
    """Put the flushed envelope into the entry that is being made."""
    scratch = f"{me.scratch}/built"
    yield write(scratch, Job(job_id))
    yield flush(scratch)
    yield rename(scratch, f"{making}/job.json")


@program
def arrange(making: str) -> Steps:
    """Put the request beside the envelope, and make room for what the work yields."""
    with contextlib.suppress(FileNotFoundError):
        yield rename(f"{making}/attachments/request.md", f"{making}/request.md")
    with contextlib.suppress(FileExistsError):
        yield mkdir(f"{making}/outputs")


@program
def sync_tree(making: str) -> Steps:
    """Flush an entry that is being made, and the folders in it."""
    for inside in ("attachments", "outputs"):
        yield fsync(f"{making}/{inside}")
    yield fsync(making)


@program
def is_refusal_begun(folder: str) -> Steps:
    """Whether an intake folder is one whose refusal was begun."""
    there = yield names(folder)
    if BEGUN in there:
        return True
    if RECORD not in there:
        return False
    record = yield read(f"{folder}/{RECORD}")
    return isinstance(record, Refusal) and record.folder == base(folder).removesuffix(INTAKE)


@program
def refuse(me: Me, folder: str) -> Steps:
    """Refuse what lies in an intake folder: the record first."""
    originals = yield names(folder)
    scratch = f"{me.scratch}/refusal"
    yield write(scratch, Refusal(base(folder).removesuffix(INTAKE), originals))
    yield flush(scratch)
    yield rename(scratch, f"{folder}/{BEGUN}")
    yield finish_refusal(folder)


@program
def finish_refusal(folder: str) -> Steps:
    """Do what is left of a refusal: safe names, the record's own, the move to `error/`."""
    there = yield names(folder)
    if BEGUN in there:
        record = yield read(f"{folder}/{BEGUN}")
        for number, original in enumerate(record.originals, start=1):
            if original in there:
                yield rename(f"{folder}/{original}", f"{folder}/dropped-{number}-{original}")
        yield rename(f"{folder}/{BEGUN}", f"{folder}/{RECORD}")
    yield fsync(folder)
    yield publish_refusal(folder)


@program
def publish_refusal(folder: str) -> Steps:
    """Move a refused intake folder to the day's folder."""
    with contextlib.suppress(FileExistsError):
        yield mkdir(f"error/{DAY}")
    yield fsync("error")
    yield rename_new(folder, f"error/{DAY}/{base(folder).removesuffix(INTAKE)}{REFUSED}")
    yield fsync(f"error/{DAY}")
