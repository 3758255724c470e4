"""Whether the keys that models need are set, fit to be sent, and seen by nobody else."""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from syntx.doctor.calling import user_name
from syntx.doctor.report import Found, failed, ok, warning
from syntx.doctor.subject import Subject
from syntx.errors import ConfigError
from syntx.secrets import Secrets
from syntx.systemd.rendering import UNITS

CREDENTIALS = Path("etc/syntx/credentials")
"""Where services under systemd are given their keys from, below the root."""


def look(subject: Subject) -> Iterator[Found]:
    """Give one finding per key, and one for a file of keys that others can read."""
    unsafe = list(_env_file(subject))
    yield from unsafe
    if unsafe:
        return
    needed = _needed(subject)
    for name, users in needed.items():
        yield _key(subject, name, users)
    if not needed:
        yield ok("no model needs one")


def set_key(subject: Subject, name: str) -> str:
    """Return the line that sets a key where the value that counts stands."""
    credential = subject.root / CREDENTIALS / name
    if os.path.lexists(credential):
        path = shlex.quote(str(credential))
        return f"install -m 600 /dev/stdin {path} && systemctl restart syntx.target"
    line = subject.calling.line("config", "key", name)
    return f"unset {name}; {line}" if os.environ.get(name) else line


def secret_problem(value: str) -> str | None:
    """Say what is wrong with a key as it is; None when it can be sent."""
    if value.isascii() and value.isprintable() and " " not in value:
        return None
    return "holds characters that no key has"


def _env_file(subject: Subject) -> Iterator[Found]:
    path = subject.home.env_file
    try:
        found = path.stat()
    except OSError:
        return
    quoted = shlex.quote(str(path))
    owner = subject.calling.owner
    if found.st_uid not in (owner, 0) or (found.st_uid == 0 and owner != 0):
        name = user_name(owner) or str(owner)
        text = f"{path} belongs to {user_name(found.st_uid) or found.st_uid}, not to {name}"
        prefix = "" if os.geteuid() == 0 else "sudo "
        yield failed(text, f"{prefix}chown {name} {quoted} && {prefix}chmod 600 {quoted}")
    elif stat.S_IMODE(found.st_mode) & 0o077:
        line = subject.calling.as_owner(f"chmod 600 {quoted}")
        yield failed(f"{path}: others can read the keys in it", line)


def _services_miss(subject: Subject, name: str) -> bool:
    """Whether units are installed that would not find a key which we find in our environment."""
    if not os.environ.get(name) or not any((subject.root / UNITS).glob("syntx-*.service")):
        return False
    try:
        text = subject.home.env_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = ""
    is_kept = re.search(rf"^\s*(?:export )?{name}\s*=\s*\S", text, re.MULTILINE)
    return is_kept is None and not (subject.root / CREDENTIALS / name).is_file()


def _needed(subject: Subject) -> dict[str, list[str]]:
    """Return the names of the keys, with the settings that need each; none: nobody asks."""
    needed: dict[str, list[str]] = {
        api.endpoint.key: [] for api in subject.found.apis if api.endpoint.key is not None
    }
    for setting, model in subject.found.asked().items():
        api = subject.found.api_of(model)
        if api is not None and api.endpoint.key is not None:
            needed[api.endpoint.key].append(f"{setting} ({model})")
    return needed


def _key(subject: Subject, name: str, users: list[str]) -> Found:
    try:
        secret = Secrets(subject.home.env_file).get(name)
    except (ConfigError, OSError, UnicodeDecodeError) as error:
        line = set_key(subject, name)
        return failed(f"{name}: {subject.home.env_file} cannot be read: {error}", line)
    if secret is None:
        if (subject.root / CREDENTIALS / name).is_file():
            return ok(f"{name} is a credential of the services")
        text = f"{name} is set nowhere"
        if users:
            return failed(f"{text}; needed by {', '.join(users)}", set_key(subject, name))
        return warning(f"{text}; no setting asks for its models", set_key(subject, name))
    problem = secret_problem(secret.get_secret_value())
    if problem is not None:
        return failed(f"{name} {problem}", set_key(subject, name))
    if _services_miss(subject, name):
        text = f"{name} is set in this environment alone, which services under systemd do not see"
        return warning(text, subject.calling.line("config", "key", name))
    return ok(f"{name} is set")
