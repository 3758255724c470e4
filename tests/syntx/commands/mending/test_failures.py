"""`syntx failures`: what is grouped, what mends it, what is shown of one group."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from failed_jobs import lay, names

from syntx.cli import cli
from syntx.home import Home

Call = Callable[..., Result]


def key_of(call: Call, reason: str) -> str:
    """Return the key of the group of that reason."""
    groups = json.loads(call("failures", "--json").stdout)["groups"]
    return next(str(one["key"]) for one in groups if one["reason"] == reason)


def test_failures_are_told_with_the_command_that_mends_them(call: Call, home: Home) -> None:
    """The command can be pasted as it stands: it lets exactly that group wait again."""
    meant = {lay(home, "unavailable", f"local answered 503: wait {n} s") for n in range(3)}
    lay(home, "bug", "KeyError: 'a'")

    shown = call("failures")
    command = next(
        line for line in shown.stdout.splitlines() if "syntx" in line and "retry" in line
    )
    words = shlex.split(command)
    done = CliRunner().invoke(cli, [*words[1:], "--yes"])

    assert shown.exit_code == done.exit_code == 0
    assert "unavailable: local answered 503: wait <n>" in shown.stdout
    assert words[1:3] == ["--home", str(home.root)]
    assert names(home, "incoming") == meant


def test_a_low_score_is_told_once(call: Call, home: Home) -> None:
    """Where the reason is the kind, it is not said twice."""
    lay(home, "low_score", outcome="low_score", score=40)

    assert "\n  scored too low\n" in call("failures").stdout


def test_no_failures_are_said_to_be_none(call: Call) -> None:
    """On a home where nothing ran yet."""
    shown = call("failures")

    assert (shown.exit_code, shown.stdout) == (0, "nothing has failed\n")


def test_what_was_not_looked_at_is_told(call: Call, home: Home) -> None:
    """The newest come first, and nobody takes them for all."""
    for _ in range(3):
        lay(home)

    shown = call("failures", "--most", "2")

    assert "looked at the newest 2; 1 older ones were not read" in shown.stdout


def test_one_group_is_shown_whole(call: Call, home: Home) -> None:
    """The message in full, the IDs, and what it spreads over."""
    ids = [lay(home, "bug", f"KeyError: 'a{n}'", topic="wald", wrapper="human") for n in range(2)]
    lay(home)

    shown = call("failures", key_of(call, "bug")).stdout
    data = json.loads(call("failures", key_of(call, "bug"), "--json").stdout)

    assert all(job_id in shown for job_id in ids)
    assert "KeyError: 'a1'" in shown
    assert (data["models"], data["topics"], data["wrappers"]) == (
        {"small": 2},
        {"wald": 2},
        {"human": 2},
    )


@pytest.mark.parametrize("command", [["failures"], ["retry", "--group"], ["discard", "--group"]])
def test_a_group_that_there_is_not_is_told_with_those_there_are(
    call: Call, home: Home, command: list[str]
) -> None:
    """The closest is named."""
    lay(home)
    lay(home, "bug")
    key = key_of(call, "timeout")

    shown = call(*command, "timeout-0000")

    assert shown.exit_code == 1
    assert f"did you mean {key}?" in shown.stderr
    assert f"{key} (1)" in shown.stderr
    assert len(names(home, "error")) == 2


def test_hostile_messages_only_show(call: Call, home: Home) -> None:
    """Neither a group's table nor the question nor one group alone sends a terminal anything."""
    evil = "\x1b]0;x\x07\x9b2J\u202eabc\nGROUP  9"
    lay(home, f"boo{evil}", f"it says {evil}", topic=evil)
    lay(home, f"boo{evil}", f"it says {evil}", topic=evil)
    key = json.loads(call("failures", "--json").stdout)["groups"][0]["key"]

    shown = [call("failures"), call("failures", key), call("retry", "--group", key)]

    text = "".join(one.output for one in shown)
    assert [one.exit_code for one in shown] == [0, 0, 2]
    assert not set("\x1b\x07\x9b\u202e") & set(text)
    assert key.startswith("boo_")
