"""Broken on purpose: settings, models, wrappers and keys; each is mended by the line told."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from mending import ask, mend, unwell

from syntx.cli import cli
from syntx.home import Home

NEEDY = "kind: openai\nbase_url: https://127.0.0.1:9/v1\nkey: A_KEY\nmodels: [{name: needy}]\n"
OTHER_MISTAKES = [
    ("queue.yaml", "thresholds: {low: none}\n", "s/none/7/", "thresholds.low"),
    ("queue.yaml", "a: [\n", "d", "not valid YAML"),
    ("system.yaml", "consumer: {model: gone}\n", "s/gone/simulator-target/", "'gone'"),
    ("system.yaml", "monitoring: {alert_command: [no-such]}\n", "s/no-such/sleep/", "no-such"),
    ("models/needy.yaml", NEEDY.replace("models:", "modles:"), "s/modles/models/", "modles"),
    ("models/twin.yaml", NEEDY.replace("needy", "simulator-writer"), "s/-w/-t/", "stands in"),
]
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def test_a_fresh_home_is_well(home: Home) -> None:
    """Of what is laid out, nothing has to be mended."""
    for family in ("config", "wrappers", "keys", "permissions", "packages", "version", "state"):
        assert not unwell(ask(home, family)), family


@pytest.mark.parametrize(
    ("name", "wrong", "editor", "told"),
    [
        ("queue.yaml", "max_atempts: 3\n", "s/atempts/attempts/", "(did you mean 'max_attempts'?)"),
        *(pytest.param(*case, marks=pytest.mark.slow) for case in OTHER_MISTAKES),
    ],
)
def test_a_wrong_setting_is_mended_in_the_editor(
    home: Home, name: str, wrong: str, editor: str, told: str
) -> None:
    """The line opens the file that is wrong, and what is right then takes its place."""
    (home.config / name).write_text(wrong)

    check = mend(home, "config", EDITOR=f"sed -i -e '{editor}'")

    assert (check["mark"], "config edit" in check["fix"]) == ("failed", True)
    assert told in check["text"]


def test_a_broken_file_hides_no_other(home: Home) -> None:
    """Two wrong files are two failures, and the rest is still looked at."""
    (home.config / "queue.yaml").write_text("a: 1\n")
    (home.models / "b.yaml").write_text("b: 1\n")

    assert len(unwell(ask(home, "config"))) == 2
    assert ask(home, "space")[0]["mark"] in ("ok", "warning", "failed")


@pytest.mark.slow
def test_settings_that_are_no_text_are_restored(home: Home) -> None:
    """What no editor can open is put aside, and the shipped file takes its place."""
    (home.config / "queue.yaml").write_bytes(b"\xff\xfe\x00")

    assert "config restore queue.yaml" in mend(home, "config")["fix"]

    (old,) = home.config.glob("queue.yaml.old-*")
    assert old.read_bytes() == b"\xff\xfe\x00"


@pytest.mark.slow
def test_a_lost_models_folder_is_laid_out_again(home: Home) -> None:
    """Without config/models the line is `init`."""
    (home.models).rename(home.root / "away")
    assert " init " in mend(home, "config")["fix"]


@pytest.mark.slow
def test_files_of_another_version_are_brought_up_to_date(home: Home) -> None:
    """A shipped file that nobody edited since an older version laid it out is replaced."""
    path, manifest = home.config / "queue.yaml", home.root / ".syntx-shipped.json"
    path.write_text("# older\n")
    data = json.loads(manifest.read_text())
    data["files"]["config/queue.yaml"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(data))

    assert "config/queue.yaml" in mend(home, "version")["text"]


@pytest.mark.slow
def test_a_wrapper_without_headings_is_mended_in_the_editor(home: Home) -> None:
    """The line opens the wrapper."""
    (home.root / "wrappers" / "mine.txt").write_text("Nur Text.\n")
    check = mend(home, "wrappers", EDITOR="sed -i -e '$a 1. LAGE'")
    assert "config edit wrappers/mine.txt" in check["fix"]


@pytest.mark.slow
def test_a_wrapper_that_is_no_text_is_restored_or_set_aside(home: Home) -> None:
    """A shipped one comes back; somebody's own is kept under another name."""
    human, mine = (home.root / "wrappers" / name for name in ("human.txt", "it's mine.txt"))
    good = human.read_bytes()
    human.write_bytes(b"\xff")
    assert "config restore" in mend(home, "wrappers")["fix"]
    assert human.read_bytes() == good

    mine.write_bytes(b"\xff")
    assert mend(home, "wrappers")["fix"].startswith("mv ")
    assert mine.with_name("it's mine.txt.broken").read_bytes() == b"\xff"


@pytest.mark.slow
def test_a_missing_wrapper_is_restored(home: Home) -> None:
    """The wrapper of jobs that name none is put back."""
    (home.root / "wrappers" / "human.txt").unlink()
    assert "config restore wrappers/human.txt" in mend(home, "wrappers")["fix"]


