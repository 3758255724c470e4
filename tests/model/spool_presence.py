"""Birth, own end and rescue, call for call as `syntx/spool/presence.py` and `recovery.py`."""

from __future__ import annotations

from model_programs import (
    Steps,
    close,
    exists,
    fsync,
    is_same,
    lock,
    mkdir,
    names,
    open_folder,
    program,
    read,
    remove_tree,
    rename,
    rename_new,
    rmdir,
    tell,
)
from spool_intake import finish_intake
from spool_records import INTAKE, NEWBORN, Me, Verdict, base, envelope_of, rescued, rescues_of
from spool_verbs import finish, rewrite

_TRIES = 16


@program
def be_born(me: Me) -> Steps:
    """Make a scratch folder, lock it, name it, and make the folder for held jobs.

    The code takes a new worker's name for each try; here only the newborn's name changes, for
    the final one was never there.
    """
    for number in range(_TRIES):
        if (yield lock_newborn(f".tmp/{NEWBORN}{me.worker}-{number}", me.scratch)):
            yield mkdir(me.hold)
            yield fsync("processing")
            return


@program
def lock_newborn(newborn: str, scratch: str) -> Steps:
    """Make a newborn's folder, lock it and rename it; the lock, or None."""
    yield mkdir(newborn)
    inode = None
    try:
        inode = yield open_folder(newborn)
        if (yield lock(inode)):
            yield rename_new(newborn, scratch)
            return inode
    except (FileNotFoundError, FileExistsError):
        yield remove_tree(newborn)
    if inode is not None:
        yield close(inode)
    return None


@program
def lock_if_dead(name: str) -> Steps:
    """Lock a scratch folder if its owner is dead and the name still means it; or None."""
    try:
        inode = yield open_folder(f".tmp/{name}")
    except FileNotFoundError:
        return None
    if (yield lock(inode)) and (yield is_same(f".tmp/{name}", inode)):
        return inode
    yield close(inode)
    return None


@program
def end(me: Me) -> Steps:
    """Give back what is held, then remove the folder of held jobs and the scratch folder."""
    yield give_back(me, me.hold, False)
    yield rmdir(me.hold)
    trash = f".tmp/{NEWBORN}{me.worker}-end"
    yield rename(me.scratch, trash)
    yield remove_tree(trash)
    yield tell("ended", me.worker)


@program
def rescue_all(me: Me, orphans: tuple[str, ...]) -> Steps:
    """Give back the jobs of every dead worker; returns the orphans seen for the first time."""
    for worker in (yield names(".tmp")):
        if worker != me.worker:
            yield rescue(me, worker)
    known = yield names(".tmp")
    lonely = [x for x in (yield names("processing")) if x != me.worker and x not in known]
    for worker in lonely:
        if worker in orphans:
            yield adopt(me, worker)
    return tuple(worker for worker in lonely if worker not in orphans)


@program
def rescue(me: Me, worker: str) -> Steps:
    """Rescue one worker if it is dead."""
    inode = yield lock_if_dead(worker)
    if inode is not None:
        yield rescue_locked(me, worker, inode)


@program
def adopt(me: Me, worker: str) -> Steps:
    """Give a holder without a scratch folder one, then rescue it."""
    inode = yield lock_newborn(f".tmp/{NEWBORN}{me.worker}-adopts-{worker}", f".tmp/{worker}")
    if inode is not None:
        yield rescue_locked(me, worker, inode)


@program
def rescue_locked(me: Me, worker: str, inode: str) -> Steps:
    """Empty a dead worker's folders and remove them."""
    hold = f"processing/{worker}"
    if not worker.startswith(NEWBORN):
        yield give_back(me, hold, True)
    if (yield exists(hold)):
        yield rmdir(hold)
    trash = f"{me.scratch}/trash"
    yield rename(f".tmp/{worker}", trash)
    yield remove_tree(trash)
    yield close(inode)


@program
def give_back(me: Me, hold: str, died: bool) -> Steps:
    """Empty a holder's folder: what was being taken in first, then, listed again, the entries."""
    for name in (yield names(hold)):
        if name.endswith(INTAKE):
            yield finish_intake(me, f"{hold}/{name}")
    for name in (yield names(hold)):
        yield give_back_entry(me, f"{hold}/{name}", died)


@program
def give_back_entry(me: Me, path: str, died: bool) -> Steps:
    """End a job whose verdict is inside, or give it back."""
    job = yield read(envelope_of(path))
    if job.verdict is not None:
        yield finish(me, path, job)
    elif died and rescues_of(base(path)) >= me.max_rescues:
        ended = job._replace(verdict=Verdict("killed", me.worker, job.runs))
        yield rewrite(me, path, ended)
        yield finish(me, path, ended)
    else:
        name = rescued(base(path)) if died else base(path)
        yield rename_new(path, f"incoming/{name}")
