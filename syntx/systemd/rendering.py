"""From templates to files: where each goes, and what is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from syntx.errors import ConfigError
from syntx.systemd.stamping import stamped

UNITS = PurePosixPath("usr/local/lib/systemd/system")
PLACES = {
    "sysusers.d": PurePosixPath("usr/local/lib/sysusers.d"),
    "tmpfiles.d": PurePosixPath("usr/local/lib/tmpfiles.d"),
    "logrotate.d": PurePosixPath("etc/logrotate.d"),
}
"""Where files go that are no units, by the template's folder; relative to the root.

Earlier versions rotated their logs by logrotate: what they installed is still found and removed.
"""

HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - named, not used
"""What the units hide from the services."""

_PLAIN = re.compile(r"/[A-Za-z0-9._+@-]+(/[A-Za-z0-9._+@-]+)*")
_PLACEHOLDER = re.compile("@(SYNTX|HOME)@")


@dataclass(frozen=True, slots=True)
class Installation:
    """What the units run: an executable, and the home it works in, as the services see them."""

    syntx: str
    home: str

    def check(self) -> None:
        """Raise ConfigError for a path that cannot stand in a unit, or that services cannot see."""
        _check("--home", self.home, "/var/lib/syntx")
        _check("--syntx", self.syntx, "/opt/syntx/bin/syntx")
        for path in _run_by(Path(self.syntx)):
            if is_hidden(path):
                raise ConfigError(
                    f"{self.syntx} runs {path}, which the services cannot see",
                    fix="install syntx there: /usr/bin/python3 -m venv /opt/syntx",
                )


def render(templates: Path, installation: Installation) -> dict[PurePosixPath, bytes]:
    """Return the files to install by their place below the root; raises ConfigError."""
    installation.check()
    values = {"SYNTX": installation.syntx, "HOME": installation.home}
    files = {}
    for template in sorted(path for path in templates.rglob("*") if path.is_file()):
        text = _PLACEHOLDER.sub(lambda found: values[found[1]], template.read_text("utf-8"))
        files[_place(PurePosixPath(template.relative_to(templates)))] = stamped(text)
    if not files:
        raise ConfigError(f"{templates}: no units were shipped", fix="install syntx again")
    return files


def _place(template: PurePosixPath) -> PurePosixPath:
    folder = PLACES.get(template.parts[0])
    return UNITS / template if folder is None else folder / template.name


def _check(option: str, path: str, example: str) -> None:
    if not _PLAIN.fullmatch(path) or ".." in path.split("/"):
        raise ConfigError(
            f"{option}: {path!r} is no absolute path of letters, digits and . _ + @ -",
            fix=f"choose a plain path, as {example}",
        )
    if is_hidden(path):
        raise ConfigError(
            f"{option}: {path} lies where the services cannot see it ({', '.join(HIDDEN)})",
            fix=f"choose another place, as {example}",
        )


def is_hidden(path: str) -> bool:
    """Whether a path lies where the services see nothing."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in HIDDEN)


def _run_by(script: Path) -> list[str]:
    """Return the file a link leads to, and what runs it where it is a script that is there."""
    found = [str(script.resolve())]
    try:
        with script.open("rb") as file:
            line = file.readline(4096)
    except OSError:
        return found
    words = line[2:].decode("utf-8", "replace").split() if line.startswith(b"#!") else []
    return found + [path for word in words[:1] for path in (word, str(Path(word).resolve()))]
