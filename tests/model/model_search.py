"""Trying every order of steps, kills and power cuts, and judging each state."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model_machine import Fault, Machine, World
from model_power import Disk, after_cuts
from model_programs import Body, Call, Place, Processes, ProgramFailed
from model_tree import File, Folder, Forest, Key, Tree, Value
from spool_promises import Broken, Ledger, check, check_at_rest
from spool_records import Me

_LONGEST_RECOVERY = 2_000


@dataclass(frozen=True)
class Scene:
    """What is there at the start, who acts, and what may go wrong."""

    processes: tuple[tuple[Me, Call], ...]
    fresh: Call
    """The process that must bring everything to a good end after all others are gone."""
    files: Mapping[str, Any] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    kills: int = 1
    power: bool = False
    failing_flushes: int = 0
    """How many flushes may fail; only where one process writes, for a disk that failed one is
    modelled to keep nothing that rests on it."""
    is_strict: bool = False
    """Whether a new folder's name is flushed by a flush of its parent only; see Forest."""
    is_reduced: bool = True
    """Whether others wait while a process changes what it alone may see; see the module."""


@dataclass
class Report:
    """What a search saw."""

    states: int = 0
    cuts: int = 0
    recoveries: int = 0
    ends: set[tuple[frozenset[tuple[Key, Value]], Ledger]] = field(default_factory=set)
    """What was there when all processes had ended or died."""
    broken: str | None = None
    way: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        seen = f"{self.states} states, {self.cuts} power cuts, {self.recoveries} recoveries"
        if self.broken is None:
            return f"{seen}: all promises kept"
        return "\n  ".join([f"{seen}: {self.broken}", *self.way])


class Search:
    """Searches one scene; `changed` programs take the place of the protocol's."""

    def __init__(self, scene: Scene, changed: Mapping[str, Body] | None = None) -> None:
        self._scene = scene
        self._forest = Forest(is_strict=scene.is_strict)
        self._processes = Processes(changed)
        workers = tuple(me.worker for me, _ in scene.processes)
        self._machine = self._machine_of(workers)
        self._alone = self._machine_of(("Z",))
        self._judged: set[tuple[Tree, Ledger]] = set()
        self._ends_well: set[tuple[Tree, Place | None, Ledger]] = set()
        self._cut: set[tuple[Disk, Ledger]] = set()
        self._report = Report()

    def _machine_of(self, workers: tuple[str, ...]) -> Machine:
        is_reduced = self._scene.is_reduced
        return Machine(self._forest, self._processes, workers, is_reduced=is_reduced)

    def run(self) -> Report:
        """Return what was seen; the search ends with the first promise broken."""
        start = self._start()
        before: dict[World, tuple[World | None, str]] = {start: (None, "")}
        waiting = deque([start])
        while waiting:
            world = waiting.popleft()
            try:
                self._judge(world)
                for label, after in self._machine.successors(world):
                    if after not in before:
                        before[after] = (world, label)
                        waiting.append(after)
            except Fault as fault:
                self._report.broken = str(fault)
                self._report.way = [*_way(before, world), *fault.way]
                break
        self._report.states = len(before)
        return self._report

    def _start(self) -> World:
        tree = self._forest.tree(_planted(self._scene.files))
        scene = self._scene
        places = tuple(self._processes.start(call) for _, call in scene.processes)
        disk = Disk(tree) if scene.power else None
        world = World(
            tree, disk, frozenset(), places, scene.ledger, scene.kills, scene.failing_flushes
        )
        for number in range(len(places)):
            world = self._machine.at_rest(world, number)
        return world

    def _judge(self, world: World) -> None:
        try:
            self._check(world.tree, world.ledger)
        except Broken as error:
            raise Fault(error, []) from error
        self._recover(world.tree, world.ledger, "all are killed")
        if not any(world.places):
            self._report.ends.add((frozenset(world.tree.entries.items()), world.ledger))
        if world.disk is None or not world.disk.changes:
            return
        if (world.disk, world.ledger) in self._cut:
            return
        self._cut.add((world.disk, world.ledger))
        for tree in after_cuts(self._forest, world.disk):
            self._report.cuts += 1
            self._recover(tree, world.ledger, "the power fails")

    def _check(self, tree: Tree, ledger: Ledger) -> None:
        if (tree, ledger) not in self._judged:
            check(tree, ledger)
            self._judged.add((tree, ledger))

    def _recover(self, tree: Tree, ledger: Ledger, how: str) -> None:
        """Start one fresh process on what is left, and see that it ends well."""
        way = [f"{how}; left: {_listed(tree)}", "a fresh process starts"]
        passed: list[tuple[Tree, Place | None, Ledger]] = []
        try:
            self._check(tree, ledger)
            self._run_alone(tree, ledger, passed, way)
        except (Broken, ProgramFailed) as error:
            raise Fault(error, way) from error
        except Fault as fault:
            raise Fault(fault, [*way, *fault.way]) from fault
        if passed:
            self._report.recoveries += 1
        self._ends_well.update(passed)

    def _run_alone(
        self,
        tree: Tree,
        ledger: Ledger,
        passed: list[tuple[Tree, Place | None, Ledger]],
        way: list[str],
    ) -> None:
        """Run the fresh process until all is done, or until it is where one ended well."""
        place = self._processes.start(self._scene.fresh)
        world = World(tree, None, frozenset(), (place,), ledger, 0, 0)
        world = self._alone.at_rest(world, 0)
        while (key := (world.tree, world.places[0], world.ledger)) not in self._ends_well:
            passed.append(key)
            here = world.places[0]
            if here is None:
                return check_at_rest(world.tree, world.ledger)
            if len(passed) > _LONGEST_RECOVERY:
                raise Broken("the recovery has no end")
            label, world = next(iter(self._alone.steps(world, 0, here)))
            way.append(label)
            self._check(world.tree, world.ledger)
        return None


def _planted(files: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the entries of a tree from paths and contents; a content None makes a folder."""
    entries: dict[tuple[str, str], File | Folder] = {}
    for path, content in files.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            parent, name = "/".join(parts[:depth]), parts[depth]
            is_last = depth == len(parts) - 1
            if is_last and content is not None:
                entries[parent, name] = File(content)
            else:
                entries.setdefault((parent, name), Folder("/".join(parts[: depth + 1])))
    return entries


def _way(before: Mapping[World, tuple[World | None, str]], world: World | None) -> list[str]:
    labels: list[str] = []
    while world is not None:
        world, label = before[world]
        labels.append(label)
    return labels[-2::-1]


def _listed(tree: Tree) -> str:
    return ", ".join(sorted(f"{folder}/{name}" for folder, name in tree.entries)) or "nothing"
