from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syntx.commands.systemd import systemd
from syntx.errors import ConfigError
from syntx.systemd import rendering

UNITS = "usr/local/lib/systemd/system"


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
    assert len(files) == 9
    assert not any(b"@SYNTX@" in data or b"@HOME@" in data for data in files.values())
    consumer = files[f"{UNITS}/syntx-consumer@.service"].decode()
    assert "ExecStart=/opt/syntx/bin/syntx --home /srv/syntx consumer\n" in consumer
    assert b"\n/srv/syntx/logs/audit.jsonl\n" in files["etc/logrotate.d/syntx"]


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
    assert len(_everything(tmp_path)) == 9
    assert told.stdout == _uninstall(tmp_path).stdout


def test_what_comes_next_is_printed_in_its_order(tmp_path: Path) -> None:
    """User, folders, home, units: each step needs the one before."""
    count, where, *lines = _install(tmp_path).stderr.splitlines()
    steps = [line.removeprefix("next: ") for line in lines]
    assert count == "9 files changed."
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


def test_starting_at_once_is_for_the_running_system_alone(tmp_path: Path) -> None:
    """`--now` below another root is a wrong call, and writes nothing."""
    assert _install(tmp_path, "--now").exit_code == 2
    assert list(tmp_path.iterdir()) == []
