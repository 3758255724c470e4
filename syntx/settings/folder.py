"""The settings folder of a home: a snapshot per turn, re-read when a file changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.settings.loading import read_section
from syntx.settings.models import Evolution, Generator, Queue, Scoring, Settings, System

FILES = ("generator.yaml", "queue.yaml", "evolution.yaml", "system.yaml", "scoring.yaml")


def load(home: Home) -> Settings:
    """Read all files; raises ConfigError naming file, line, key and remedy."""
    config = home.config
    settings = Settings(
        generator=read_section(config / "generator.yaml", Generator),
        queue=read_section(config / "queue.yaml", Queue),
        evolution=read_section(config / "evolution.yaml", Evolution),
        system=read_section(config / "system.yaml", System),
        scoring=read_section(config / "scoring.yaml", Scoring),
    )
    _check_together(home, settings)
    return settings


def queue_root(home: Home, settings: Settings) -> Path:
    """Return the queue's folder: queue.yaml `paths.base`, else system.yaml `paths.queue`."""
    return home.path(settings.queue.paths.base or settings.system.paths.queue, "queue")


def _check_together(home: Home, settings: Settings) -> None:
    base, queue = settings.queue.paths.base, settings.system.paths.queue
    if base and queue and home.path(base, "") != home.path(queue, ""):
        raise ConfigError(
            f"{home.config}: queue.yaml paths.base is {base}, "
            f"but system.yaml paths.queue is {queue}",
            fix="name the queue's folder in queue.yaml only",
        )
    unknown = set(settings.generator.languages.weights) - set(settings.generator.languages.enabled)
    if unknown:
        raise ConfigError(
            f"{home.config}/generator.yaml: languages.weights names {', '.join(sorted(unknown))}, "
            "which languages.enabled does not",
            fix="add it to languages.enabled or remove its weight",
        )


class SettingsFolder:
    """Gives the current snapshot; a bad edit keeps the last good one and says so.

    The files are looked at again once a snapshot is older than `look_every` seconds.
    """

    def __init__(self, home: Home, *, look_every: float = 0.1) -> None:
        self._home = home
        self._paths = [str(home.config / name) for name in FILES]
        self._look_every = look_every
        self._looked = time.monotonic()
        self._seen = self._stamps()
        self._settings = load(home)
        self.complaint: ConfigError | None = None
        """What is wrong with the files as they are now, or None."""

    def current(self) -> Settings:
        """Return the snapshot, read again if a file changed since."""
        now = time.monotonic()
        if now - self._looked < self._look_every:
            return self._settings
        self._looked = now
        stamps = self._stamps()
        if stamps != self._seen:
            self._seen = stamps
            try:
                self._settings = load(self._home)
                self.complaint = None
            except ConfigError as error:
                self.complaint = error
        return self._settings

    def _stamps(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(map(_stamp, self._paths))


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
