"""Power cuts: which changes of names and bytes are on the disk, and which may be lost (pure).

Changes that touch the same folder reach the disk in their order; others in any. A cut loses
any set of unflushed changes, and with each all later ones that touch a folder it touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from model_tree import DOOMED, SAFE, Edit, Effect, File, Forest, Inode, Tree


class Change(NamedTuple):
    """One unflushed change; a doomed one was in a flush that failed, and no other helps it."""

    edits: tuple[Edit, ...]
    touched: tuple[Inode, ...]
    doomed: bool = False


class Disk(NamedTuple):
    """What a cut cannot take, and what it may, in the order it was done."""

    safe: Tree
    changes: tuple[Change, ...] = ()


class Torn(NamedTuple):
    """What is left of a file whose bytes were not flushed."""

    was: object


def changed(disk: Disk, effect: Effect) -> Disk:
    """Note what a call did."""
    return Disk(disk.safe, (*disk.changes, Change(effect.edits, effect.touched)))


def flushed(forest: Forest, disk: Disk, inode: Inode) -> Disk:
    """Flush a folder, and all that its names rest on; doomed changes stay what they are."""
    needed = _needed(disk, inode)
    left: list[Change] = []
    lost: set[Inode] = set()
    safe = disk.safe
    for number, change in enumerate(disk.changes):
        if number in needed and not change.doomed and lost.isdisjoint(change.touched):
            safe = forest.edited(safe, change.edits)
            continue
        left.append(change)
        if number in needed:
            lost.update(change.touched)
    return Disk(safe, tuple(left))


def flush_failed(disk: Disk, inode: Inode) -> Disk:
    """Fail to flush a folder: the kernel tells once, and later flushes pass over its changes."""
    marked = (
        change._replace(doomed=True) if inode in change.touched else change
        for change in disk.changes
    )
    return Disk(disk.safe, tuple(marked))


def bytes_flushed(forest: Forest, disk: Disk, old: File, *, well: bool = True) -> Disk:
    """Flush one file's bytes wherever it is named, or fail to."""
    new = old._replace(data=SAFE if well else DOOMED)
    changes = tuple(
        change._replace(edits=tuple((key, new if v == old else v) for key, v in change.edits))
        for change in disk.changes
    )
    return Disk(forest.with_data(disk.safe, old, new), changes)


def after_cuts(forest: Forest, disk: Disk) -> Iterator[Tree]:
    """Yield every tree that a power cut at this moment may leave."""
    seen: set[Tree] = set()
    for tree in _survivors(forest, disk.safe, disk.changes, frozenset()):
        torn = _torn(forest, tree)
        if torn not in seen:
            seen.add(torn)
            yield torn


def _survivors(
    forest: Forest, tree: Tree, changes: tuple[Change, ...], lost: frozenset[Inode]
) -> Iterator[Tree]:
    if not changes:
        yield tree
        return
    first, *rest = changes
    if lost.isdisjoint(first.touched):
        kept = forest.edited(tree, first.edits)
        yield from _survivors(forest, kept, tuple(rest), lost)
    yield from _survivors(forest, tree, tuple(rest), lost.union(first.touched))


def _needed(disk: Disk, inode: Inode) -> set[int]:
    """Return which changes a flush of the folder includes: its own, and what these rest on."""
    folders = {inode}
    needed: set[int] = set()
    for number in range(len(disk.changes) - 1, -1, -1):
        touched = disk.changes[number].touched
        if not folders.isdisjoint(touched):
            folders.update(touched)
            needed.add(number)
    return needed


def _torn(forest: Forest, tree: Tree) -> Tree:
    if not any(isinstance(one, File) and one.data != SAFE for one in tree.entries.values()):
        return tree
    entries = {
        key: File(Torn(value.content)) if isinstance(value, File) and value.data != SAFE else value
        for key, value in tree.entries.items()
    }
    return forest.tree(entries)
