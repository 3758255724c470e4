"""What the spool promises, judged in every state (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from model_power import Torn
from model_tree import File, Tree, Value
from spool_records import (
    FINAL,
    INTAKE,
    NEWBORN,
    REFUSED,
    ROOTS,
    Dropped,
    Job,
    Refusal,
    Verdict,
    id_of,
    is_entry,
    is_folder,
)

_WHOLE = {"job.json", "request.md", "attachments", "outputs"}


class Broken(Exception):
    """A promise that was not kept."""


class Ledger(NamedTuple):
    """What was promised so far, and what people dropped."""

    submitted: frozenset[str] = frozenset()
    settled: frozenset[tuple[str, Verdict]] = frozenset()
    retried: frozenset[tuple[str, int]] = frozenset()
    """IDs an operator let run again, and how many verdicts they must have behind them."""
    dropped: tuple[str, ...] = ()

    def verdict(self, job_id: str) -> Verdict | None:
        """Return the verdict whose settle returned, unless an operator lets the job run again."""
        return dict(self.settled).get(job_id)


def noted(ledger: Ledger, tree: Tree, event: str, details: tuple[Any, ...]) -> Ledger:
    """Return the ledger after a process told what it did; raises Broken for what may not be."""
    if event == "rewritten":
        return _rewritten(ledger, *details)
    job_id = details[0]
    if event == "submitted":
        return ledger._replace(submitted=ledger.submitted | {job_id})
    if event in ("settled", "finished"):
        if ledger.verdict(job_id) not in (None, details[1]):
            raise Broken(f"{job_id} has a second outcome")
        if event == "settled":
            return ledger._replace(settled=ledger.settled | {(job_id, details[1])})
    elif event == "ran":
        if ledger.verdict(job_id) is not None:
            raise Broken(f"{job_id} runs again after its settle returned")
    elif event == "retried":
        behind = (job_id, 1 + max([n for one, n in ledger.retried if one == job_id], default=0))
        return ledger._replace(retried=ledger.retried | {behind})
    elif event == "ended":
        _check_gone(tree, job_id)
    return ledger


def _rewritten(ledger: Ledger, job: Job) -> Ledger:
    """Let a verdict no longer bind once an operator moved it into the job's history."""
    if job.verdict is not None or ledger.verdict(job.id) not in job.earlier:
        return ledger
    left = frozenset(one for one in ledger.settled if one[0] != job.id)
    return ledger._replace(settled=left)


def check(tree: Tree, ledger: Ledger) -> None:
    """Raise Broken unless all that was promised so far is kept by what is there."""
    entries = _entries(tree)
    for job_id in ledger.submitted:
        if job_id not in entries:
            raise Broken(f"submitted {job_id} is lost")
    for job_id, verdict in ledger.settled:
        if job_id not in entries or entries[job_id][1].verdict != verdict:
            raise Broken(f"the settled outcome of {job_id} is lost")
    for job_id, behind in ledger.retried:
        if job_id not in entries or len(entries[job_id][1].earlier) < behind:
            raise Broken(f"the operator's retry of {job_id} is undone")
    for path, job in entries.values():
        if path.split("/")[0] in FINAL and job.verdict is None:
            raise Broken(f"{path} ended without a verdict")
    if ledger.dropped:
        _check_dropped(tree, ledger.dropped)


def check_at_rest(tree: Tree, ledger: Ledger) -> None:
    """Raise Broken unless everything has ended and nothing is left over."""
    check(tree, ledger)
    for root in ("incoming", "processing", "retry", ".tmp"):
        if left := tree.names(root):
            raise Broken(f"left over in {root}/: {', '.join(left)}")


def _entries(tree: Tree) -> dict[str, tuple[str, Job]]:
    """Return every job with its place; raises Broken when one is torn or in two places."""
    found: dict[str, tuple[str, Job]] = {}
    for path, value in _lying(tree):
        job = _job_at(tree, path, value)
        if job is None:
            continue
        if job.id in found:
            raise Broken(f"{job.id} is in two places: {found[job.id][0]} and {path}")
        found[job.id] = (path, job)
    return found


def _lying(tree: Tree) -> Iterator[tuple[str, Value]]:
    for root in ROOTS:
        if root != ".tmp":
            yield from tree.walk(root, root)


def _job_at(tree: Tree, path: str, value: Value) -> Job | None:
    if isinstance(value, File):
        if isinstance(value.content, Torn):
            raise Broken(f"{path} is torn")
        return value.content if isinstance(value.content, Job) and "/job.json" not in path else None
    if not _is_folder_entry(path):
        return None
    missing = _WHOLE.difference(tree.names(value.inode))
    job = tree.value(f"{path}/job.json")
    if missing or not isinstance(job, File) or not isinstance(job.content, Job):
        raise Broken(f"{path} is not whole: {', '.join(sorted(missing)) or 'no envelope'}")
    return job.content


def _is_folder_entry(path: str) -> bool:
    *above, name = path.split("/")
    is_marked = name.endswith((INTAKE, REFUSED)) or any(INTAKE in one for one in above)
    return is_folder(id_of(name)) and not is_marked and any(REFUSED in x for x in above) is False


def _check_dropped(tree: Tree, labels: tuple[str, ...]) -> None:
    """Raise Broken unless all that was dropped is there once, and ends together."""
    homes: dict[str, set[str]] = {label: set() for label in labels}
    ended: set[str] = set()
    for path, value in _lying(tree):
        if path.endswith(REFUSED):
            _check_refused(tree, path)
        content = value.content if isinstance(value, File) else None
        for label in _labels_in(content):
            homes[label].add(_home(path))
        if isinstance(content, Refusal):
            _check_record(path, content)
        if _labels_in(content) and INTAKE not in path and _home(path) != "incoming":
            ended.add(_home(path))
    for label, where in homes.items():
        if len(where) != 1:
            raise Broken(f"dropped {label} is in {len(where)} places: {sorted(where)}")
    if ended and set().union(*homes.values()) != ended:
        raise Broken(f"what was dropped together was parted: {homes}")


def _labels_in(content: object) -> tuple[str, ...]:
    if isinstance(content, Dropped):
        return (content.label,)
    return content.made_of if isinstance(content, Job) else ()


def _home(path: str) -> str:
    """Return what holds dropped bytes: `incoming`, or an ID, be it intake, job or refusal."""
    parts = path.split("/")
    if parts[0] == "incoming" and not is_entry(parts[1]):
        return "incoming"
    own = parts[1] if parts[0] in ("incoming", "retry") else parts[2]
    return id_of(own.removesuffix(INTAKE).removesuffix(REFUSED))


def _check_refused(tree: Tree, path: str) -> None:
    record = tree.value(f"{path}/refusal.json")
    inode = tree.folder(path)
    assert inode is not None
    if not isinstance(record, File) or len(tree.names(inode)) != 1 + len(record.content.originals):
        raise Broken(f"{path} is not whole")


def _check_record(path: str, record: Refusal) -> None:
    if any(name.startswith("dropped-") for name in record.originals):
        raise Broken(f"{path} does not tell the names that were dropped")


def _check_gone(tree: Tree, worker: str) -> None:
    for path in (f".tmp/{worker}", f".tmp/{NEWBORN}{worker}-end", f"processing/{worker}"):
        if tree.value(path) is not None:
            raise Broken(f"{worker} ended and left {path}")
