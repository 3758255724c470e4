"""Who services talk to: a socket that listens in systemd's place, and a systemd that booted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BOOT_SECONDS = 120.0
_CLEAN = ("env", "-i", "-C", "/", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")

# Everything is mounted in a mount namespace of its own, so nothing is left when it ends. Where no
# systemd runs that would give it one, it makes a control group for itself.
_BOOT = """
[ -d /run/systemd/system ] || for group in systemd unified .; do
    mkdir "/sys/fs/cgroup/$group/syntx-test-$$" &&
        echo $$ >"/sys/fs/cgroup/$group/syntx-test-$$/cgroup.procs"
done 2>/dev/null
mount -t tmpfs tmpfs "$1" && mkdir "$1/upper" "$1/work" "$1/root" &&
mount -t overlay overlay -o lowerdir=/,upperdir="$1/upper",workdir="$1/work" "$1/root" &&
: >"$1/root/etc/fstab" &&
ln -sf /dev/null "$1/root/etc/systemd/system/network-online.target" &&
shift && exec systemd-nspawn "$@"
"""

_LAUNCHER = f"""#!/bin/sh
export PYTHONPATH=/opt/syntx/code:/opt/syntx/packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=/opt/syntx/python/lib
exec /opt/syntx/python/bin/python{sys.version_info[0]}.{sys.version_info[1]} -m syntx "$@"
"""


class Manager:
    """Listens as a service manager does; `heard` is every line so far."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)

    def listen(self) -> list[str]:
        """Take what has come in by now; returns the new lines."""
        new: list[str] = []
        with suppress(BlockingIOError):
            while True:
                new += self._socket.recv(4096).decode().splitlines()
        self.heard += new
        return new

    def until(self, line: str, times: int = 1, seconds: float = 60.0) -> None:
        """Wait until a line has come in so many times in all."""
        end = time.monotonic() + seconds
        while sum(each.startswith(line) for each in self.heard) < times:
            assert time.monotonic() < end, f"{line} was never told; heard: {self.heard}"
            if not self.listen():
                time.sleep(0.02)

    def close(self) -> None:
        """Go away."""
        self._socket.close()


@pytest.fixture
def manager(request: pytest.FixtureRequest) -> Iterator[Manager]:
    """Give a service manager at a socket in a folder, or at an abstract one where asked for."""
    abstract = getattr(request, "param", "path") == "abstract"
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        listening = Manager(f"@{folder}" if abstract else f"{folder}/notify")
        yield listening
        listening.close()


class Machine:
    """A booted machine; commands run in it as root."""

    def __init__(self, leader: int) -> None:
        self.leader = leader
        self._enter = ["nsenter", "-t", str(leader), "--mount", "--uts", "--ipc", "--net", "--pid"]

    def run(
        self, *command: str, check: bool = True, stdin: str = "", seconds: float = 120.0
    ) -> str:
        """Run a command and return what it printed; unless told else, it must succeed."""
        done = subprocess.run(
            [*self._enter, "--wd=/", *_CLEAN, *command],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert not check or done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def write(self, path: str, text: str, mode: str = "0644") -> None:
        """Write a file, its folders too."""
        self.run("install", "-D", "-m", mode, "/dev/stdin", path, stdin=text)

    def show(self, unit: str, *names: str) -> dict[str, str]:
        """Return properties of a unit."""
        told = self.run("systemctl", "show", unit, *(f"--property={name}" for name in names))
        return dict(line.split("=", 1) for line in told.splitlines())

    def until(self, condition: Callable[[], object], seconds: float = 90.0) -> None:
        """Wait for a condition."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it never happened\n{self.journal()}"
            time.sleep(0.2)

    def journal(self) -> str:
        """Return what the services and systemd told, as far as it is in the journal."""
        return self.run("journalctl", "--no-pager", "-n", "80", check=False)


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Give a machine that systemd booted, with syntx in /opt/syntx; skips where none boots."""
    binds = {"code": CHECKOUT, "python": sys.base_prefix, "packages": sysconfig.get_path("purelib")}
    places = {f"/opt/syntx/{name}": str(source) for name, source in binds.items()}
    with booted(tmp_path_factory.mktemp("machine"), places) as started:
        started.write("/opt/syntx/bin/syntx", _LAUNCHER, "0755")
        yield started


@contextmanager
def booted(folder: Path, places: Mapping[str, str]) -> Iterator[Machine]:
    """Boot a machine; `places` are what it sees of ours, read-only; skips where none boots."""
    _need_what_boots()
    console = folder.with_name(f"{folder.name}.log")
    with console.open("wb") as file:
        process = subprocess.Popen(
            [
                *("unshare", "--mount", "--propagation", "private"),
                *("sh", "-c", _BOOT, "boot", str(folder), *_container(folder / "root", places)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    started = None
    try:
        started = _booted(process, console)
        yield started
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        if process.poll() is None:
            process.kill()
            process.wait()
            if started is not None:
                with suppress(ProcessLookupError):
                    os.kill(started.leader, signal.SIGKILL)
        for group in Path("/sys/fs/cgroup").glob(f"*/syntx-test-{process.pid}"):
            _remove_group(group)


def _remove_group(group: Path) -> None:
    for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
        with suppress(OSError):
            folder.rmdir()
    with suppress(OSError):
        group.rmdir()


def _need_what_boots() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can boot a machine")
    for tool in ("systemd-nspawn", "nsenter", "unshare"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def _container(root: Path, places: Mapping[str, str]) -> list[str]:
    return [
        "--boot",
        "--quiet",
        "--register=no",
        *([] if Path("/run/systemd/system").is_dir() else ["--keep-unit"]),
        "--private-network",
        "--console=pipe",
        f"--machine=syntx-test-{os.getpid()}-{root.parent.name}",
        f"--directory={root}",
        *(f"--bind-ro={source}:{place}" for place, source in places.items()),
        "systemd.unit=sysinit.target",
    ]


def _booted(process: subprocess.Popen[bytes], console: Path) -> Machine:
    end = time.monotonic() + BOOT_SECONDS
    while process.poll() is None and time.monotonic() < end:
        for leader in _leaders(process.pid):
            machine = Machine(leader)
            if machine.run("systemctl", "is-active", "sysinit.target", check=False) == "active\n":
                return machine
        time.sleep(0.2)
    last = console.read_text(errors="replace").strip().splitlines()[-3:]
    return pytest.skip(f"no systemd boots here: {' / '.join(last) or 'it told nothing'}")


def _leaders(pid: int) -> Iterator[int]:
    """Yield the child that is the first process of a namespace."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(OSError):
            status = Path(f"/proc/{child}/status").read_text()
            numbers = status.split("NSpid:")[1].splitlines()[0].split()
            if numbers[1:] == ["1"]:
                yield int(child)


@pytest.fixture(scope="session")
def boot() -> Callable[..., AbstractContextManager[Machine]]:
    """Give a way to boot a machine of one's own."""
    return booted
