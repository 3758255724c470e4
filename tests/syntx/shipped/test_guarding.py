"""What an upgrade must not touch, and whom it must not trust."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from shipped_versions import ONE, TWO, Ship, init, tree_of

from syntx.shipped import folder
from syntx.shipped.folder import digest
from syntx.shipped.manifest import NAME


def test_links_and_rights_of_an_operator_stay(root: Path, ship: Ship) -> None:
    """A file that is a link counts as edited; a replaced file keeps its mode."""
    ship(ONE)
    init(root)
    elsewhere = root.parent / "system.yaml"
    (root / "config/system.yaml").replace(elsewhere)
    (root / "config/system.yaml").symlink_to(elsewhere)
    (root / "config/queue.yaml").chmod(0o600)
    ship(TWO)
    init(root, "--upgrade")
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
    init(root)
    outside = root.parent / "outside"
    outside.write_text("mine")
    data = text.replace("%s", digest(b"mine")).encode("utf-8", "surrogateescape")
    (root / NAME).write_bytes(data)
    told = init(root, "--upgrade")
    assert (told.exit_code, outside.read_text()) == (78, "mine")
    assert f"fix: mv {root / NAME}" in told.stderr


def test_two_at_once_do_not_mix(root: Path, ship: Ship) -> None:
    """The second ends with 75 and changes nothing."""
    ship(ONE)
    init(root)
    ship(TWO)
    tree = tree_of(root)
    held = os.open(root, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    told = init(root, "--upgrade")
    os.close(held)
    assert (told.exit_code, tree_of(root)) == (75, tree)
    assert init(root, "--upgrade").exit_code == 0


def test_a_directory_that_is_no_home_is_not_upgraded(tmp_path: Path, ship: Ship) -> None:
    """A typing error lays nothing out."""
    ship(ONE)
    told = init(tmp_path / "elsewhere", "--upgrade")
    assert told.exit_code == 78
    assert not (tmp_path / "elsewhere").exists()


def test_a_broken_installation_takes_nothing_away(root: Path, ship: Ship) -> None:
    """Where nothing is shipped, nothing counts as no longer shipped."""
    ship(ONE)
    init(root)
    ship({})
    assert init(root, "--upgrade").exit_code == 78
    assert tree_of(root) == ONE


def test_a_checkout_is_not_upgraded_from_itself() -> None:
    """What is shipped lies there already; nothing is written, not even a manifest."""
    checkout = folder.source()
    told = init(checkout, "--upgrade")
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
    foreign = root.parent / "foreign"
    foreign.mkdir()
    (root / "wrappers").symlink_to(foreign)
    assert init(root).exit_code != 0
    assert not any(foreign.iterdir())
    (root / "wrappers").unlink()

    assert init(root).exit_code == 0
    owners = {path.stat().st_uid for path in root.rglob("*")}
    assert owners == {65534}
    assert os.geteuid() == 0
    assert json.loads((root / NAME).read_text())["files"].keys() == ONE.keys()
