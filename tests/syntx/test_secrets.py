from __future__ import annotations

from pathlib import Path

import pytest

from syntx.errors import ConfigError
from syntx.secrets import Secrets


def _value(secrets: Secrets, name: str = "API_KEY") -> str | None:
    found = secrets.get(name)
    return None if found is None else found.get_secret_value()


def test_credentials_come_before_the_environment_and_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd credentials win over the environment, which wins over .env."""
    env_file = tmp_path / ".env"
    env_file.write_text("# keys\nexport API_KEY='from-file'\n")
    env_file.chmod(0o600)
    secrets = Secrets(env_file)
    assert _value(secrets) == "from-file"

    monkeypatch.setenv("API_KEY", "from-environment")
    assert _value(secrets) == "from-environment"

    (tmp_path / "API_KEY").write_text("from-credential\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert _value(secrets) == "from-credential"


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    """A world-readable .env is an error that names the command that mends it."""
    env_file = tmp_path / ".env"
    env_file.write_text("API_KEY=x\n")
    env_file.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        Secrets(env_file).get("API_KEY")
    assert caught.value.fix == f"chmod 600 {env_file}"


def test_a_secret_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing a secret shows no part of it."""
    monkeypatch.setenv("API_KEY", "sk-canary")
    assert "canary" not in repr(Secrets().get("API_KEY"))


def test_a_missing_secret_is_none(tmp_path: Path) -> None:
    """A name nobody set gives None."""
    assert Secrets(tmp_path / ".env").get("NOT_SET_ANYWHERE") is None
