"""The models folder of a home: its catalogue, read again when a file changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from syntx.errors import ConfigError
from syntx.llm.catalogue import Catalogue

Stamp = tuple[str, int, int, int]


class CatalogueFolder:
    """Gives the current catalogue; a bad edit keeps the last good one and says so.

    The first reading raises ConfigError; later complaints go to `on_complaint`, once each.
    """

    def __init__(
        self, folder: Path, on_complaint: Callable[[ConfigError], None] | None = None
    ) -> None:
        self._folder = folder
        self._on_complaint = on_complaint
        self._seen = _stamps(folder)
        self._catalogue = Catalogue.load(folder)
        self.complaint: ConfigError | None = None
        """What is wrong with the files as they are now, or None."""

    def __call__(self) -> Catalogue:
        """Return the current catalogue, so that the folder itself can be handed to a gateway."""
        return self.current()

    def current(self) -> Catalogue:
        """Return the catalogue, read again if a file came, went or changed since."""
        stamps = _stamps(self._folder)
        if stamps != self._seen:
            self._seen = stamps
            self._read()
        return self._catalogue

    def _read(self) -> None:
        try:
            self._catalogue = Catalogue.load(self._folder)
            self.complaint = None
        except ConfigError as error:
            self.complaint = error
            if self._on_complaint is not None:
                self._on_complaint(error)


def _stamps(folder: Path) -> frozenset[Stamp]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(_stamp(entry) for entry in entries)
    except FileNotFoundError:
        return frozenset()


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        found = entry.stat()
    except FileNotFoundError:
        # It went between the listing and the look; the next look will see that.
        return (entry.name, 0, 0, 0)
    return (entry.name, found.st_mtime_ns, found.st_size, found.st_ino)
