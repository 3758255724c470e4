"""What is shipped, chosen by the test, and the place of a home."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from shipped_versions import Files, Ship, write

from syntx.shipped import planning


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ship:
    """Give a way to choose what is shipped from now on."""
    place = tmp_path / "shipped"
    monkeypatch.setattr(planning, "source", lambda: place)
    monkeypatch.setattr(planning, "VERSIONS", {})

    def choose(files: Files) -> None:
        shutil.rmtree(place, ignore_errors=True)
        write(place, files)

    return choose


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the place of a home."""
    return tmp_path / "home"
