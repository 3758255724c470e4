"""Programs of broken protocols: each leaves out or swaps one step."""

from __future__ import annotations

import contextlib

from model_programs import (
    Steps,
    flush,
    fsync,
    lock,
    mkdir,
    names,
    open_folder,
    rename,
    rename_new,
    rmdir,
    syncfs,
    tell,
    unlink,
    write,
)
from spool_intake import (
    BEGUN,
    FOLDER,
    MAKING,
    PROMPT,
    RECORD,
    SIDECAR,
    arrange,
    build,
    clear,
    fetch_sidecar,
    finish_intake,
    finish_refusal,
    publish_refusal,
    stage_envelope,
    sync_tree,
)
from spool_presence import give_back_entry
from spool_records import INTAKE, Job, Me, Refusal, base, envelope_of
from spool_verbs import Promise, flush_files, flush_folder, move, publish


def nothing(*_: object) -> Steps:
    """Do nothing."""
    yield from ()


def lock_whatever(name: str) -> Steps:
    """Take a worker for dead without looking whether the name still means what was locked."""
    try:
        inode = yield open_folder(f".tmp/{name}")
    except FileNotFoundError:
        return None
    return inode if (yield lock(inode)) else None


def lock_nothing(name: str) -> Steps:
    """Take every worker for dead."""
    with contextlib.suppress(FileNotFoundError):
        return (yield open_folder(f".tmp/{name}"))


def take_sidecar_first(me: Me, name: str, with_sidecar: bool, job_id: str) -> Steps:
    """Take the sidecar before the prompt that decides who has both."""
    folder = f"{me.hold}/{job_id}{INTAKE}"
    yield mkdir(folder)
    if with_sidecar:
        yield fetch_sidecar(folder)
    try:
        yield rename(f"incoming/{name}", f"{folder}/{name}")
    except FileNotFoundError:
        return None
    return (yield build(me, folder))


def take_lone_sidecars(me: Me, turn: int) -> Steps:
    """Take a sidecar for a prompt of its own as soon as its prompt is gone."""
    waiting = yield names("incoming")
    for name in (PROMPT, SIDECAR):
        if name in waiting:
            folder = f"{me.hold}/N-{me.worker}{turn}{INTAKE}"
            yield mkdir(folder)
            try:
                yield rename(f"incoming/{name}", f"{folder}/{name}")
            except FileNotFoundError:
                yield rmdir(folder)
                return None
            if name == PROMPT:
                yield fetch_sidecar(folder)
            return (yield build(me, folder))
    return None


def build_unflushed(me: Me, folder: str, labels: tuple[str, ...]) -> Steps:
    """Remove the originals before their entry is safe."""
    entry = folder.removesuffix(INTAKE)
    yield write(f"{me.scratch}/built", Job(base(entry), made_of=labels))
    yield flush(f"{me.scratch}/built")
    yield rename_new(f"{me.scratch}/built", entry)
    yield clear(folder)
    return base(entry)


def give_back_entries_first(me: Me, hold: str, died: bool) -> Steps:
    """Give entries back before clearing up the intake they came from."""
    for wants_intake in (False, True, False):
        for name in (yield names(hold)):
            if wants_intake and name.endswith(INTAKE):
                yield finish_intake(me, f"{hold}/{name}")
            elif not wants_intake and not name.endswith(INTAKE):
                yield give_back_entry(me, f"{hold}/{name}", died)


def build_whatever_is_there(me: Me, folder: str) -> Steps:
    """Build anew though the entry is there already."""
    there = yield names(folder)
    if not there:
        yield rmdir(folder)
        return
    if there == (PROMPT,):
        yield fetch_sidecar(folder)
    yield build(me, folder)


def build_folder_in_place(me: Me, folder: str) -> Steps:
    """Make a folder's entry under its final name, where a rescue takes it for whole."""
    entry = folder.removesuffix(INTAKE)
    yield mkdir(entry)
    yield stage_envelope(me, entry, base(entry))
    yield rename(f"{folder}/{FOLDER}", f"{entry}/attachments")
    yield arrange(entry)
    yield sync_tree(entry)
    yield rmdir(folder)
    return base(entry)


