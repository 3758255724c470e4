"""Broken on purpose: folders, rights, disks, clocks, units, state; each is mended by its line."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from mending import ask, mend, unwell

from syntx.cli import cli
from syntx.doctor import packages
from syntx.home import Home
from syntx.shipped.laying_out import lay_out
from syntx.spool.layout import FOLDERS

OTHER_DISK = Path("/dev/shm")
NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give away or mount")


@pytest.fixture
def queue(home: Home) -> Path:
    """Give the queue with all its folders."""
    root = home.root / "queue"
    for name in FOLDERS:
        (root / name).mkdir(exist_ok=True)
    return root


Mount = Callable[[Path], None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Give a way to put a file system of 16 MB on a folder, or skip."""
    places: list[Path] = []

    def put(place: Path) -> None:
        command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
        told = subprocess.run(command, capture_output=True, check=False)
        if os.geteuid() != 0 or told.returncode:
            pytest.skip("only root can mount, where mounts are allowed")
        places.append(place)

    yield put
    for place in filter(os.path.ismount, places):
        subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.parametrize(
    ("name", "mode"), [("logs", 0o500), ("queue/retry", 0o600), ("config/queue.yaml", 0o200)]
)
def test_rights_the_owner_lacks_are_given_back(
    home: Home, queue: Path, name: str, mode: int
) -> None:
    """What the services must read or write is judged by its mode, also for root."""
    (home.root / name).chmod(mode)
    check = mend(home, "permissions")
    assert (check["mark"], str(home.root / name) in check["text"]) == ("failed", True)


def test_many_files_in_one_folder_make_one_short_line(home: Home, queue: Path) -> None:
    """Where many prompts cannot be read, the folder is named instead of each."""
    for number in range(20):
        (queue / "incoming" / f"{number}.txt").write_text("?")
        (queue / "incoming" / f"{number}.txt").chmod(0)
    assert "19.txt" not in mend(home, "permissions")["fix"]


def test_a_dropped_name_cannot_pass_for_a_command(home: Home, queue: Path) -> None:
    """Names that anybody may choose stand in no line to be pasted."""
    hostile = queue / "incoming" / "a\nfix: rm -rf $HOME; '.txt"
    hostile.write_text("?")
    hostile.chmod(0)
    assert "rm -rf" not in mend(home, "permissions")["fix"]


@root_only
def test_what_root_left_behind_is_given_to_the_owner(home: Home, queue: Path) -> None:
    """A log that root wrote in a user's home, a blank in its path, is handed over."""
    os.chown(home.root, NOBODY, NOBODY)
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(home.root)], check=True)
    log = home.root / "logs" / "by root.jsonl"
    log.write_text("")

    check = mend(home, "permissions")

    assert "chown -hR" in check["fix"]
    assert log.stat().st_uid == NOBODY


def test_a_missing_folder_is_made(home: Home) -> None:
    """Without `incoming/` nobody could drop a prompt."""
    shutil.rmtree(home.root / "queue")
    assert mend(home, "permissions")["fix"].startswith("mkdir -p")


@pytest.mark.parametrize("name", ["queue", "logs"])
def test_what_is_in_the_way_of_a_folder_is_put_aside(home: Home, name: str) -> None:
    """A file, or a link that leads nowhere, where the queue or the logs should lie."""
    shutil.rmtree(home.root / name)
    (home.root / name).symlink_to("nowhere")
    assert mend(home, "permissions")["mark"] == "failed"
    assert (home.root / f"{name}.aside").is_symlink()


def test_what_everybody_may_change_is_closed(home: Home) -> None:
    """A wrapper that every user may write is a warning."""
    (home.root / "wrappers" / "human.txt").chmod(0o666)
    assert mend(home, "permissions")["mark"] == "warning"


