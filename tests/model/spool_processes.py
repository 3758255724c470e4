"""Whole processes: a producer, a consumer, a rescuer, an operator, a learner, a fresh start."""

from __future__ import annotations

import contextlib

from model_programs import Steps, fsync, names, program, read, rename_new, tell
from spool_intake import take_dropped
from spool_presence import be_born, end, rescue_all
from spool_records import DAY, Job, Me, Verdict, envelope_of, is_entry
from spool_verbs import Promise, archive, claim, commit, give_due, publish, settling, submit, work


@program
def producer(me: Me, jobs: tuple[Job, ...], together: str = "each") -> Steps:
    """Submit jobs in one batch."""
    yield be_born(me)
    yield submit(me, jobs, together)
    yield end(me)


@program
def consumer(me: Me, turns: int, does: tuple[str, ...] = ()) -> Steps:
    """Claim and work; `does` names what else it does each turn: rescue, due, intake."""
    yield be_born(me)
    orphans: tuple[str, ...] = ()
    for turn in range(turns):
        if "rescue" in does:
            orphans = yield rescue_all(me, orphans)
        if "due" in does:
            yield give_due(me)
        name = None
        if "intake" in does:
            name = yield take_dropped(me, turn)
        if name is None:
            name = yield claim(me)
        if name is not None:
            yield work(me, name)
    yield end(me)


@program
def batcher(me: Me, new: Job, together: str) -> Steps:
    """Claim a job, then settle it and submit another in one batch."""
    yield be_born(me)
    name = yield claim(me)
    if name is not None:
        yield settle_and_submit(me, name, new, together)
    yield end(me)


@program
def settle_and_submit(me: Me, name: str, new: Job, together: str) -> Steps:
    """Keep two promises in one batch, and tell of each that is kept."""
    held = yield read(envelope_of(f"{me.hold}/{name}"))
    yield tell("ran", held.id)
    ended = held._replace(verdict=Verdict("passed", me.worker, held.runs))
    promise = settling(f"{me.hold}/{name}", ended)
    kept = yield commit(me, (promise, Promise(new, "incoming", new.id)), together)
    if kept[0] is True:
        yield tell("settled", ended.id, ended.verdict)
    if kept[1] is True:
        yield tell("submitted", new.id)


@program
def rescuer(me: Me, turns: int) -> Steps:
    """Rescue and do nothing else."""
    yield be_born(me)
    orphans: tuple[str, ...] = ()
    for _ in range(turns):
        orphans = yield rescue_all(me, orphans)
    yield end(me)


@program
def learner(me: Me) -> Steps:
    """Archive what has ended."""
    yield be_born(me)
    yield archive(me)
    yield end(me)


@program
def operator(me: Me, does: tuple[str, ...]) -> Steps:
    """Retry or discard every failed job, or take the discarded back."""
    yield be_born(me)
    for what in does:
        source = f"discarded/{DAY}" if what == "undo" else f"error/{DAY}"
        for name in (yield names(source)):
            if is_entry(name) and not name.endswith(".refused"):
                yield operate(me, what, name)
    yield end(me)


@program
def operate(me: Me, what: str, name: str) -> Steps:
    """Do one thing to one job; another may have been faster."""
    with contextlib.suppress(FileNotFoundError, FileExistsError):
        if what == "retry":
            yield run_again(me, name)
        elif what == "discard":
            yield publish(f"error/{DAY}/{name}", f"discarded/{DAY}", name)
            yield fsync(f"discarded/{DAY}")
        else:
            yield publish(f"discarded/{DAY}/{name}", f"error/{DAY}", name)
            yield fsync(f"error/{DAY}")


@program
def run_again(me: Me, name: str) -> Steps:
    """Make a failed job wait again, its verdict moved into its history."""
    held = f"{me.hold}/{name}"
    yield rename_new(f"error/{DAY}/{name}", held)
    job = yield read(envelope_of(held))
    if (yield commit(me, (Promise(renewed(job), "incoming", name, held),))) == (True,):
        yield tell("retried", job.id)


def renewed(job: Job) -> Job:
    """Return an ended job as it waits again."""
    assert job.verdict is not None
    return job._replace(verdict=None, attempts=0, earlier=(*job.earlier, job.verdict))


@program
def fresh_start(me: Me) -> Steps:
    """Start alone after all others died, and do everything there is to do."""
    yield be_born(me)
    orphans: tuple[str, ...] = ()
    for _ in range(2):
        orphans = yield rescue_all(me, orphans)
    yield give_due(me)
    yield drain(me)
    yield end(me)


@program
def drain(me: Me) -> Steps:
    """Take and work until nothing waits."""
    for turn in range(10):
        name = (yield take_dropped(me, turn)) or (yield claim(me))
        if name is None:
            return
        yield work(me, name)
