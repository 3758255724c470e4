"""A file system as data: what a call answers, and which names it changes (pure).

A tree never changes; a call yields another tree. Equal trees are one object, so that the
search compares and hashes them at no cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Inode = str
Key = tuple[Inode, str]
"""A name in a folder."""

SAFE, DIRTY, DOOMED = "safe", "dirty", "doomed"
"""Whether a file's bytes would survive a power cut; doomed ones never will: a flush failed."""


class File(NamedTuple):
    """A file: its content, and whether its bytes are flushed."""

    content: Any
    data: str = SAFE


class Folder(NamedTuple):
    """A folder, by the inode its names are kept under."""

    inode: Inode


Value = File | Folder
Edit = tuple[Key, Value | None]


class Op(NamedTuple):
    """One call, as a program asks for it."""

    call: str
    path: str = ""
    target: Any = None


class Failed(NamedTuple):
    """The answer of a call that raises."""

    error: str


class Effect(NamedTuple):
    """What a call does: its answer, the names it changes, and the folders these lie in."""

    answer: Any
    tree: Tree
    edits: tuple[Edit, ...] = ()
    touched: tuple[Inode, ...] = ()


class Tree:
    """All names there are; made by a Forest alone, so that equal means identical."""

    __slots__ = ("effects", "entries")

    def __init__(self, entries: dict[Key, Value]) -> None:
        self.entries = entries
        self.effects: dict[Op, Effect] = {}

    def folder(self, path: str) -> Inode | None:
        """Return the inode a path leads to, or None where it leads to no folder."""
        first, *rest = path.split("/")
        inode = first
        for name in rest:
            value = self.entries.get((inode, name))
            if not isinstance(value, Folder):
                return None
            inode = value.inode
        return inode

    def key(self, path: str) -> Key | None:
        """Return the name a path means, or None where its folder is missing."""
        parent, _, name = path.rpartition("/")
        inode = self.folder(parent)
        return None if inode is None else (inode, name)

    def value(self, path: str) -> Value | None:
        """Return what lies at a path."""
        key = self.key(path)
        return None if key is None else self.entries.get(key)

    def names(self, inode: Inode) -> tuple[str, ...]:
        """Return the names in a folder, in order."""
        return tuple(sorted(name for folder, name in self.entries if folder == inode))

    def walk(self, path: str, inode: Inode) -> Iterator[tuple[str, Value]]:
        """Yield all that lies below a folder, with its path."""
        for name in self.names(inode):
            value = self.entries[inode, name]
            yield f"{path}/{name}", value
            if isinstance(value, Folder):
                yield from self.walk(f"{path}/{name}", value.inode)


class Forest:
    """Makes trees, each once, and remembers what a call does to each.

    A journal flushes a new folder's name together with what is in it; where `is_strict`, only
    a flush of its parent does, which is all that POSIX says.
    """

    def __init__(self, *, is_strict: bool = False) -> None:
        self._is_strict = is_strict
        self._trees: dict[frozenset[tuple[Key, Value]], Tree] = {}

    def tree(self, entries: dict[Key, Value]) -> Tree:
        """Return the tree of these names."""
        key = frozenset(entries.items())
        if key not in self._trees:
            self._trees[key] = Tree(entries)
        return self._trees[key]

    def edited(self, tree: Tree, edits: tuple[Edit, ...]) -> Tree:
        """Return the tree with some names changed."""
        entries = dict(tree.entries)
        for key, value in edits:
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
        return self.tree(entries)

    def effect(self, tree: Tree, op: Op) -> Effect:
        """Return what a call on names does."""
        known = tree.effects.get(op)
        if known is None:
            answer, edits, touched = _CALLS[op.call](tree, op)
            if self._is_strict and op.call == "mkdir":
                touched = touched[:1]
            after = self.edited(tree, edits) if edits else tree
            known = tree.effects[op] = Effect(answer, after, edits, touched)
        return known

    def with_data(self, tree: Tree, old: File, new: File) -> Tree:
        """Return the tree with one file's bytes in another state, wherever it is named."""
        swapped = {k: new if v == old else v for k, v in tree.entries.items()}
        return self.tree(swapped)


