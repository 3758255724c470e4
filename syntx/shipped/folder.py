"""Where the shipped files lie, and what stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

PARTS = ("config", "wrappers")
"""The folders of a home that shipped files go to."""


def source() -> Path:
    """Return where config, wrappers and units are shipped: in the package, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    defaults = package / "defaults"
    return defaults if defaults.is_dir() else package.parent


def contents(folder: Path) -> dict[str, bytes]:
    """Return the shipped files by their name in a home, as `config/system.yaml`."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in PARTS
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content, in hex."""
    return hashlib.sha256(content).hexdigest()


def digests(shipped: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digest of each file by its name."""
    return {name: digest(content) for name, content in shipped.items()}
