"""`syntx config edit|key|restore`: only what is right gets in its place, and nothing is lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.commands.setup import config_editing, config_keys
from syntx.commands.setup.config_keys import with_key
from syntx.home import Home

Call = Callable[..., Result]
Edit = Callable[..., Result]


@pytest.fixture
def edit(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Give a way to edit a file with a script; each further call of the editor takes the next."""

    def run(file: str, *scripts: str, stdin: str = "") -> Result:
        for number, script in enumerate(scripts, 1):
            (tmp_path / f"{number}.sh").write_text(script)
        editor = tmp_path / "editor"
        editor.write_text(
            f'cd {tmp_path}; n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n; . "./$n.sh"\n'
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"sh {editor}")
        arguments = ["--home", str(home.root), "config", "edit", file]
        return CliRunner().invoke(cli, arguments, input=stdin)

    return run


def copies(folder: Path) -> list[Path]:
    """Return the hidden files of a folder."""
    return sorted(folder.glob(".*"))


def test_a_right_edit_takes_the_files_place_with_its_rights(home: Home, edit: Edit) -> None:
    """Content is new, mode is as it was, no copy is left."""
    path = home.config / "queue.yaml"
    path.chmod(0o640)

    shown = edit("queue.yaml", "echo 'max_rescues: 7' >$1")

    assert shown.exit_code == 0
    assert path.read_text() == "max_rescues: 7\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert copies(home.config) == []


def test_a_wrong_edit_changes_nothing_and_is_kept(home: Home, edit: Edit) -> None:
    """The error names the real file and its line; what was written can be found again."""
    path = home.config / "queue.yaml"
    before = path.read_bytes()

    shown = edit("config/queue.yaml", "echo 'max_rescue: 7' >$1")

    assert shown.exit_code == 78
    assert f"{path}:1: max_rescue: no such key" in shown.stderr
    assert path.read_bytes() == before
    (kept,) = copies(home.config)
    assert kept.read_text() == "max_rescue: 7\n"
    assert str(kept) in shown.stderr


def test_an_edit_that_breaks_another_file_is_refused(home: Home, edit: Edit) -> None:
    """A model that the settings ask for cannot be taken away from its file."""
    shown = edit("models/simulator.yaml", "sed -i s/simulator-target/other/ $1")
    assert shown.exit_code == 78
    assert "consumer.model" in shown.stderr


def test_what_was_wrong_elsewhere_before_is_no_obstacle(home: Home, edit: Edit) -> None:
    """One of two broken files can be mended alone."""
    (home.config / "system.yaml").write_text("a: 1\n")
    (home.config / "queue.yaml").write_text("b: 1\n")
    assert edit("queue.yaml", ": >$1").exit_code == 0