@pytest.mark.slow
def test_a_wrapper_nobody_ships_is_corrected_where_it_is_named(home: Home) -> None:
    """For a name that is mistyped the line opens system.yaml."""
    (home.config / "system.yaml").write_text("consumer: {wrapper: hunam}\n")
    mend(home, "wrappers", EDITOR="sed -i -e 's/hunam/human/'")


def test_without_any_wrapper_the_home_is_laid_out_again(home: Home) -> None:
    """An emptied folder is filled by `init`."""
    for file in (home.root / "wrappers").iterdir():
        file.unlink()
    assert " init " in mend(home, "wrappers")["fix"]


@pytest.mark.slow
def test_a_missing_key_is_set_from_standard_input(home: Home) -> None:
    """The key lands in a file for its owner alone; it is printed nowhere."""
    (home.models / "needy.yaml").write_text(NEEDY)
    (home.config / "system.yaml").write_text("consumer: {model: needy}\n")

    check = mend(home, "keys", stdin="sk-canary-12345\n")

    assert (check["mark"], "consumer.model (needy)" in check["text"]) == ("failed", True)
    assert home.env_file.read_text() == "A_KEY=sk-canary-12345\n"
    assert stat.S_IMODE(home.env_file.stat().st_mode) == 0o600


def test_a_key_no_setting_needs_is_only_a_warning(home: Home) -> None:
    """A file of models that is not asked keeps nobody from starting."""
    (home.models / "needy.yaml").write_text(NEEDY)
    (check,) = unwell(ask(home, "keys"))
    assert check["mark"] == "warning"


@pytest.mark.slow
def test_a_key_that_cannot_be_one_is_set_anew(home: Home) -> None:
    """A value with blanks is found, and replaced in its place."""
    (home.models / "needy.yaml").write_text(NEEDY)
    home.env_file.write_text("# mine\nexport A_KEY=two words\nB=1\n")
    home.env_file.chmod(0o600)

    mend(home, "keys", stdin="k\n")

    assert home.env_file.read_text() == "# mine\nA_KEY=k\nB=1\n"


def test_a_key_that_services_do_not_see_is_a_warning(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where units are installed, a key in a person's environment is none of theirs."""
    (home.models / "needy.yaml").write_text(NEEDY)
    monkeypatch.setenv("A_KEY", "k")
    assert not unwell(ask(home, "keys", "--prefix", str(tmp_path)))
    units = tmp_path / "usr" / "local" / "lib" / "systemd" / "system"
    units.mkdir(parents=True)
    (units / "syntx-producer.service").write_text("")

    (check,) = unwell(ask(home, "keys", "--prefix", str(tmp_path)))
    assert "config key A_KEY" in check["fix"]

    home.env_file.write_text("A_KEY=k\n")
    home.env_file.chmod(0o600)
    assert not unwell(ask(home, "keys", "--prefix", str(tmp_path)))


def test_keys_others_can_read_are_closed(home: Home) -> None:
    """The line takes the rights of others away."""
    home.env_file.write_text("A=1\n")
    home.env_file.chmod(0o644)
    assert mend(home, "keys")["fix"] == f"chmod 600 {home.env_file}"


@root_only
def test_keys_of_another_user_are_given_to_the_owner(home: Home) -> None:
    """A `.env` that root made in a user's home is handed over."""
    home.env_file.write_text("A=1\n")
    home.env_file.chmod(0o600)
    os.chown(home.root, 65534, -1)
    assert "chown" in mend(home, "keys")["fix"]


def test_the_exit_code_tells_of_the_configuration(home: Home, call: object) -> None:
    """78 for what stops a start, 0 where there are warnings at most."""
    assert callable(call)
    offline = ("doctor", "--offline", "--only", "config", "--only", "endpoints")
    assert call(*offline).exit_code == 0
    (home.config / "queue.yaml").write_text("a: 1\n")
    assert call(*offline).exit_code == 78


def test_one_warning_is_no_plural(home: Home) -> None:
    """The sum is a sentence."""
    (home.root / "logs").rmdir()
    arguments = ["--home", str(home.root), "doctor", "--only", "permissions"]
    assert CliRunner().invoke(cli, arguments).stderr == "0 failed, 1 warning\n"


def test_signs_fit_the_terminal(home: Home) -> None:
    """Where the encoding has no check mark, plain letters stand in its place."""
    (home.root / "wrappers" / "größe.txt").write_text("1. LAGE\n")
    arguments = ["--home", str(home.root), "doctor", "--only", "wrappers"]
    assert "✓  wrappers" in CliRunner(charset="utf-8").invoke(cli, arguments).stdout
    assert "ok wrappers" in (plain := CliRunner(charset="ascii").invoke(cli, arguments).stdout)
    assert "gr\\xf6\\xdfe" in plain