Raw = tuple[Any, tuple[Edit, ...], tuple[Inode, ...]]
_MISSING: Raw = (Failed("ENOENT"), (), ())
_EXISTS: Raw = (Failed("EEXIST"), (), ())


def _names(tree: Tree, op: Op) -> Raw:
    inode = tree.folder(op.path)
    return (() if inode is None else tree.names(inode)), (), ()


def _exists(tree: Tree, op: Op) -> Raw:
    return tree.value(op.path) is not None, (), ()


def _read(tree: Tree, op: Op) -> Raw:
    value = tree.value(op.path)
    return (value.content, (), ()) if isinstance(value, File) else _MISSING


def _open(tree: Tree, op: Op) -> Raw:
    inode = tree.folder(op.path)
    return _MISSING if inode is None else (inode, (), ())


def _is_same(tree: Tree, op: Op) -> Raw:
    return tree.folder(op.path) == op.target, (), ()


def _write(tree: Tree, op: Op) -> Raw:
    key = tree.key(op.path)
    if key is None:
        return _MISSING
    return _EXISTS if key in tree.entries else (None, ((key, op.target),), (key[0],))


def _mkdir(tree: Tree, op: Op) -> Raw:
    key = tree.key(op.path)
    if key is None:
        return _MISSING
    if key in tree.entries:
        return _EXISTS
    inode = op.path
    while Folder(inode) in tree.entries.values() or tree.names(inode):
        inode += "#"
    return None, ((key, Folder(inode)),), (key[0], inode)


def _rmdir(tree: Tree, op: Op) -> Raw:
    key, inode = tree.key(op.path), tree.folder(op.path)
    if key is None or inode is None:
        return _MISSING
    if tree.names(inode):
        return Failed("ENOTEMPTY"), (), ()
    return None, ((key, None),), (key[0], inode)


def _unlink(tree: Tree, op: Op) -> Raw:
    key = tree.key(op.path)
    if key is None or not isinstance(tree.entries.get(key), File):
        return _MISSING
    return None, ((key, None),), (key[0],)


def _remove_tree(tree: Tree, op: Op) -> Raw:
    key = tree.key(op.path)
    if key is None or key not in tree.entries:
        return None, (), ()
    edits: list[Edit] = [(key, None)]
    touched = [key[0]]
    inode = tree.folder(op.path)
    if inode is not None:
        touched.append(inode)
        for path, value in tree.walk(op.path, inode):
            below = tree.key(path)
            assert below is not None
            edits.append((below, None))
            touched += [value.inode] if isinstance(value, Folder) else []
    return None, tuple(edits), tuple(touched)


def _rename(tree: Tree, op: Op) -> Raw:
    source, target = tree.key(op.path), tree.key(op.target)
    if source is None or source not in tree.entries or target is None:
        return _MISSING
    if f"{op.target}/".startswith(f"{op.path}/"):
        return Failed("EINVAL"), (), ()
    value, there = tree.entries[source], tree.entries.get(target)
    if there is not None and (op.call == "rename_new" or not _gives_way(tree, there, value)):
        return _EXISTS
    return None, ((source, None), (target, value)), tuple(dict.fromkeys((source[0], target[0])))


def _gives_way(tree: Tree, there: Value, value: Value) -> bool:
    """Whether a rename replaces what is there: a file a file, a folder an empty folder."""
    if isinstance(there, File) or isinstance(value, File):
        return isinstance(there, File) and isinstance(value, File)
    return not tree.names(there.inode)


_CALLS: dict[str, Callable[[Tree, Op], Raw]] = {
    "names": _names,
    "exists": _exists,
    "read": _read,
    "open": _open,
    "is_same": _is_same,
    "write": _write,
    "mkdir": _mkdir,
    "rmdir": _rmdir,
    "unlink": _unlink,
    "remove_tree": _remove_tree,
    "rename": _rename,
    "rename_new": _rename,
}
READS = frozenset({"names", "exists", "read", "open", "is_same"})