@pytest.mark.skipif(not OTHER_DISK.is_dir(), reason="there is no second file system")
def test_a_folder_linked_to_another_disk_is_brought_home(home: Home, queue: Path) -> None:
    """The folder behind the link is moved in its place, with what lies in it."""
    away = OTHER_DISK / f"syntx-{os.getpid()}"
    if OTHER_DISK.stat().st_dev == queue.stat().st_dev:
        pytest.skip("/dev/shm is no file system of its own")
    away.mkdir()
    (away / "day").mkdir()
    (queue / "archive").rmdir()
    (queue / "archive").symlink_to(away)

    mend(home, "filesystem")

    assert (queue / "archive" / "day").is_dir()
    assert not (queue / "archive").is_symlink()
    assert not away.exists()


def test_a_folder_mounted_from_another_disk_is_brought_home(
    home: Home, queue: Path, mount: Mount
) -> None:
    """What lies on the mount lies in the folder when it is gone."""
    mount(queue / "archive")
    (queue / "archive" / "day").mkdir()
    assert "umount" in mend(home, "filesystem")["fix"]
    assert (queue / "archive" / "day").is_dir()


def test_a_disk_that_cannot_be_written_is_mounted_anew(
    home: Home, queue: Path, mount: Mount
) -> None:
    """Logs on a read-only file system can be written after the line."""
    mount(home.root / "logs")
    subprocess.run(["mount", "-o", "remount,ro", str(home.root / "logs")], check=True)
    mend(home, "filesystem")
    (home.root / "logs" / "x").write_text("")


@pytest.mark.slow
def test_a_disk_full_of_logs_has_room_when_they_are_packed(tmp_path: Path, mount: Mount) -> None:
    """On a small disk full of old logs the line packs them, and there is room again."""
    place = tmp_path / "disk"
    place.mkdir()
    mount(place)
    home = Home(place)
    lay_out(place)
    (home.config / "queue.yaml").write_text("min_free_bytes: 4000000\nmin_free_inodes: 0\n")
    line = '{"timestamp": "2025-01-01T00:00:00Z", "event_id": "a", "text": "' + "x" * 1000 + '"}\n'
    (home.root / "logs" / "costs-2025-01-01.jsonl").write_text(line * 12_500)

    check = mend(home, "space")

    assert (check["mark"], "logs pack" in check["fix"]) == ("failed", True)


@pytest.mark.slow
def test_a_watermark_no_disk_can_meet_is_lowered(home: Home) -> None:
    """More bytes wanted than the disk has in all is an error of queue.yaml."""
    (home.config / "queue.yaml").write_text("min_free_bytes: 9000000000000000\n")
    check = mend(home, "space", EDITOR="sed -i -e s/9000000000000000/1/")
    assert "min_free_bytes" in check["text"]


def test_a_full_disk_shows_what_takes_the_space(home: Home) -> None:
    """Where nothing of ours can be freed, the line shows what is large, and says no more."""
    found = os.statvfs(home.root)
    wanted = found.f_blocks * found.f_frsize
    (home.config / "queue.yaml").write_text(f"min_free_bytes: {wanted}\n")
    (check,) = unwell(ask(home, "space"))
    assert check["fix"].startswith("du -x")
    assert "only shown" in check["text"]


def test_logs_of_past_months_are_packed(home: Home) -> None:
    """Days of a month that is over are packed by the line."""
    for day in ("01", "02"):
        file = home.root / "logs" / f"costs-2025-01-{day}.jsonl"
        file.write_text('{"timestamp": "2025-01-01T00:00:00Z", "event_id": "a"}\n')
    assert mend(home, "logs")["fix"].endswith(" logs pack")


def test_a_log_that_leads_nowhere_is_removed(home: Home) -> None:
    """A dangling link under the name of a log's day is named, and the line removes it."""
    link = home.root / "logs" / "costs-2026-01-07.jsonl"
    link.symlink_to("gone.jsonl")
    assert "leads nowhere" in mend(home, "logs")["text"]
    assert not link.is_symlink()


