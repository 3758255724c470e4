"""Who may read what a home holds, and what a planted link can do: nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from failed_jobs import lay
from hostile_home import HOSTILE

from syntx.cli import cli
from syntx.home import Home
from syntx.journal.names import NAMES
from syntx.monitoring.cache_files import cache_folder, locked
from syntx.replacing import replace_file

Call = Callable[..., Result]
OTHERS = 0o007


@pytest.fixture(params=[0o000, 0o022])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Let new files have what a mask leaves them."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def _open_to_others(folder: Path) -> Iterator[Path]:
    """Yield what somebody who is neither owner nor in the group can come to and read."""
    if folder.stat().st_mode & OTHERS:
        yield folder
        for path in folder.iterdir():
            if path.is_dir():
                yield from _open_to_others(path)
            elif path.stat().st_mode & OTHERS:
                yield path


def test_prompts_and_logs_are_not_for_everybody(tmp_path: Path, umask: int) -> None:
    """Whatever the umask, others cannot come to the queue, its state, or the logs."""
    home = Home(tmp_path / "home")
    for arguments in (
        ("init", str(home.root)),
        ("submit", "-p", "Geheim?"),
        ("evolution", "rebuild"),
        ("monitor", "--once"),
    ):
        done = CliRunner().invoke(cli, ["--home", str(home.root), *arguments])
        assert done.exit_code == 0, done.stderr
    assert (home.root / "queue" / ".state" / "evolution.sqlite").exists()

    readable = {path.relative_to(home.root).parts[:1] for path in _open_to_others(home.root)}
    assert readable <= {(), ("config",), ("wrappers",), (".cache",), (".syntx-shipped.json",)}


def test_a_key_that_is_set_is_for_its_owner_alone(home: Home, umask: int) -> None:
    """`.env` is private from its first byte on, whatever the umask."""
    call = ["--home", str(home.root), "config", "key", "A_KEY"]
    assert CliRunner().invoke(cli, call, input="sk-1234567890\n").exit_code == 0
    assert stat.S_IMODE(home.env_file.stat().st_mode) == 0o600


def test_links_in_the_cache_are_not_followed(home: Home, tmp_path: Path) -> None:
    """Somebody else's file is neither written, locked, nor given to the owner of the home."""
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    before = theirs.stat()
    folder = cache_folder(home)
    for name in ("monitor.lock", ".state.json.tmp", "state.json"):
        (folder / name).symlink_to(theirs)

    with pytest.raises(OSError, match="symbolic link"), locked(folder / "monitor.lock", wait=False):
        pass
    replace_file(folder / "state.json", b"{}")

    assert theirs.read_text() == "precious"
    assert theirs.stat() == before
    assert (folder / "state.json").read_bytes() == b"{}"


def test_a_table_does_not_follow_a_link(call: Call, home: Home, tmp_path: Path) -> None:
    """An export into a folder that others write to overwrites nothing of ours through a link."""
    lay(home)
    ours = tmp_path / "ours"
    ours.write_text("precious")
    (tmp_path / f".table.csv.{os.getpid()}.part").symlink_to(ours)

    shown = call("export", "--table", str(tmp_path / "table.csv"))

    assert shown.exit_code == 1
    assert "File exists" in shown.stderr
    assert ours.read_text() == "precious"


def test_upgrading_does_not_follow_a_link(call: Call, home: Home, tmp_path: Path) -> None:
    """What is laid out replaces a link that lies where it is made."""
    ours = tmp_path / "ours"
    ours.write_text("precious")
    (home.config / "queue.yaml").unlink()
    (home.config / ".queue.yaml.tmp").symlink_to(ours)

    assert call("init", str(home.root)).exit_code == 0

    assert ours.read_text() == "precious"
    assert (home.config / "queue.yaml").is_file()


def test_no_log_can_change_the_database_it_is_loaded_into(
    call: Call, home: Home, tmp_path: Path
) -> None:
    """Names and values of a hostile line are data; tables and columns are ours alone."""
    attack = 'x"); DROP TABLE "costs"; --'
    record = {"event_id": attack, attack: attack, "model": f"'; {HOSTILE}", "cost": {attack: 1}}
    for name in NAMES:
        (home.root / "logs" / f"{name}.jsonl").write_text(json.dumps(record) + "\n")
    database = tmp_path / "logs.sqlite"

    assert call("logs", "load", str(database)).exit_code == 0

    with sqlite3.connect(database) as opened:
        tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
        assert set(NAMES) <= tables
        assert opened.execute('SELECT "event_id" FROM "costs"').fetchall() == [(attack,)]
        columns = {row[1] for row in opened.execute('PRAGMA table_info("costs")')}
        assert attack not in columns
    opened.close()
