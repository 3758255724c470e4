"""What is examined: a home, what its configuration says, and how commands for it begin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from syntx.doctor.calling import Calling, called_as
from syntx.doctor.reading import Configuration, read, wrappers_folder
from syntx.home import Home
from syntx.settings.folder import queue_root
from syntx.settings.models import Settings

CONSUMER_UNIT = "syntx-consumer@1.service"


@dataclass(frozen=True, slots=True)
class Subject:
    """A home under examination.

    `shipped` is where the shipped files lie, `root` the root below which units are looked for.
    """

    home: Home
    found: Configuration
    calling: Calling
    shipped: Path
    root: Path = Path("/")
    offline: bool = False

    @property
    def settings(self) -> Settings:
        """The settings, with the defaults for files that are broken."""
        return self.found.settings

    @property
    def queue(self) -> Path:
        """The queue's folder."""
        return queue_root(self.home, self.settings)

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.home.path(self.settings.system.logging.base_dir, "logs")

    @property
    def wrappers(self) -> Path:
        """The folder of the wrappers."""
        return wrappers_folder(self.home, self.settings)

    def is_shipped(self, path: Path) -> bool:
        """Whether a file of the home has a shipped version to be restored."""
        source = shipped_version(self.home, self.wrappers, self.shipped, path)
        return source is not None and source.is_file() and source != path


def shipped_version(home: Home, wrappers: Path, shipped: Path, path: Path) -> Path | None:
    """Return where the shipped version of a file would be; None outside config and wrappers."""
    for folder, name in ((home.config, "config"), (wrappers, "wrappers")):
        if path.is_relative_to(folder):
            return shipped / name / path.relative_to(folder)
    return None


def subject_of(home: Home, shipped: Path, *, root: Path = Path("/"), offline: bool) -> Subject:
    """Read a home's configuration and return it as the subject of an examination."""
    calling = Calling(called_as(), home.root, home.root.stat().st_uid)
    return Subject(home, read(home), calling, shipped, root, offline)


def systemd_runs() -> bool:
    """Whether this system was booted with systemd."""
    return Path("/run/systemd/system").is_dir()
