"""One machine: what each process may do next, and what comes of it.

Two things are left out, since they show nothing new: what a process reads where only it may
write is read at once, and while a process changes only such places the others wait. Power cuts
are searched without the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from model_power import Disk, bytes_flushed, changed, flush_failed, flushed
from model_programs import Place, Processes, ProgramFailed
from model_tree import DIRTY, DOOMED, READS, SAFE, Failed, File, Forest, Op, Tree
from spool_promises import Broken, Ledger, noted
from spool_records import NEWBORN

_FLUSHES = frozenset({"flush", "fsync", "syncfs"})
_SILENT = READS | {"choose", "lock", "close"}


class World(NamedTuple):
    """One state: names, what of them is safe, locks, processes, promises, faults to come."""

    tree: Tree
    disk: Disk | None
    locks: frozenset[tuple[str, int]]
    places: tuple[Place | None, ...]
    ledger: Ledger
    kills: int
    faults: int


class Fault(Exception):
    """What is broken, and the last steps that led there."""

    def __init__(self, broken: Exception, way: list[str]) -> None:
        super().__init__(str(broken))
        self.way = way


class Machine:
    """Takes the steps of some workers' processes, in worlds that share a forest."""

    def __init__(
        self, forest: Forest, processes: Processes, workers: tuple[str, ...], *, is_reduced: bool
    ) -> None:
        self._forest = forest
        self._processes = processes
        self._workers = workers
        self._is_reduced = is_reduced

    def successors(self, world: World) -> Iterator[tuple[str, World]]:
        """Yield every step and every kill that may come next; raises Fault."""
        for number in self._turns(world):
            place = world.places[number]
            assert place is not None
            yield from self.steps(world, number, place)
            if world.kills and place.op is not None and place.op.call not in _SILENT:
                yield f"{self._workers[number]} is killed", _killed(world, number)

    def _turns(self, world: World) -> list[int]:
        living = [number for number, place in enumerate(world.places) if place is not None]
        if world.disk is None and self._is_reduced:
            for number in living:
                place = world.places[number]
                assert place is not None
                if place.op is not None and self._is_own(world, number, place.op, below=True):
                    return [number]
        return living

    def steps(self, world: World, number: int, place: Place) -> Iterator[tuple[str, World]]:
        """Yield what a process may do next; raises Fault."""
        op = place.op
        assert op is not None
        for answer, changed_world in self._answers(world, number, op):
            label = f"{self._workers[number]}: {_shown(op, answer)}"
            try:
                yield label, self._answered(changed_world, number, place, answer)
            except (Broken, ProgramFailed) as error:
                raise Fault(error, [label]) from error

    def _answers(self, world: World, number: int, op: Op) -> Iterator[tuple[Any, World]]:
        if op.call == "choose":
            yield from ((option, world) for option in op.target)
        elif op.call in ("lock", "close"):
            yield self._lock(world, number, op)
        elif op.call in _FLUSHES:
            yield from self._flush(world, op)
        else:
            yield self._name_call(world, number, op)

    def _lock(self, world: World, number: int, op: Op) -> tuple[Any, World]:
        if op.call == "close":
            return None, world._replace(locks=world.locks - {(op.path, number)})
        if any(inode == op.path for inode, _ in world.locks):
            return False, world
        return True, world._replace(locks=world.locks | {(op.path, number)})

    def _name_call(self, world: World, number: int, op: Op) -> tuple[Any, World]:
        if world.disk is None and op.call == "write":
            op = op._replace(target=op.target._replace(data=SAFE))
        effect = self._forest.effect(world.tree, op)
        if not effect.edits:
            return effect.answer, world
        self._check_owner(world, number, op)
        disk = None if world.disk is None else changed(world.disk, effect)
        return effect.answer, world._replace(tree=effect.tree, disk=disk)

    def _flush(self, world: World, op: Op) -> Iterator[tuple[Any, World]]:
        assert world.disk is not None
        if op.call == "flush":
            yield from self._flush_bytes(world, op)
        elif op.call == "syncfs":
            yield from self._flush_all(world)
        else:
            inode = world.tree.folder(op.path)
            assert inode is not None, op
            yield None, world._replace(disk=flushed(self._forest, world.disk, inode))
            if world.faults:
                disk = flush_failed(world.disk, inode)
                yield Failed("EIO"), world._replace(disk=disk, faults=world.faults - 1)

    def _flush_bytes(self, world: World, op: Op) -> Iterator[tuple[Any, World]]:
        old = world.tree.value(op.path)
        assert isinstance(old, File)
        if old.data == DIRTY:
            yield None, self._with_bytes(world, old, well=True)
            if world.faults:
                failed = self._with_bytes(world, old, well=False)
                yield Failed("EIO"), failed._replace(faults=world.faults - 1)
        else:
            yield None, world

    def _flush_all(self, world: World) -> Iterator[tuple[Any, World]]:
        assert world.disk is not None
        safe = world
        for value in set(world.tree.entries.values()):
            if isinstance(value, File) and value.data == DIRTY:
                safe = self._with_bytes(safe, value, well=True)
        yield None, safe._replace(disk=Disk(safe.tree))
        if world.faults:
            failed = world
            for value in set(world.tree.entries.values()):
                if isinstance(value, File) and value.data == DIRTY:
                    failed = self._with_bytes(failed, value, well=False)
            yield Failed("EIO"), failed._replace(faults=world.faults - 1)

    def _with_bytes(self, world: World, old: File, *, well: bool) -> World:
        assert world.disk is not None
        new = old._replace(data=SAFE if well else DOOMED)
        tree = self._forest.with_data(world.tree, old, new)
        disk = bytes_flushed(self._forest, world.disk, old, well=well)
        return world._replace(tree=tree, disk=disk)

    def _answered(self, world: World, number: int, place: Place, answer: Any) -> World:
        try:
            after = self._processes.after(place, answer)
        except ProgramFailed as error:
            if str(error) != "EIO":
                raise
            # The disk failed: the process says so and ends, as if it had been killed.
            return _gone(world, number)
        return self.at_rest(_placed(world, number, after), number)

    def at_rest(self, world: World, number: int) -> World:
        """Do what nobody else could notice, up to the next step that matters."""
        while (place := world.places[number]) is not None:
            op = place.op
            if op is None:
                return _gone(world, number)
            if op.call == "tell":
                ledger = noted(world.ledger, world.tree, op.path, op.target)
                answer, world = None, world._replace(ledger=ledger)
            elif op.call in _FLUSHES and world.disk is None:
                answer = None
            elif self._is_quiet(world, number, op):
                answer = self._forest.effect(world.tree, op).answer
            else:
                return world
            world = _placed(world, number, self._processes.after(place, answer))
        return world

    def _is_quiet(self, world: World, number: int, op: Op) -> bool:
        if op.call in READS:
            return self._is_own(world, number, op)
        made_before = op.call == "mkdir" and world.tree.value(op.path) is not None
        return made_before and _worker_of(op.path) is None

    def _is_own(self, world: World, number: int, op: Op, *, below: bool = False) -> bool:
        """Whether a call stays within the folders of workers that this process answers for."""
        if op.call in _FLUSHES or op.call in ("choose", "lock", "close", "tell"):
            return False
        paths = [op.path, *([op.target] if op.call.startswith("rename") else [])]
        for path in paths:
            worker = _worker_of(path)
            if worker is None or (below and path.count("/") < 2):
                return False
            if not self._answers_for(world, number, worker):
                return False
        return True

    def _answers_for(self, world: World, number: int, worker: str) -> bool:
        own = self._workers[number]
        if worker == own or worker.startswith(f"{NEWBORN}{own}-"):
            return True
        inode = world.tree.folder(f".tmp/{worker}")
        return inode is not None and (inode, number) in world.locks

    def _check_owner(self, world: World, number: int, op: Op) -> None:
        is_birth = op.call == "rename_new" and _worker_of(op.path) != _worker_of(str(op.target))
        for path in [op.path, *([op.target] if op.call.startswith("rename") else [])]:
            worker = _worker_of(path)
            if worker is None or (is_birth and path == f".tmp/{worker}" == op.target):
                continue
            if not self._answers_for(world, number, worker):
                broken = Broken(f"{self._workers[number]} touches the folder of {worker}")
                raise Fault(broken, [f"{self._workers[number]}: {_shown(op, '?')}"])


def _placed(world: World, number: int, place: Place | None) -> World:
    places = (*world.places[:number], place, *world.places[number + 1 :])
    return world._replace(places=places)


def _gone(world: World, number: int) -> World:
    locks = frozenset(one for one in world.locks if one[1] != number)
    return _placed(world, number, None)._replace(locks=locks)


def _killed(world: World, number: int) -> World:
    return _gone(world, number)._replace(kills=world.kills - 1)


def _worker_of(path: str) -> str | None:
    parts = path.split("/")
    return parts[1] if parts[0] in (".tmp", "processing") and len(parts) > 1 else None


def _shown(op: Op, answer: Any) -> str:
    arrow = f" -> {op.target}" if op.call.startswith("rename") else ""
    said = "" if answer is None else f" = {answer}"
    return f"{op.call} {op.path}{arrow}{said}"
