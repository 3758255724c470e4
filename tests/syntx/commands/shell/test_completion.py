from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from syntx.cli import COMMANDS, cli
from syntx.commands.shell.completing import MOST_OFFERED, failure_groups, job_ids
from syntx.home import Home
from syntx.ids import day_of, new_ids

ROOT = Path(__file__).resolve().parents[4]
Complete = Callable[..., list[str]]


@pytest.fixture
def offered(home: Home) -> Complete:
    """Give a way to ask in this process what is offered for the last of some words."""

    def ask(*words: str) -> list[str]:
        *before, last = words
        asked = ShellComplete(cli, {}, "syntx", "_SYNTX_COMPLETE")
        found = asked.get_completions(["--home", str(home.root), *before], last)
        return [item.value for item in found]

    return ask


@pytest.fixture
def program(tmp_path: Path, home: Home) -> dict[str, str]:
    """Give an environment in which a shell finds `syntx`, and the home to work in."""
    script = tmp_path / "bin" / "syntx"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m syntx "$@"\n')
    script.chmod(0o755)
    path = f"{script.parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "SYNTX_HOME": str(home.root), "HOME": str(tmp_path)}


def _finished(home: Home, count: int) -> list[str]:
    ids = new_ids([("Brettspiele", None)] * count)
    for job_id in ids:
        place = home.root / "queue" / "processed" / day_of(job_id)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{job_id}.json").write_text("{}")
    return ids


def _ids_of(root: Path, incomplete: str) -> list[str]:
    context = click.Context(cli)
    context.params["home"] = str(root)
    return job_ids(context, click.Argument(["job"]), incomplete)


def test_names_of_commands_and_their_options_are_offered(offered: Complete) -> None:
    """The beginning of a command, of one below it, of an option and of a choice."""
    assert offered("") == list(COMMANDS)
    assert offered("gen") == ["generations"]
    assert offered("config", "ch") == ["check"]
    assert "--json" in offered("status", "--")
    assert offered("jobs", "--state", "in") == ["incoming"]
    assert offered("completion", "") == ["bash", "zsh", "fish"]


def test_job_ids_are_offered_the_newest_first(home: Home) -> None:
    """IDs come from the names of files, a bearable number of them."""
    ids = _finished(home, MOST_OFFERED + 5)

    assert _ids_of(home.root, "") == ids[: -MOST_OFFERED - 1 : -1]
    for typed in (ids[3], ids[3][:27]):
        assert _ids_of(home.root, typed) == [ids[3]]
    assert _ids_of(home.root, ids[3][:5])[0] == ids[-1]
    assert _ids_of(home.root, "2099") == _ids_of(home.root, "x") == []


def test_wrappers_are_offered(offered: Complete, home: Home) -> None:
    """A wrapper dropped in is offered, one that a shell would part is not."""
    (home.root / "wrappers" / "syntex_wrapper_kurz.txt").write_text("1. LAGE\n")
    (home.root / "wrappers" / "zwei worte.txt").write_text("1. LAGE\n")
    found = offered("jobs", "--wrapper", "")
    assert "kurz" in found
    assert not any(" " in name for name in found)


def test_causes_of_failures_are_offered(home: Home) -> None:
    """The keys of groups come from what lies in error/."""
    day = home.root / "queue" / "error" / "2026-11-20"
    day.mkdir(parents=True)
    verdict = {"outcome": "failed", "reason": "timeout", "message": "no answer in 30 s"}
    (day / f"{new_ids([(None, None)])[0]}.json").write_text(json.dumps({"verdict": verdict}))
    context = click.Context(cli)
    context.params["home"] = str(home.root)

    [key] = failure_groups(context, click.Option(["--group"]), "time")
    assert key.startswith("timeout-")


def test_without_a_home_nothing_is_offered(tmp_path: Path) -> None:
    """A home that is none, and settings that are wrong, offer nothing and say nothing."""
    assert _ids_of(tmp_path / "nowhere", "") == []
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "queue.yaml").write_text("nonsense: [")
    assert _ids_of(tmp_path, "") == []


def test_a_command_is_completed_without_importing_any() -> None:
    """The names come from the table; the options of one command import that one alone."""
    script = (
        "import os, sys; import syntx.cli as c\n"
        "try: c.main([])\n"
        "except SystemExit: pass\n"
        "print(*(m for m in sys.modules if m.startswith('syntx.')), file=sys.stderr)"
    )
    loaded = {}
    for words in ("syntx sta", "syntx status --j"):
        env = {**os.environ, "_SYNTX_COMPLETE": "bash_complete", "COMP_WORDS": words}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**env, "COMP_CWORD": "-1"},
            capture_output=True,
            text=True,
            check=False,
        )
        loaded[done.stdout.strip()] = {x for x in done.stderr.split() if "commands." in x}
    assert loaded["plain,status"] == {"syntx.commands.index"}
    assert "syntx.commands.seeing.status" in loaded["plain,--json"]
    assert "syntx.commands.mending.retrying" not in loaded["plain,--json"]


_ASK_BASH = """
source <(syntx completion bash)
ask() {
    COMP_LINE=$1 COMP_POINT=${#1}; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _syntx_completion syntx
    echo "${COMPREPLY[@]}"
}
ask "syntx gen" syntx gen
ask "syntx --home=$SYNTX_HOME jobs --st" syntx --home = "$SYNTX_HOME" jobs --st
ask "syntx jobs --state=dis" syntx jobs --state = dis
complete -p syntx
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(program: dict[str, str]) -> None:
    """The script works in a real Bash, which parts words at an equals sign."""
    assert _output(["bash", "--norc", "-c", _ASK_BASH], program) == [
        "generations",
        "--state --style",
        "discarded",
        "complete -o nosort -F _syntx_completion syntx",
    ]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_completes(program: dict[str, str]) -> None:
    """The script works in a real fish, with whole descriptions."""
    script = 'syntx completion fish | source; complete -C "syntx stat"'
    line = COMMANDS["status"].line
    assert _output(["fish", "--no-config", "-c", script], program) == [f"status\t{line}"]


_ASK_ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'autoload -U compinit; compinit -u -D; source <(syntx completion zsh)'
zpty -w shell 'PS1=; print rea""dy'
zpty -r shell seen $'*ready\\r*'
zpty -n -w shell $'syntx gener\\t'
zpty -r shell seen '*generations*'
print found
"""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_completes(program: dict[str, str]) -> None:
    """The script works in a real zsh, at a terminal of its own."""
    assert _output(["zsh", "-f", "-c", _ASK_ZSH], program)[-1] == "found"


def _output(command: list[str], env: dict[str, str]) -> list[str]:
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.splitlines()
