"""Secrets: from systemd credentials, then the environment, then `.env` in the home."""

from __future__ import annotations

import os
import shlex
import stat
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from syntx.errors import ConfigError

LOADED_PREFIX = "syntx_"
"""What systemd puts before the names of a folder of secrets that is loaded as `syntx`."""


class Secrets:
    """Looks secrets up by name; nothing is cached, so a changed key counts at once."""

    def __init__(self, env_file: Path | None = None) -> None:
        self._env_file = env_file

    def get(self, name: str) -> SecretStr | None:
        """Return the secret of that name, or None; raises ConfigError for an unsafe `.env`."""
        value = self._credential(name) or os.environ.get(name) or self._from_file(name)
        return SecretStr(value) if value else None

    def _credential(self, name: str) -> str | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder or "/" in name:
            return None
        for credential in (name, f"{LOADED_PREFIX}{name}"):
            with suppress(FileNotFoundError):
                return (Path(folder) / credential).read_text(encoding="utf-8").strip()
        return None

    def _from_file(self, name: str) -> str | None:
        if self._env_file is None or not self._env_file.is_file():
            return None
        if stat.S_IMODE(self._env_file.stat().st_mode) & 0o077:
            raise ConfigError(
                f"{self._env_file}: others can read the keys in it",
                fix=f"chmod 600 {shlex.quote(str(self._env_file))}",
            )
        for line in self._env_file.read_text(encoding="utf-8-sig").splitlines():
            key, equals, value = line.strip().removeprefix("export ").partition("=")
            if equals and key.strip() == name:
                return value.strip().strip("'\"") or None
        return None
