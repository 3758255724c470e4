from __future__ import annotations

from pathlib import Path

import pytest

from syntx import home as homes
from syntx.errors import HomeNotFound
from syntx.home import Home, find


def test_a_named_home_wins(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--home is taken before SYNTX_HOME."""
    monkeypatch.setenv("SYNTX_HOME", str(tmp_path / "elsewhere"))
    assert find(home.root) == home


def test_the_environment_names_a_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """SYNTX_HOME is taken where --home is not given."""
    monkeypatch.setenv("SYNTX_HOME", str(home.root))
    assert find() == home


def test_a_folder_without_config_is_no_home(tmp_path: Path) -> None:
    """A wrong --home is an error that names the way to make it one."""
    with pytest.raises(HomeNotFound) as caught:
        find(tmp_path)
    assert caught.value.fix == f"syntx init {tmp_path}"
    assert caught.value.exit_code == 78


def test_the_current_directory_is_never_guessed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standing in a home is not enough; without a checkout or an installed home it is an error."""
    monkeypatch.chdir(home.root)
    monkeypatch.setattr(homes, "__file__", str(tmp_path / "site" / "syntx" / "home.py"))
    monkeypatch.setattr(homes, "INSTALLED", tmp_path / "var")
    with pytest.raises(HomeNotFound):
        find()


def test_relative_paths_are_relative_to_the_home(home: Home) -> None:
    """A relative path in the settings stands in the home, an absolute one stands as it is."""
    assert home.path(Path("q"), "queue") == home.root / "q"
    assert home.path(None, "queue") == home.root / "queue"
    assert home.path(Path("/srv/q"), "queue") == Path("/srv/q")
