"""Homes over three versions of what is shipped, with an operator's edits in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from shipped_versions import ONE, THREE, TWO, Ship, init, tree_of, write

from syntx.cli import cli
from syntx.shipped import before, planning
from syntx.shipped.folder import digest
from syntx.shipped.manifest import NAME


def _edited_home(root: Path, ship: Ship) -> None:
    """Lay out the first version and edit it: one changed, one taken away, one to be orphaned."""
    ship(ONE)
    assert init(root).exit_code == 0
    write(root, {"config/system.yaml": "system mine\n", "wrappers/mine.txt": "mine mine\n"})
    (root / "wrappers/gone.txt").unlink()


def test_an_upgrade_leaves_what_was_edited_and_replaces_the_rest(root: Path, ship: Ship) -> None:
    """Unedited files follow, edited ones get the new version beside them, removed ones stay so."""
    _edited_home(root, ship)
    ship(TWO)
    told = init(root, "--upgrade")

    assert tree_of(root) == {
        "config/system.yaml": "system mine\n",
        "config/system.yaml.new": "system 2\n",
        "config/queue.yaml": "queue 2\n",
        "config/fresh.yaml": "fresh 2\n",
        "wrappers/human.txt": "human 1\n",
        "wrappers/mine.txt": "mine mine\n",
    }
    assert told.stdout.splitlines() == [
        "written config/fresh.yaml",
        "removed config/models/examples/old.yaml",
        "replaced config/queue.yaml",
        "kept config/system.yaml",
        "written config/system.yaml.new",
        "absent wrappers/gone.txt",
        "kept wrappers/mine.txt",
    ]
    system = root / "config/system.yaml"
    assert f"compare: diff -u {system} {system}.new\n" in told.stderr
    assert not (root / "config/models/examples").exists()
    assert (root / "config/models").is_dir()


def test_a_chain_of_versions_keeps_every_edit(root: Path, ship: Ship) -> None:
    """The third version finds what the second left: a taken merge, a fresh edit, an old offer."""
    _edited_home(root, ship)
    ship(TWO)
    init(root, "--upgrade")
    write(root, {"config/queue.yaml": "queue mine\n"})
    ship(THREE)
    told = init(root, "--upgrade")

    tree = tree_of(root)
    assert tree["config/system.yaml"] == "system mine\n"
    assert tree["config/system.yaml.new"] == "system 3\n"
    assert tree["config/queue.yaml"] == "queue mine\n"
    assert tree["wrappers/human.txt"] == "human 3\n"
    assert "config/queue.yaml.new" not in tree
    assert "wrappers/gone.txt" not in tree
    assert "kept config/queue.yaml" in told.stdout


def test_a_merged_file_follows_the_next_version(root: Path, ship: Ship) -> None:
    """Who takes the offered version over has an unedited file again."""
    _edited_home(root, ship)
    ship(TWO)
    init(root, "--upgrade")
    (root / "config/system.yaml.new").replace(root / "config/system.yaml")
    ship(THREE)
    assert "replaced config/system.yaml" in init(root, "--upgrade").stdout
    assert tree_of(root)["config/system.yaml"] == "system 3\n"


def test_an_offer_that_was_worked_on_is_not_overwritten(root: Path, ship: Ship) -> None:
    """Somebody who merges inside NAME.new keeps his work; the next offer has a name of its own."""
    _edited_home(root, ship)
    ship(TWO)
    init(root, "--upgrade")
    write(root, {"config/system.yaml.new": "half merged\n"})
    ship(THREE)
    init(root, "--upgrade")
    tree = tree_of(root)
    assert tree["config/system.yaml.new"] == "half merged\n"
    assert tree["config/system.yaml.new2"] == "system 3\n"


def test_the_version_before_can_be_gone_back_to(root: Path, ship: Ship) -> None:
    """An older version brings its own files back, edits and what was removed stay as they are."""
    _edited_home(root, ship)
    ship(TWO)
    init(root, "--upgrade")
    tree = tree_of(root)
    ship(THREE)
    init(root, "--upgrade")
    ship(TWO)
    init(root, "--upgrade")
    assert tree_of(root) == tree


def test_a_second_upgrade_changes_nothing(root: Path, ship: Ship) -> None:
    """Same bytes, same inodes, and it says so."""
    _edited_home(root, ship)
    ship(TWO)
    init(root, "--upgrade")
    inodes = {path: path.stat().st_ino for path in root.rglob("*")}
    told = init(root, "--upgrade")
    assert {path: path.stat().st_ino for path in root.rglob("*")} == inodes
    assert "no files changed" in told.stderr


def test_a_dry_run_tells_the_same_and_changes_nothing(root: Path, ship: Ship) -> None:
    """Also where there is no home yet."""
    ship(ONE)
    told = init(root, "--dry-run")
    assert not root.exists()
    assert told.stdout == init(root).stdout

    _edited_home(root, ship)
    ship(TWO)
    tree = tree_of(root)
    told = init(root, "--upgrade", "--dry-run")
    assert tree_of(root) == tree
    assert told.stdout == init(root, "--upgrade").stdout


class Killed(BaseException):
    """The process is gone: nothing of ours runs after that."""


def _killed_at(call: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """End the process before or after the nth change of a file."""
    left = [call]

    def ending(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            result = change(*given, **named)
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return result

        return changed

    for name in ("replace", "unlink", "rmdir"):
        monkeypatch.setattr(Path, name, ending(getattr(Path, name)))


def test_an_upgrade_killed_anywhere_is_completed_by_the_next(root: Path, ship: Ship) -> None:
    """Killed before and after each change: the same command once more ends where one would have."""
    _edited_home(root, ship)
    before_it = root.with_name("before")
    root.rename(before_it)
    ship(TWO)
    shutil.copytree(before_it, root)
    init(root, "--upgrade")
    wanted, manifest = tree_of(root), (root / NAME).read_text()

    for call in range(1, 100):
        shutil.rmtree(root)
        shutil.copytree(before_it, root)
        with pytest.MonkeyPatch.context() as patch:
            _killed_at(call, patch)
            try:
                CliRunner().invoke(cli, ["init", "--upgrade", str(root)])
                break
            except Killed:
                pass
        assert init(root, "--upgrade").exit_code == 0
        assert (tree_of(root), (root / NAME).read_text()) == (wanted, manifest)
    assert call > 10


def test_a_home_from_before_manifests_is_known_by_its_contents(
    root: Path, ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What equals a version once shipped counts as unedited, all else as edited."""
    known = {name: frozenset({digest(text.encode())}) for name, text in ONE.items()}
    monkeypatch.setattr(planning, "VERSIONS", known)
    _edited_home(root, ship)
    (root / NAME).unlink()
    ship(TWO)
    assert "came with another version" in init(root).stderr
    (root / NAME).unlink()
    (root / "wrappers/gone.txt").unlink()
    init(root, "--upgrade")
    tree = tree_of(root)
    assert tree["config/queue.yaml"] == "queue 2\n"
    assert tree["config/system.yaml"] == "system mine\n"
    assert tree["config/system.yaml.new"] == "system 2\n"
    assert "wrappers/gone.txt" not in tree
    assert "config/models/examples/old.yaml" not in tree
    assert tree["wrappers/mine.txt"] == "mine mine\n"


def test_all_that_was_shipped_before_manifests_is_known() -> None:
    """The frozen list names every wrapper and settings file that homes without a manifest have."""
    assert {"config/system.yaml", "wrappers/human.txt"} <= set(before.VERSIONS)
    assert all(len(x) == 64 for versions in before.VERSIONS.values() for x in versions)


def test_a_plain_layout_brings_back_what_is_missing_and_tells_what_is_old(
    root: Path, ship: Ship
) -> None:
    """It overwrites nothing; an upgrade afterwards still knows what was edited."""
    _edited_home(root, ship)
    ship(TWO)
    told = init(root)
    assert told.stdout.splitlines() == ["config/fresh.yaml", "wrappers/gone.txt"]
    assert f"syntx init --upgrade {root}" in told.stderr
    assert tree_of(root)["config/queue.yaml"] == "queue 1\n"

    init(root, "--upgrade")
    assert tree_of(root)["config/queue.yaml"] == "queue 2\n"
    assert tree_of(root)["config/system.yaml"] == "system mine\n"