def test_files_dated_in_the_future_are_touched(home: Home) -> None:
    """Files that a wrong clock dated get the date of now."""
    ahead = time.time() + 3600
    os.utime(home.config / "queue.yaml", (ahead, ahead))
    assert "find" in mend(home, "clocks")["fix"]


@pytest.mark.slow
def test_a_monitor_that_stands_still_looks_again(home: Home) -> None:
    """Old figures and an alert command that failed are renewed and mended by their lines."""
    figures = home.root / "logs" / "metrics.prom"
    figures.write_text("")
    os.utime(figures, (1, 1))
    check = mend(home, "monitor")
    assert check["fix"].endswith("monitor --once")
    assert re.search(r"are \d+[dhm] \d\d[hms] old", check["text"])

    (home.config / "system.yaml").write_text("monitoring: {alert_command: ['false']}\n")
    (home.config / "queue.yaml").write_text("min_free_bytes: 9000000000000000\n")
    assert CliRunner().invoke(cli, ["--home", str(home.root), "monitor", "--once"]).exit_code == 0
    assert "config edit" in mend(home, "monitor", EDITOR="sed -i -e s/false/true/")["fix"]


def test_units_that_were_edited_or_lost_are_installed_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line installs them as they were installed, for the same home and below the same root."""
    # Units may not name a home below /tmp, where the services could not see it.
    monkeypatch.chdir(tmp_path)
    seen = Home(Path("/proc/self/cwd/home"))
    prefix = tmp_path / "root"
    installed = CliRunner().invoke(
        cli,
        ["systemd", "install", "--prefix", str(prefix), "--home", str(seen.root), "--syntx",
         "/opt/syntx/bin/syntx"],
    )  # fmt: skip
    assert installed.exit_code == 0, installed.output
    options = ("--prefix", str(prefix))
    assert not unwell(ask(seen, "units", *options))
    unit = next(prefix.rglob("syntx-producer.service"))
    unit.write_text(unit.read_text() + "# mine\n")

    (check,) = unwell(ask(seen, "units", *options))

    assert "--force" in check["fix"]
    done = subprocess.run(["sh", "-c", check["fix"]], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert not unwell(ask(seen, "units", *options))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".cache/basics.json", b"{"),
        ("queue/.state/counts.json", b"\xff"),
        (".syntx-shipped.json", b'{"schema": 1, "version": "1", "files": {"../x": ""}}'),
    ],
)
def test_a_damaged_memory_is_put_away(home: Home, name: str, content: bytes) -> None:
    """What can be made anew is removed or set aside."""
    (home.root / name).parent.mkdir(exist_ok=True)
    (home.root / name).write_bytes(content)
    mend(home, "state")


@pytest.mark.parametrize("spoil", [slice(0, 16), slice(4096, 8192)])
def test_a_damaged_database_is_set_aside(home: Home, spoil: slice) -> None:
    """It is kept under another name; the producer makes a new one."""
    store = home.root / "queue" / ".state" / "evolution.sqlite"
    store.parent.mkdir()
    with closing(sqlite3.connect(store)) as db:
        db.execute("CREATE TABLE verdicts (id TEXT PRIMARY KEY)")
        db.executemany("INSERT INTO verdicts VALUES (?)", ((f"{n:060}",) for n in range(500)))
        db.commit()
    assert not unwell(ask(home, "state"))
    data = bytearray(store.read_bytes())
    data[spoil] = b"\xaa" * len(data[spoil])
    store.write_bytes(data)

    assert mend(home, "state")["mark"] == "failed"

    assert store.with_name("evolution.sqlite.damaged").exists()


def test_missing_packages_are_named_with_the_line_that_installs_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They matter where documents are configured, and are only told elsewhere."""
    monkeypatch.setattr(packages, "DOCUMENTS", {"no_such_module": "no-such-package"})
    assert not unwell(ask(home, "packages"))
    (home.config / "system.yaml").write_text("documents: {models: {write: [simulator-target]}}\n")
    (check,) = unwell(ask(home, "packages"))
    assert check["fix"].endswith("-m pip install no-such-package")
