"""The modelled file system answers as the kernel does, and loses what a power cut may take."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from model_power import Disk, Torn, after_cuts, bytes_flushed, changed, flush_failed, flushed
from model_programs import mkdir, names, read, remove_tree, rename, rename_new, rmdir, unlink, write
from model_tree import Failed, File, Forest, Op, Tree

from syntx.spool.syscalls import Disk as RealDisk

_ROOT = "incoming"
_PLACES = [f"{_ROOT}/{one}" for one in ("a", "b", "a/x", "a/y", "b/x", "a/x/z")]


def _some_op(chance: random.Random) -> Op:
    source, target = chance.sample(_PLACES, 2)
    return chance.choice(
        [
            mkdir(source),
            write(source, source),
            rename_new(source, target),
            rename(source, target),
            rmdir(source),
            unlink(source),
            names(source),
            read(source),
        ]
    )


def _really(root: Path, op: Op) -> object:
    """Do a call on real files; the answer, or the error."""
    disk, path = RealDisk(), f"{root}/{op.path}"
    try:
        if op.call == "write":
            with open(path, "x", encoding="utf-8") as file:
                file.write(op.target.content)
        elif op.call == "read":
            return Path(path).read_text(encoding="utf-8")
        elif op.call == "names":
            return tuple(sorted(os.listdir(path)))
        elif op.call.startswith("rename"):
            getattr(disk, op.call)(path, f"{root}/{op.target}")
        else:
            getattr(disk, op.call)(path)
    except OSError as error:
        return error
    return None


def _listing(tree: Tree) -> list[str]:
    return sorted(path for path, _ in tree.walk(_ROOT, _ROOT))


@pytest.mark.parametrize("seed", range(20))
def test_the_modelled_calls_answer_as_the_kernel(tmp_path: Path, seed: int) -> None:
    """The same calls succeed, fail and leave the same names, on the model and on real files."""
    chance, forest = random.Random(seed), Forest()
    tree = forest.tree({})
    (tmp_path / _ROOT).mkdir()

    for _ in range(100):
        op = _some_op(chance)
        effect, answer = forest.effect(tree, op), _really(tmp_path, op)

        tree = effect.tree
        failed = isinstance(effect.answer, Failed)
        if op.call != "names":
            assert failed == isinstance(answer, OSError), (op, effect.answer, answer)
        real = sorted(f"{path.relative_to(tmp_path)}" for path in (tmp_path / _ROOT).rglob("*"))
        assert _listing(tree) == real, op


def _done(forest: Forest, disk: Disk, tree: Tree, *ops: Op) -> tuple[Tree, Disk]:
    for op in ops:
        effect = forest.effect(tree, op)
        tree, disk = effect.tree, changed(disk, effect)
    return tree, disk


def _cuts(forest: Forest, disk: Disk) -> list[list[str]]:
    return sorted(
        sorted(path for root in (_ROOT, "retry") for path, _ in tree.walk(root, root))
        for tree in after_cuts(forest, disk)
    )


def test_what_is_not_flushed_may_be_lost_in_the_order_of_its_folder() -> None:
    """Of two names made in one folder the later never survives the earlier."""
    forest = Forest()
    empty = forest.tree({})

    _, disk = _done(forest, Disk(empty), empty, write("incoming/a", 1), write("incoming/b", 2))

    assert _cuts(forest, disk) == [[], ["incoming/a"], ["incoming/a", "incoming/b"]]


def test_names_in_two_folders_are_lost_in_any_order() -> None:
    """What touches no common folder reaches the disk in any order."""
    forest = Forest()
    empty = forest.tree({})

    _, disk = _done(forest, Disk(empty), empty, write("incoming/a", 1), write("retry/b", 2))

    assert ["retry/b"] in _cuts(forest, disk)


def test_what_is_flushed_survives() -> None:
    """A flush of a folder keeps its names, and what they rest on."""
    forest = Forest()
    empty = forest.tree({})
    ops = (mkdir("incoming/d"), write("incoming/d/a", 1), rename("incoming/d/a", "retry/a"))

    _, disk = _done(forest, Disk(empty), empty, *ops)

    assert all("retry/a" in left for left in _cuts(forest, flushed(forest, disk, "retry")))


def test_a_failed_flush_is_not_healed_by_the_next() -> None:
    """The kernel tells of it once; the names stay in danger."""
    forest = Forest()
    empty = forest.tree({})
    _, disk = _done(forest, Disk(empty), empty, write("incoming/a", 1))

    disk = flushed(forest, flush_failed(disk, "incoming"), "incoming")

    assert [] in _cuts(forest, disk)


def test_a_file_whose_bytes_were_not_flushed_is_torn() -> None:
    """Flushing a folder alone leaves a name without its bytes."""
    forest = Forest()
    empty = forest.tree({})
    tree, disk = _done(forest, Disk(empty), empty, write("incoming/a", "text"))
    disk = flushed(forest, disk, "incoming")
    there = tree.value("incoming/a")
    assert isinstance(there, File)

    (torn,) = after_cuts(forest, disk)
    (whole,) = after_cuts(forest, bytes_flushed(forest, disk, there))

    assert torn.value("incoming/a") == File(Torn("text"))
    assert whole.value("incoming/a") == File("text")


def test_a_new_folder_may_lose_its_name_where_only_its_parents_flush_keeps_it() -> None:
    """In the strict mode a flush of the folder itself is not enough."""
    forest = Forest(is_strict=True)
    empty = forest.tree({})
    ops = (mkdir("incoming/d"), write("incoming/d/a", 1))

    _, disk = _done(forest, Disk(empty), empty, *ops)

    assert [] in _cuts(forest, flushed(forest, disk, "incoming/d"))
    assert [] not in _cuts(forest, flushed(forest, disk, "incoming"))


def test_removing_a_tree_removes_all_of_it() -> None:
    """Nothing of a removed folder is met again under a new one of its name."""
    forest = Forest()
    empty = forest.tree({})
    ops = (mkdir("incoming/d"), write("incoming/d/a", 1), remove_tree("incoming/d"))

    tree, _ = _done(forest, Disk(empty), empty, *ops, mkdir("incoming/d"))

    assert _listing(tree) == ["incoming/d"]