def build_folder_anew(me: Me, folder: str) -> Steps:
    """Do not go on where a dead worker stopped, but begin again."""
    entry = folder.removesuffix(INTAKE)
    making = f"{folder}/{MAKING}"
    yield mkdir(making)
    yield stage_envelope(me, making, base(entry))
    yield rename(f"{folder}/{FOLDER}", f"{making}/attachments")
    yield arrange(making)
    yield sync_tree(making)
    yield rename_new(making, entry)
    yield rmdir(folder)
    return base(entry)


def refuse_record_last(me: Me, folder: str) -> Steps:
    """Give the refused bytes safe names before a record tells their own."""
    originals = yield names(folder)
    for number, original in enumerate(originals, start=1):
        yield rename(f"{folder}/{original}", f"{folder}/dropped-{number}-{original}")
    yield write(f"{me.scratch}/refusal", Refusal(base(folder).removesuffix(INTAKE), originals))
    yield flush(f"{me.scratch}/refusal")
    yield rename(f"{me.scratch}/refusal", f"{folder}/{RECORD}")
    yield publish_refusal(folder)


def refuse_unflushed(me: Me, folder: str) -> Steps:
    """Write a refusal's record without flushing it."""
    originals = yield names(folder)
    record = Refusal(base(folder).removesuffix(INTAKE), originals)
    yield write(f"{me.scratch}/refusal", record)
    yield rename(f"{me.scratch}/refusal", f"{folder}/{BEGUN}")
    yield finish_refusal(folder)


def publish_refusal_piecemeal(folder: str) -> Steps:
    """Move a refusal file by file."""
    target = f"error/day/{base(folder).removesuffix(INTAKE)}.refused"
    with contextlib.suppress(FileExistsError):
        yield mkdir(target)
    for name in (yield names(folder)):
        yield rename_new(f"{folder}/{name}", f"{target}/{name}")
    yield rmdir(folder)


def flush_no_files(paths: tuple[str, ...], together: str) -> Steps:
    """Do not flush the bytes."""
    yield from ()
    return (True,) * len(paths)


def flush_no_folder(folder: str) -> Steps:
    """Answer before the folder is flushed."""
    yield from ()
    return True


def flush_folder_again(folder: str) -> Steps:
    """Try a failed flush again, and believe it."""
    try:
        yield fsync(folder)
    except OSError:
        yield fsync(folder)
    return True


def flush_bytes_again(paths: tuple[str, ...], together: str) -> Steps:
    """Try a failed flush of bytes again, and believe it."""
    for path in paths:
        try:
            yield syncfs() if together == "syncfs" else flush(path)
        except OSError:
            yield syncfs() if together == "syncfs" else flush(path)
    return (True,) * len(paths)


def publish_day_unflushed(source: str, folder: str, name: str) -> Steps:
    """Make a day's folder without flushing its parent."""
    with contextlib.suppress(FileExistsError):
        if folder != "incoming" and folder != "retry":
            yield mkdir(folder)
    yield rename_new(source, f"{folder}/{name}")


def commit_answers_early(me: Me, promises: tuple[Promise, ...], together: str = "each") -> Steps:
    """Answer the whole batch after the first folder is flushed."""
    scratch = tuple(f"{me.scratch}/{promise.job.id}" for promise in promises)
    for promise, path in zip(promises, scratch, strict=True):
        yield write(path, promise.job)
    yield flush_files(scratch, together)
    for promise, path in zip(promises, scratch, strict=True):
        yield move(promise, path)
    yield flush_folder(promises[0].folder)
    return (True,) * len(promises)


def move_then_rewrite(promise: Promise, scratch: str) -> Steps:
    """Publish a held entry before its verdict is inside."""
    target = f"{promise.folder}/{promise.name}"
    yield publish(promise.entry or scratch, promise.folder, promise.name)
    if promise.entry is not None:
        yield rename(scratch, envelope_of(target))
        yield tell("rewritten", promise.job)
    return True


def rewrite_in_two_steps(promise: Promise, scratch: str) -> Steps:
    """Remove the held entry before the one with the verdict is published."""
    if promise.entry is not None:
        yield unlink(promise.entry)
    yield publish(scratch, promise.folder, promise.name)
    return True


def retry_without_history(me: Me, name: str) -> Steps:
    """Let a job wait again while the old verdict is still inside."""
    yield rename_new(f"error/day/{name}", f"incoming/{name}")
    yield fsync("incoming")
    yield tell("retried", name)


def do_not_sync_entry(path: str) -> Steps:
    """Do not flush a folder's envelope before the folder is moved."""
    yield from ()
