"""Homes over three versions of what is shipped, with an operator's edits in between."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.shipped import before, folder, planning
from syntx.shipped.folder import digest
from syntx.shipped.manifest import NAME

Files = dict[str, str]
Ship = Callable[[Files], None]

ONE: Files = {
    "config/system.yaml": "system 1\n",
    "config/queue.yaml": "queue 1\n",
    "config/models/examples/old.yaml": "old 1\n",
    "wrappers/human.txt": "human 1\n",
    "wrappers/gone.txt": "gone 1\n",
    "wrappers/mine.txt": "mine 1\n",
}
TWO: Files = {
    "config/system.yaml": "system 2\n",
    "config/queue.yaml": "queue 2\n",
    "config/fresh.yaml": "fresh 2\n",
    "wrappers/human.txt": "human 1\n",
    "wrappers/gone.txt": "gone 2\n",
}
THREE: Files = {**TWO, "config/system.yaml": "system 3\n", "wrappers/human.txt": "human 3\n"}


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Give a way to choose what is shipped from now on."""
    place = tmp_path / "shipped"
    monkeypatch.setattr(planning, "source", lambda: place)
    monkeypatch.setattr(planning, "VERSIONS", {})

    def choose(files: Files) -> None:
        shutil.rmtree(place, ignore_errors=True)
        _write(place, files)

    return choose


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the place of a home."""
    return tmp_path / "home"


def _write(place: Path, files: Files) -> None:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


def _init(root: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["init", *options, str(root)])


def _tree(root: Path) -> Files:
    return {
        str(path.relative_to(root)): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and path.name != NAME
    }


def _edited_home(root: Path, ship: Ship) -> None:
    """Lay out the first version and edit it: one changed, one taken away, one to be orphaned."""
    ship(ONE)
    assert _init(root).exit_code == 0
    _write(root, {"config/system.yaml": "system mine\n", "wrappers/mine.txt": "mine mine\n"})
    (root / "wrappers/gone.txt").unlink()


def test_an_upgrade_leaves_what_was_edited_and_replaces_the_rest(root: Path, ship: Ship) -> None:
    """Unedited files follow, edited ones get the new version beside them, removed ones stay so."""
    _edited_home(root, ship)
    ship(TWO)
    told = _init(root, "--upgrade")

    assert _tree(root) == {
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
    _init(root, "--upgrade")
    _write(root, {"config/queue.yaml": "queue mine\n"})
    ship(THREE)
    told = _init(root, "--upgrade")

    tree = _tree(root)
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
    _init(root, "--upgrade")
    (root / "config/system.yaml.new").replace(root / "config/system.yaml")
    ship(THREE)
    assert "replaced config/system.yaml" in _init(root, "--upgrade").stdout
    assert _tree(root)["config/system.yaml"] == "system 3\n"


def test_an_offer_that_was_worked_on_is_not_overwritten(root: Path, ship: Ship) -> None:
    """Somebody who merges inside NAME.new keeps his work; the next offer has a name of its own."""
    _edited_home(root, ship)
    ship(TWO)
    _init(root, "--upgrade")
    _write(root, {"config/system.yaml.new": "half merged\n"})
    ship(THREE)
    _init(root, "--upgrade")
    tree = _tree(root)
    assert tree["config/system.yaml.new"] == "half merged\n"
    assert tree["config/system.yaml.new2"] == "system 3\n"


def test_the_version_before_can_be_gone_back_to(root: Path, ship: Ship) -> None:
    """An older version brings its own files back, edits and what was removed stay as they are."""
    _edited_home(root, ship)
    ship(TWO)
    _init(root, "--upgrade")
    tree = _tree(root)
    ship(THREE)
    _init(root, "--upgrade")
    ship(TWO)
    _init(root, "--upgrade")
    assert _tree(root) == tree


def test_a_second_upgrade_changes_nothing(root: Path, ship: Ship) -> None:
    """Same bytes, same inodes, and it says so."""
    _edited_home(root, ship)
    ship(TWO)
    _init(root, "--upgrade")
    inodes = {path: path.stat().st_ino for path in root.rglob("*")}
    told = _init(root, "--upgrade")
    assert {path: path.stat().st_ino for path in root.rglob("*")} == inodes
    assert "no files changed" in told.stderr


def test_a_dry_run_tells_the_same_and_changes_nothing(root: Path, ship: Ship) -> None:
    """Also where there is no home yet."""
    ship(ONE)
    told = _init(root, "--dry-run")
    assert not root.exists()
    assert told.stdout == _init(root).stdout

    _edited_home(root, ship)
    ship(TWO)
    tree = _tree(root)
    told = _init(root, "--upgrade", "--dry-run")
    assert _tree(root) == tree
    assert told.stdout == _init(root, "--upgrade").stdout


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
    _init(root, "--upgrade")
    wanted, manifest = _tree(root), (root / NAME).read_text()

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
        assert _init(root, "--upgrade").exit_code == 0
        assert (_tree(root), (root / NAME).read_text()) == (wanted, manifest)
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
    assert "came with another version" in _init(root).stderr
    (root / NAME).unlink()
    (root / "wrappers/gone.txt").unlink()
    _init(root, "--upgrade")
    tree = _tree(root)
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
    told = _init(root)
    assert told.stdout.splitlines() == ["config/fresh.yaml", "wrappers/gone.txt"]
    assert f"syntx init --upgrade {root}" in told.stderr
    assert _tree(root)["config/queue.yaml"] == "queue 1\n"

    _init(root, "--upgrade")
    assert _tree(root)["config/queue.yaml"] == "queue 2\n"
    assert _tree(root)["config/system.yaml"] == "system mine\n"


def test_links_and_rights_of_an_operator_stay(root: Path, ship: Ship) -> None:
    """A file that is a link counts as edited; a replaced file keeps its mode."""
    ship(ONE)
    _init(root)
    elsewhere = root.parent / "system.yaml"
    (root / "config/system.yaml").replace(elsewhere)
    (root / "config/system.yaml").symlink_to(elsewhere)
    (root / "config/queue.yaml").chmod(0o600)
    ship(TWO)
    _init(root, "--upgrade")
    assert os.readlink(root / "config/system.yaml") == str(elsewhere)
    assert elsewhere.read_text() == "system 1\n"
    assert stat.S_IMODE((root / "config/queue.yaml").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "\udcff",
        '{"schema": 1, "version": "1", "files": {"../outside": "%s"}}',
        '{"schema": 1, "version": "1", "files": {"config/../../outside": "%s"}}',
        '{"schema": 1, "version": "1", "files": {"/outside": "%s"}}',
        '{"schema": 1, "version": "1", "files": {"config/system.yaml": 1}}',
    ],
)
def test_a_manifest_that_is_none_changes_nothing(root: Path, ship: Ship, text: str) -> None:
    """Exit code 78 and the remedy; a name that leads out of the home removes nothing there."""
    ship(ONE)
    _init(root)
    outside = root.parent / "outside"
    outside.write_text("mine")
    data = text.replace("%s", digest(b"mine")).encode("utf-8", "surrogateescape")
    (root / NAME).write_bytes(data)
    told = _init(root, "--upgrade")
    assert (told.exit_code, outside.read_text()) == (78, "mine")
    assert f"fix: mv {root / NAME}" in told.stderr


def test_two_at_once_do_not_mix(root: Path, ship: Ship) -> None:
    """The second ends with 75 and changes nothing."""
    ship(ONE)
    _init(root)
    ship(TWO)
    tree = _tree(root)
    held = os.open(root, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    told = _init(root, "--upgrade")
    os.close(held)
    assert (told.exit_code, _tree(root)) == (75, tree)
    assert _init(root, "--upgrade").exit_code == 0


def test_a_directory_that_is_no_home_is_not_upgraded(tmp_path: Path, ship: Ship) -> None:
    """A typing error lays nothing out."""
    ship(ONE)
    told = _init(tmp_path / "elsewhere", "--upgrade")
    assert told.exit_code == 78
    assert not (tmp_path / "elsewhere").exists()


def test_a_broken_installation_takes_nothing_away(root: Path, ship: Ship) -> None:
    """Where nothing is shipped, nothing counts as no longer shipped."""
    ship(ONE)
    _init(root)
    ship({})
    assert _init(root, "--upgrade").exit_code == 78
    assert _tree(root) == ONE


def test_a_checkout_is_not_upgraded_from_itself() -> None:
    """What is shipped lies there already; nothing is written, not even a manifest."""
    checkout = folder.source()
    told = _init(checkout, "--upgrade")
    assert told.exit_code == 78
    assert f"fix: git -C {checkout} pull" in told.stderr
    assert not (checkout / NAME).exists()


@pytest.fixture
def home_of_another() -> Iterator[Path]:
    """Give a folder that belongs to somebody else, where he can reach it."""
    if os.geteuid() != 0:
        pytest.skip("only root lays out for somebody else")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        root = Path(place, "home")
        root.mkdir()
        os.chown(root, 65534, 65534)
        yield root


def test_what_root_lays_out_belongs_to_the_owner_of_the_home(
    home_of_another: Path, ship: Ship
) -> None:
    """Root leaves nothing that the services could not write, and follows no link of theirs."""
    root = home_of_another
    ship(ONE)
    (root / "wrappers").symlink_to("/etc")
    assert _init(root).exit_code != 0
    assert not Path("/etc/human.txt").exists()
    (root / "wrappers").unlink()

    assert _init(root).exit_code == 0
    owners = {path.stat().st_uid for path in root.rglob("*")}
    assert owners == {65534}
    assert os.geteuid() == 0
    assert json.loads((root / NAME).read_text())["files"].keys() == ONE.keys()
