"""The manifest of a home: which version of each shipped file its operator was given last."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from syntx.errors import ConfigError
from syntx.shipped.folder import PARTS

NAME = ".syntx-shipped.json"
"""The manifest's file in a home."""

_SCHEMA = 1
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The version of syntx that laid out last, and the digest of each file by its name."""

    version: str
    files: Mapping[str, str]


def read(root: Path) -> Manifest | None:
    """Return a home's manifest, or None where there is none; raises ConfigError for nonsense."""
    path = root / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise _damaged(path) from error
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not _is_manifest(data):
        raise _damaged(path)
    return Manifest(version=data["version"], files=data["files"])


def to_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as the text of its file."""
    data = {"schema": _SCHEMA, "version": manifest.version, "files": dict(manifest.files)}
    return json.dumps(data, indent=1, sort_keys=True).encode() + b"\n"


def _is_manifest(data: Any) -> bool:
    return (
        isinstance(data, dict)
        and data.get("schema") == _SCHEMA
        and isinstance(data.get("version"), str)
        and isinstance(data.get("files"), dict)
        and all(_is_name(name) for name in data["files"])
        and all(isinstance(x, str) and _DIGEST.fullmatch(x) for x in data["files"].values())
    )


def _is_name(name: str) -> bool:
    """Whether a name leads into the folders of shipped files, and nowhere else."""
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] in PARTS and ".." not in parts and "\0" not in name


def _damaged(path: Path) -> ConfigError:
    return ConfigError(
        f"{path} is no manifest of shipped files",
        fix=f"mv {path} {path}.damaged",
    )
