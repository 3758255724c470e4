from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syntx.commands.setup.systemd import systemd
from syntx.errors import ConfigError
from syntx.shipped.folder import source
from syntx.systemd import rendering
from syntx.systemd.stamping import stamped

UNITS = "usr/local/lib/systemd/system"
WANTS = "etc/systemd/system/multi-user.target.wants"
COUNT = sum(path.is_file() for path in (source() / "systemd").rglob("*"))


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(systemd, arguments, catch_exceptions=False)


def _install(root: Path, *more: str) -> Result:
    return _call("install", "--prefix", str(root), "--syntx", "/opt/syntx/bin/syntx", *more)


def _uninstall(root: Path, *more: str) -> Result:
    return _call("uninstall", "--prefix", str(root), *more)


def _everything(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_what_is_installed_is_filled_in(tmp_path: Path) -> None:
    """No placeholder is left, and executable and home stand where the services need them."""
    assert _install(tmp_path, "--home", "/srv/syntx").exit_code == 0
    files = _everything(tmp_path)
    assert len(files) == COUNT
    assert not any(b"@SYNTX@" in data or b"@HOME@" in data for data in files.values())
    consumer = files[f"{UNITS}/syntx-consumer@.service"].decode()
    assert "ExecStart=/opt/syntx/bin/syntx --home /srv/syntx consumer\n" in consumer
    assert b"\nd /srv/syntx/logs " in files["usr/local/lib/tmpfiles.d/syntx.conf"]


def test_a_second_install_changes_nothing_and_says_so(tmp_path: Path) -> None:
    """Same bytes, same inodes, `unchanged` for every file."""
    _install(tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
    again = _install(tmp_path)
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*")} == before
    assert {line.split()[0] for line in again.stdout.splitlines()} == {"unchanged"}
    assert "no files changed" in again.stderr


def test_an_install_of_another_home_replaces_what_is_ours(tmp_path: Path) -> None:
    """Files that nobody edited follow the options."""
    _install(tmp_path)
    _install(tmp_path, "--home", "/srv/other")
    unit = (tmp_path / UNITS / "syntx-producer.service").read_text()
    assert "--home /srv/other producer" in unit


def test_what_was_edited_is_left_alone_unless_forced(tmp_path: Path) -> None:
    """An operator's edit survives install and uninstall; both tell him."""
    _install(tmp_path)
    unit = tmp_path / UNITS / "syntx-produce.timer"
    unit.write_text(unit.read_text().replace("06,12,18", "03"))
    edited = unit.read_bytes()

    kept = _install(tmp_path, "--home", "/srv/other")
    assert f"kept {unit}" in kept.stdout
    assert "systemctl edit" in kept.stderr
    assert f"kept {unit}" in _uninstall(tmp_path).stdout
    assert _everything(tmp_path) == {f"{UNITS}/syntx-produce.timer": edited}

    assert f"written {unit}" in _install(tmp_path, "--force").stdout
    assert b"06,12,18" in unit.read_bytes()


def test_a_file_or_link_of_others_under_our_name_is_left_alone(tmp_path: Path) -> None:
    """A masked unit and a file of somebody else are neither replaced nor removed."""
    folder = tmp_path / UNITS
    folder.mkdir(parents=True)
    (folder / "syntx.target").symlink_to("/dev/null")
    (folder / "syntx-producer.service").write_text("[Service]\nExecStart=/bin/true\n")
    _install(tmp_path)
    _uninstall(tmp_path, "--force")
    assert os.readlink(folder / "syntx.target") == "/dev/null"
    assert list(_everything(tmp_path)) == [f"{UNITS}/syntx-producer.service"]


def test_uninstall_removes_ours_and_nothing_else(tmp_path: Path) -> None:
    """Units, folder of drop-ins and enabling links go; other links, drop-ins and keys stay."""
    _install(tmp_path)
    enabled = tmp_path / "etc/systemd/system"
    wants = enabled / "syntx.target.wants"
    others = enabled / "multi-user.target.wants"
    drop_in = enabled / "syntx-producer.service.d/override.conf"
    key = tmp_path / "etc/syntx/credentials/OPENAI_API_KEY"
    for folder in (wants, others, drop_in.parent, key.parent):
        folder.mkdir(parents=True)
    (wants / "syntx-consumer@1.service").symlink_to(f"/{UNITS}/syntx-consumer@.service")
    (others / "syntx.target").symlink_to(f"/{UNITS}/syntx.target")
    (others / "syntx-mine.service").symlink_to("/etc/systemd/system/syntx-mine.service")
    drop_in.write_text("[Service]\n")
    key.write_text("k\n")

    assert _uninstall(tmp_path).exit_code == 0
    assert set(_everything(tmp_path)) == {
        "etc/systemd/system/syntx-producer.service.d/override.conf",
        "etc/syntx/credentials/OPENAI_API_KEY",
    }
    assert [path.name for path in others.iterdir()] == ["syntx-mine.service"]
    assert not wants.exists()
    assert not (tmp_path / UNITS / "syntx-.service.d").exists()
    assert _uninstall(tmp_path).stdout == ""


def test_a_dry_run_changes_nothing_and_tells_the_same(tmp_path: Path) -> None:
    """What is told is what would happen."""
    told = _install(tmp_path, "--dry-run")
    assert list(tmp_path.iterdir()) == []
    assert told.stdout == _install(tmp_path).stdout

    told = _uninstall(tmp_path, "--dry-run")
    assert len(_everything(tmp_path)) == COUNT
    assert told.stdout == _uninstall(tmp_path).stdout


def test_what_comes_next_is_printed_in_its_order(tmp_path: Path) -> None:
    """User, folders, home, units: each step needs the one before."""
    count, where, *lines = _install(tmp_path).stderr.splitlines()
    steps = [line.removeprefix("next: ") for line in lines]
    assert count == f"{COUNT} files changed."
    assert where == f"on the system whose root is {tmp_path}, not here:"
    assert steps == [
        "systemd-sysusers",
        "systemd-tmpfiles --create",
        "runuser -u syntx -- /opt/syntx/bin/syntx init /var/lib/syntx",
        "systemctl daemon-reload",
        "systemctl enable --now syntx.target",
    ]


@pytest.mark.parametrize(
    "path", ["relative", "/srv/a b", "/srv/%n", "/srv/a\nb", "/srv/../etc", "/"]
)
def test_a_path_that_cannot_stand_in_a_unit_is_refused(tmp_path: Path, path: str) -> None:
    """Nothing is written, and the error names the option."""
    with pytest.raises(ConfigError, match="--home"):
        _install(tmp_path, "--home", path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/home/me/syntx", "/root/syntx", "/tmp/syntx", "/var/tmp/x"])
def test_a_home_that_services_cannot_see_is_refused(tmp_path: Path, path: str) -> None:
    """ProtectHome and PrivateTmp would hide it; the error says so before a service fails."""
    with pytest.raises(ConfigError, match="cannot see"):
        _install(tmp_path, "--home", path)


def test_a_script_whose_python_services_cannot_see_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment made with a Python below a user's home would not start."""
    script = tmp_path / "syntx"
    (tmp_path / "python").symlink_to("/root/.local/bin/python3.12")
    script.write_text(f"#!{tmp_path}/python\n")
    monkeypatch.setattr(rendering, "HIDDEN", ("/root",))
    with pytest.raises(ConfigError, match=r"runs /root/\.local/bin/python3\.12"):
        _call("install", "--prefix", str(tmp_path / "root"), "--syntx", str(script))


def test_a_link_to_a_syntx_that_services_cannot_see_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link in /usr/local/bin to an installation below a user's home would not start."""
    place = tmp_path / "home/me/venv/bin"
    place.mkdir(parents=True)
    (place / "syntx").write_text("#!/usr/bin/python3\n")
    (tmp_path / "syntx").symlink_to(place / "syntx")
    monkeypatch.setattr(rendering, "HIDDEN", (str(tmp_path / "home"),))
    with pytest.raises(ConfigError, match="cannot see"):
        _call("install", "--prefix", str(tmp_path / "root"), "--syntx", str(tmp_path / "syntx"))


def test_starting_at_once_is_for_the_running_system_alone(tmp_path: Path) -> None:
    """`--now` below another root is a wrong call, and writes nothing."""
    assert _install(tmp_path, "--now").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def _earlier(root: Path) -> None:
    """Turn an installation into one of an earlier version, enabled and without the monitor."""
    (root / UNITS / "syntx-monitor.service").unlink()
    unit = root / UNITS / "syntx-producer.service"
    unit.write_bytes(stamped(unit.read_text().partition("\n")[2].replace("=60", "=61")))
    (root / UNITS / "syntx-old.service").write_bytes(stamped("[Service]\nExecStart=/bin/true\n"))
    (root / UNITS / "syntx-old@.service").write_bytes(stamped("[Service]\n"))
    rotation = root / "etc/logrotate.d/syntx"
    rotation.parent.mkdir(parents=True, exist_ok=True)
    rotation.write_bytes(stamped("weekly\n"))
    (root / WANTS).mkdir(parents=True)
    (root / WANTS / "syntx.target").symlink_to(f"/{UNITS}/syntx.target")
    (root / WANTS / "syntx-old.service").symlink_to(f"/{UNITS}/syntx-old.service")


def test_an_install_over_an_earlier_version_leaves_nothing_of_it(tmp_path: Path) -> None:
    """Units and files that are no more go, with their links; the result is a fresh install."""
    fresh, upgraded = tmp_path / "fresh", tmp_path / "upgraded"
    _install(fresh)
    _install(upgraded)
    _earlier(upgraded)
    told = _install(upgraded)

    assert _everything(upgraded) == _everything(fresh)
    assert [path.name for path in (upgraded / WANTS).iterdir()] == ["syntx.target"]
    assert f"removed {upgraded / UNITS}/syntx-old.service" in told.stdout
    assert f"written {upgraded / UNITS}/syntx-producer.service" in told.stdout


def test_what_an_operator_made_of_an_earlier_file_stays(tmp_path: Path) -> None:
    """An edited file that is no longer shipped is kept and told, until it is forced."""
    _install(tmp_path)
    _earlier(tmp_path)
    edited = tmp_path / UNITS / "syntx-old.service"
    edited.write_bytes(edited.read_bytes() + b"Nice=5\n")
    assert f"kept {edited}" in _install(tmp_path).stdout
    assert (tmp_path / WANTS / "syntx-old.service").is_symlink()
    assert f"removed {edited}" in _install(tmp_path, "--force").stdout
    assert not (tmp_path / WANTS / "syntx-old.service").is_symlink()


def test_an_upgrade_takes_new_units_over_and_enables_nothing_else(tmp_path: Path) -> None:
    """What runs is restarted, what is new joins the target; a disabled producer stays so."""
    _install(tmp_path)
    _earlier(tmp_path)
    (tmp_path / "var/lib/syntx/config").mkdir(parents=True)
    lines = _install(tmp_path).stderr.splitlines()
    assert [line.removeprefix("next: ") for line in lines if line.startswith("next: ")] == [
        "systemd-sysusers",
        "systemd-tmpfiles --create",
        "runuser -u syntx -- /opt/syntx/bin/syntx init --upgrade /var/lib/syntx",
        "systemctl stop 'syntx-old.service*' 'syntx-old@*.service*'",
        "systemctl daemon-reload",
        "systemctl try-restart syntx.target syntx-produce.timer",
        "systemctl enable syntx-monitor.service",
        "systemctl start syntx.target",
    ]
    again = _install(tmp_path).stderr
    assert "try-restart" not in again
    assert "enable" not in again
