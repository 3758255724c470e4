"""Finding wrappers: every text file in one folder is a wrapper, looked up at run time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from syntx.errors import ConfigError, WrapperNotFound
from syntx.wrapper_reading import read_wrapper
from syntx.wrappers import Wrapper

_SUFFIX = ".txt"
_OLDER_PREFIX = "syntex_wrapper_"

_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Seen:
    """What a file was when it was last read, and the last good wrapper read from it."""

    stamp: _Stamp
    wrapper: Wrapper | None
    error: ConfigError | None


@dataclass(slots=True)
class WrapperFolder:
    """The wrappers in `folder`; files are read again when they change.

    After a bad edit the last good text stays in use, and `problems` says so.
    """

    folder: Path
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return the wrappers' names in order; `syntex_wrapper_x.txt` is called `x`."""
        return tuple(sorted(self._files()))

    def get(self, name_or_path: str, trusted: bool = False) -> Wrapper:
        """Return a wrapper by name, or by path where that lies in the folder.

        An absolute path elsewhere needs `trusted`, for an operator's own choice. Raises
        WrapperNotFound listing what there is, or ConfigError when the file is malformed.
        """
        files = self._files()
        path = files.get(name_or_path) or self._by_path(name_or_path, files, trusted)
        if path is None:
            raise self._not_found(name_or_path)
        try:
            return self._read(path)
        except FileNotFoundError as error:
            raise self._not_found(name_or_path) from error

    def problems(self) -> Mapping[str, ConfigError]:
        """Return what is wrong with which wrapper, by name; reads what has changed."""
        found: dict[str, ConfigError] = {}
        for name, path in self._files().items():
            try:
                self._read(path)
            except FileNotFoundError:
                continue
            except ConfigError as error:
                found[name] = error
            else:
                seen = self._seen[path]
                if seen.error is not None:
                    found[name] = seen.error
        return found

    def _files(self) -> dict[str, Path]:
        """Map names to files; a plain `x.txt` wins over the older `syntex_wrapper_x.txt`."""
        try:
            entries = sorted(os.listdir(self.folder))
        except OSError as error:
            raise ConfigError(
                f"{self.folder}: the wrapper folder cannot be read: {error.strerror}",
                fix="create it, or set paths.wrappers in system.yaml",
            ) from error
        files: dict[str, Path] = {}
        for entry in entries:
            path = self.folder / entry
            if entry.startswith(".") or not entry.endswith(_SUFFIX) or not path.is_file():
                continue
            name = _name(path)
            if name and (name not in files or path.stem == name):
                files[name] = path
        return files

    def _by_path(self, given: str, files: Mapping[str, Path], trusted: bool) -> Path | None:
        try:
            wanted = (self.folder / given).resolve()
            listed = {path.resolve(): path for path in files.values()}
            if wanted in listed:
                return listed[wanted]
            if trusted and Path(given).is_absolute() and wanted.is_file():
                return wanted
        except (OSError, ValueError):  # a name with NUL bytes, or far too long
            return None
        return None

    def _read(self, path: Path) -> Wrapper:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        seen = self._seen.get(path)
        if seen is None or seen.stamp != stamp:
            seen = self._seen[path] = _reread(path, stamp, seen.wrapper if seen else None)
        if seen.wrapper is None:
            assert seen.error is not None
            raise seen.error
        return seen.wrapper

    def _not_found(self, asked: str) -> WrapperNotFound:
        names = ", ".join(self.names()) or "none yet"
        return WrapperNotFound(
            f"no wrapper {asked[:100]!r} in {self.folder}",
            fix=f"choose one of: {names}; or put a file NAME{_SUFFIX} into {self.folder}",
        )


def _reread(path: Path, stamp: _Stamp, last_good: Wrapper | None) -> _Seen:
    try:
        return _Seen(stamp, read_wrapper(path, _name(path)), None)
    except ConfigError as error:
        return _Seen(stamp, last_good, error)


def _name(path: Path) -> str:
    return path.stem.removeprefix(_OLDER_PREFIX)