def test_who_made_a_mistake_is_asked_to_edit_again(
    home: Home, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the editor opens a second time, on the same copy."""
    monkeypatch.setattr(config_editing, "is_attended", lambda: True)

    shown = edit("queue.yaml", "echo 'a: 1' >$1", "sed -i s/a/max_rescues/ $1", stdin="y\n")

    assert shown.exit_code == 0, shown.output
    assert (home.config / "queue.yaml").read_text() == "max_rescues: 1\n"


def test_two_who_edit_at_once_do_not_undo_each_other(home: Home, edit: Edit) -> None:
    """A file that changed meanwhile is left as it is, and the copy is kept."""
    path = home.config / "queue.yaml"
    shown = edit("queue.yaml", f"echo 'max_rescues: 1' >$1; echo 'max_rescues: 2' >{path}")
    assert shown.exit_code == 1
    assert path.read_text() == "max_rescues: 2\n"
    assert len(copies(home.config)) == 1


def test_an_editor_that_fails_or_changes_nothing_leaves_no_trace(home: Home, edit: Edit) -> None:
    """Neither leaves a copy behind."""
    assert edit("queue.yaml", "exit 3", ":").exit_code == 1
    assert edit("queue.yaml", "exit 3", ":").exit_code == 0
    assert copies(home.config) == []


def test_a_link_stays_a_link(home: Home, edit: Edit, tmp_path: Path) -> None:
    """The file that a link leads to is changed."""
    real = tmp_path / "elsewhere.yaml"
    (home.config / "queue.yaml").rename(real)
    (home.config / "queue.yaml").symlink_to(real)
    assert edit("queue.yaml", "echo 'max_rescues: 1' >$1").exit_code == 0
    assert (home.config / "queue.yaml").is_symlink()
    assert real.read_text() == "max_rescues: 1\n"


def test_a_new_wrapper_is_checked_too(home: Home, edit: Edit) -> None:
    """A file that is not there yet begins empty."""
    assert edit("wrappers/neu.txt", "echo Prosa >$1").exit_code == 78
    assert edit("neu.txt", "", "echo '1. LAGE' >$1").exit_code == 0
    assert (home.root / "wrappers" / "neu.txt").read_text() == "1. LAGE\n"


@pytest.mark.parametrize("name", ["../x.yaml", "secrets.txt/..", "/etc/passwd", ".env", "x.sh"])
def test_only_files_of_the_configuration_are_edited(home: Home, edit: Edit, name: str) -> None:
    """Anything else is refused before an editor opens."""
    assert edit(name, "echo 1 >$1").exit_code == 78


def test_without_an_editor_the_error_says_how_to_name_one(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty PATH has no editor in it."""
    for name in ("VISUAL", "EDITOR", "PATH"):
        monkeypatch.setenv(name, "")
    shown = call("config", "edit", "queue.yaml")
    assert (shown.exit_code, "EDITOR=" in shown.stderr) == (1, True)


def test_a_key_is_typed_unseen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it is asked for; neither prompt nor answer shows it."""
    monkeypatch.setattr(config_keys, "is_attended", lambda: True)
    arguments = ["--home", str(home.root), "config", "key", "A_KEY"]
    shown = CliRunner().invoke(cli, arguments, input="sk-canary\n")
    assert shown.exit_code == 0
    assert "canary" not in shown.output
    assert home.env_file.read_text() == "A_KEY=sk-canary\n"


@pytest.mark.parametrize("value", ["", "two words", '"quoted"', "täst", "a\x00b"])
def test_what_can_be_no_key_changes_nothing(home: Home, value: str) -> None:
    """An error names the key, not its value."""
    home.env_file.write_text("B=1\n")
    arguments = ["--home", str(home.root), "config", "key", "A_KEY"]
    shown = CliRunner().invoke(cli, arguments, input=f"{value}\n")
    assert shown.exit_code == 78
    assert not value or value not in shown.output
    assert home.env_file.read_text() == "B=1\n"


def test_every_other_line_of_the_keys_stays_as_it_is() -> None:
    """A key that stands twice stands once then, in its first place."""
    before = b"# a\nexport K = 1\nL='2'\nK=3"
    assert with_key(before, "K", "new") == b"# a\nK=new\nL='2'\n"


def test_two_who_set_keys_at_once_both_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes while another is at it waits until that one is done."""
    path = tmp_path / ".env"
    other = Thread(target=config_keys.set_key, args=(path, "OTHER_KEY", "secret-of-another"))
    read = config_keys._content

    def meanwhile(place: Path) -> bytes:
        content = read(place)
        if other.ident is None:
            other.start()
            other.join(0.2)
        return content

    monkeypatch.setattr(config_keys, "_content", meanwhile)
    config_keys.set_key(path, "MY_KEY", "secret-of-mine")
    other.join()

    assert path.read_text() == "MY_KEY=secret-of-mine\nOTHER_KEY=secret-of-another\n"


def test_a_key_in_the_environment_is_said_to_win(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written then does not count, and that is told."""
    monkeypatch.setenv("A_KEY", "other")
    arguments = ["--home", str(home.root), "config", "key", "A_KEY"]
    assert "unset A_KEY" in CliRunner().invoke(cli, arguments, input="k\n").stderr


def test_restoring_twice_keeps_both_old_versions(call: Call, home: Home) -> None:
    """The shipped text is back, and nothing that was written is lost."""
    path = home.root / "wrappers" / "human.txt"
    shipped = path.read_bytes()
    for text in ("one", "two"):
        path.write_text(text)
        assert call("config", "restore", "human.txt").exit_code == 0
    kept = {old.read_text() for old in path.parent.glob("human.txt.old-*")}
    assert (path.read_bytes(), kept) == (shipped, {"one", "two"})
    assert call("config", "restore", "human.txt").exit_code == 0
    assert len(list(path.parent.glob("human.txt.old-*"))) == 2


def test_what_is_not_shipped_cannot_be_restored(call: Call, home: Home) -> None:
    """Somebody's own file stays as it is."""
    (home.models / "mine.yaml").write_text("a: 1\n")
    assert call("config", "restore", "models/mine.yaml").exit_code == 1
    assert (home.models / "mine.yaml").read_text() == "a: 1\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes as somebody else")
def test_what_root_writes_belongs_to_the_owner(call: Call, home: Home, edit: Edit) -> None:
    """Root changes a user's home; the user can read and write all of it afterwards."""
    for path in (home.root, home.config, home.config / "queue.yaml"):
        os.chown(path, 65534, 65534)
    (home.config / "queue.yaml").chmod(0o600)

    assert edit("queue.yaml", ": >$1").exit_code == 0
    arguments = ["--home", str(home.root), "config", "key", "A_KEY"]
    assert CliRunner().invoke(cli, arguments, input="k\n").exit_code == 0

    for path in (home.config / "queue.yaml", home.env_file):
        assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (65534, 0o600)


def test_all_that_is_wrong_is_told_at_once(call: Call, home: Home) -> None:
    """`config check` names every wrong file, with what to do about each."""
    (home.config / "queue.yaml").write_text("max_atempts: 3\n")
    (home.root / "wrappers" / "notes.txt").write_text("Nur eine Notiz.\n")
    home.env_file.write_text("A=1\n")
    (home.config / "system.yaml").write_text("monitoring: {alert_command: [bin/none]}\n")
    shown = call("config", "check")
    assert shown.exit_code == 78
    for told in ("max_atempts", "notes.txt", "alert_command"):
        assert told in shown.stderr
    assert shown.stderr.count("fix: ") == 3
