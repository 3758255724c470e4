"""The package as it is installed: built, put into an environment, called from nowhere."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from observing import CHECKOUT

import syntx

PACKAGES = ("consumer", "evolution", "producer", "syntx")
LAID_OUT = ("config", "wrappers", "systemd")
Call = Callable[..., "subprocess.CompletedProcess[str]"]


def _build(target: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=100)
    (built,) = folder.iterdir()
    return built


def _python(place: Path, *options: str) -> Path:
    """Make a virtual environment and return its Python."""
    subprocess.run([sys.executable, "-m", "venv", *options, str(place)], check=True, timeout=100)
    return place / "bin/python"


def _caller(executable: Path, folder: Path) -> Call:
    """Return a way to call a command in an empty folder with an empty environment."""
    folder.mkdir()

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(executable), *arguments],
            cwd=folder,
            env={},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done

    return call


def test_an_installed_wheel_turns_the_loop_in_a_home_of_its_own(tmp_path: Path) -> None:
    """Built and installed without the index, it needs neither the checkout nor its environment."""
    wheel = _build("wheel", tmp_path / "dist")
    python = _python(tmp_path / "venv", "--without-pip")
    packages = next((tmp_path / "venv/lib").glob("python*/site-packages"))
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    install = (
        *(sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index"),
        *("--no-deps", "--no-compile", "--ignore-installed", "--disable-pip-version-check"),
    )
    subprocess.run([*install, str(wheel)], check=True, timeout=100)
    call = _caller(tmp_path / "venv/bin/syntx", tmp_path / "empty")

    assert call("--version").stdout.split()[-1] == syntx.__version__
    home = str(tmp_path / "home")
    call("init", home)
    assert _names(tmp_path / "home") == _names(CHECKOUT)
    call("--home", home, "run", "--generations", "1")
    assert json.loads(call("--home", home, "status", "--json").stdout)
    assert list((tmp_path / "home/queue").glob("*/*/*.json"))
    root = tmp_path / "root"
    call("systemd", "install", "--prefix", str(root), "--syntx", "/opt/syntx/bin/syntx")
    assert (root / "usr/local/lib/systemd/system/syntx.target").is_file()
    assert list((tmp_path / "empty").iterdir()) == []


def _names(home: Path) -> set[str]:
    return {
        str(path.relative_to(home))
        for folder in ("config", "wrappers")
        for path in (home / folder).rglob("*")
        if path.is_file()
    }


def test_the_wheel_says_what_it_is(tmp_path: Path) -> None:
    """Version, licence, long description, entry point; every file of the packages, and no other."""
    with zipfile.ZipFile(_build("wheel", tmp_path / "dist")) as wheel:
        names = set(wheel.namelist())
        (info,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
        metadata = wheel.read(f"{info}/METADATA").decode()
        entry_points = wheel.read(f"{info}/entry_points.txt").decode()
    fields = dict(re.findall(r"^([A-Za-z-]+): (.+)$", metadata.partition("\n\n")[0], re.MULTILINE))
    assert fields["Name"] == "syntx"
    assert fields["Version"] == syntx.__version__
    assert "MIT" in fields.get("License-Expression", fields.get("License", ""))
    assert f"{info}/licenses/LICENSE" in names
    assert metadata.partition("\n\n")[2].startswith("# syntx")
    assert entry_points.split() == ["[console_scripts]", "syntx", "=", "syntx.cli:main"]
    assert {name.split("/")[0] for name in names} == {*PACKAGES, info}
    wanted = {str(path) for package in PACKAGES for path in _files(package)}
    wanted |= {f"syntx/defaults/{path}" for folder in LAID_OUT for path in _files(folder)}
    assert {name for name in names if not name.startswith(info)} == wanted


def _files(folder: str) -> list[Path]:
    return [
        path.relative_to(CHECKOUT)
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


def test_the_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    """It carries what the build needs and nothing of a queue, a log or a key that lies here."""
    archive = _build("sdist", tmp_path / "dist")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path / "unpacked", filter="data")
    (place,) = (tmp_path / "unpacked").iterdir()
    for folder in (*PACKAGES, *LAID_OUT):
        wanted = {path.relative_to(folder) for path in _files(folder)}
        found = {path.relative_to(place / folder) for path in (place / folder).rglob("*")}
        assert wanted <= found
    for name in ("pyproject.toml", "README.md", "LICENSE", "run", "requirements.lock"):
        assert (place / name).is_file()
    assert not [path for path in place.rglob("*") if path.name in (".env", ".venv", "demo-home")]
    assert not [path for path in place.rglob("*.json*") if path.parts[-2] in ("logs", "incoming")]


def test_nobody_else_owns_a_name_of_ours() -> None:
    """No other installed distribution brings a top-level package that ours would overwrite."""
    owners = {
        distribution.metadata["Name"]
        for distribution in importlib.metadata.distributions()
        for file in distribution.files or ()
        if file.parts and file.parts[0] in PACKAGES
    }
    assert owners <= {"syntx"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_real_environment_with_all_that_it_needs(tmp_path: Path) -> None:
    """The wheel brings its dependencies from the index, extras too; nothing of the checkout."""
    wheel = _build("wheel", tmp_path / "dist")
    python = _python(tmp_path / "venv")
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, f"{wheel}[documents,tui]"], check=True, timeout=800)
    call = _caller(tmp_path / "venv/bin/syntx", tmp_path / "empty")
    home = str(tmp_path / "home")
    call("init", home)
    call("--home", home, "run", "--generations", "1")
    call("demo", "--generations", "1")
    subprocess.run([str(python), "-m", "pip", "check"], check=True, timeout=100)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_pipx_installs_and_removes_it(tmp_path: Path) -> None:
    """The lines "For yourself", word for word; uninstalling leaves the home alone."""
    python = _python(tmp_path / "tools")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pipx"], check=True)
    page = (CHECKOUT / "docs/how-to/install.md").read_text().split("\n## For yourself\n")[1]
    script = page.split("```text\n")[1].split("```")[0].replace("CHECKOUT", str(CHECKOUT))
    home = tmp_path / "me"
    path = f"{tmp_path}/tools/bin:{home}/.local/bin:/usr/bin:/bin"
    environment = {**os.environ, "HOME": str(home), "PATH": path, "PIPX_HOME": f"{home}/pipx"}
    environment["PIPX_BIN_DIR"] = f"{home}/.local/bin"
    home.mkdir()
    for command in (script, "pipx uninstall syntx"):
        done = subprocess.run(
            ["sh", "-eu", "-c", command],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert len(list((home / "syntx/queue").glob("*/*/*.json"))) >= 3
    (home / "syntx").rename(tmp_path / "kept")
    assert [path for path in home.rglob("syntx*") if ".cache" not in path.parts] == []
