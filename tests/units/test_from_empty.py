"""The pages about installing, word for word: run with `./run test -m slow tests/units`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
HOW_TO = CHECKOUT / "docs/how-to"
PLACE = "/srv/checkout"
SERVICES = ("syntx-consumer@1", "syntx-producer", "syntx-monitor")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with what the package needs, fetched once: the machine has no network."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
    command += ["--dest", str(folder), str(CHECKOUT), "hatchling"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip().splitlines()[-1]}")
    return folder


@pytest.fixture(scope="module")
def bare(
    tmp_path_factory: pytest.TempPathFactory, wheels: Path, boot: Callable[..., Any]
) -> Iterator[Any]:
    """Give a booted machine that has never seen syntx."""
    places = {PLACE: str(CHECKOUT), "/srv/wheels": str(wheels)}
    with boot(tmp_path_factory.mktemp("bare"), places) as machine:
        yield machine


def _blocks(page: str, section: str) -> list[str]:
    text = (HOW_TO / page).read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def _do(machine: Any, page: str, section: str) -> str:
    """Run the blocks of a section as root, in an empty directory."""
    script = "\n".join(_blocks(page, section)).replace("CHECKOUT", PLACE)
    machine.run("mkdir", "-p", "/srv/empty")
    offline = ("PIP_CONFIG_FILE=/dev/null", "PIP_NO_INDEX=1", "PIP_FIND_LINKS=/srv/wheels")
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    shell = ("sh", "-eux", "-c", f"exec 2>&1\n{script}")
    told: str = machine.run("env", "-C", "/srv/empty", path, *offline, *shell, seconds=600)
    return told


def _active(machine: Any) -> set[str]:
    return {name for name in SERVICES if machine.show(name, "SubState")["SubState"] == "running"}


def _everything_of_ours(machine: Any) -> str:
    told: str = machine.run(
        *("find", "/etc", "/opt", "/usr", "/var", "/run", "/srv", "-xdev"),
        *("-not", "-path", "/srv/checkout*", "-not", "-path", "/run/log/*"),
        *("-not", "-path", "*/var/log/journal/*", "-iname", "*syntx*"),
    )
    return told


def test_from_an_empty_machine_to_running_services_and_back(bare: Any) -> None:
    """Installed, a prompt answered, upgraded over an edit, removed: nothing of it is left."""
    assert _everything_of_ours(bare) == ""
    _do(bare, "install.md", "As services, for good")
    bare.until(lambda: _active(bare) == set(SERVICES))
    status = "/opt/syntx/bin/syntx status --json | grep -q '\"processed\": *[1-9]'"
    bare.until(lambda: bare.run("sh", "-c", f"{status} && echo yes", check=False))

    bare.run("sh", "-c", "echo '# mine' >>/var/lib/syntx/config/queue.yaml")
    bare.run("systemctl", "disable", "--now", "syntx-producer.service")
    pid = bare.show("syntx-consumer@1", "MainPID")
    _do(bare, "upgrade.md", "Services")
    bare.until(lambda: _active(bare) == {"syntx-consumer@1", "syntx-monitor"})
    assert bare.show("syntx-consumer@1", "MainPID") != pid
    assert bare.show("syntx-producer", "UnitFileState") == {"UnitFileState": "disabled"}
    assert bare.run("tail", "-n", "1", "/var/lib/syntx/config/queue.yaml") == "# mine\n"
    assert "no files would be changed" in _do(bare, "upgrade.md", "A home")

    _do(bare, "install.md", "Away with it")
    assert _everything_of_ours(bare) == ""
    assert bare.run("systemctl", "list-unit-files", "--no-legend", "syntx*", check=False) == ""
    assert bare.run("getent", "passwd", "syntx", check=False) == ""
