"""`syntx retry` and `syntx discard` by cause: what is meant, what is passed over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from failed_jobs import audit, lay, names

from syntx.cli import cli
from syntx.commands.mending import operating
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Outcome

Call = Callable[..., Result]


def key_of(call: Call, reason: str) -> str:
    """Return the key of the group of that reason."""
    groups = json.loads(call("failures", "--json").stdout)["groups"]
    return next(str(one["key"]) for one in groups if one["reason"] == reason)


def test_a_group_is_retried_whole_however_many_failed(call: Call, home: Home) -> None:
    """Also what the list of failures did not look at, and nothing else."""
    meant = {lay(home, ago=timedelta(days=day)) for day in range(4)}
    other = lay(home, "bug")

    shown = call("retry", "--group", key_of(call, "timeout"), "--yes", "--why", "it was slow")

    assert (shown.exit_code, set(shown.stdout.split())) == (0, meant)
    assert (names(home, "incoming"), names(home, "error")) == (meant, {other})
    (begun, done) = audit(home)
    assert (begun["why"], begun["groups"], done["moved"]) == ("it was slow", begun["groups"], 4)
    assert begun["groups"][0].startswith("timeout-")


@pytest.mark.parametrize(
    ("filters", "meant"),
    [
        (["reason=timeout"], "ab"),
        (["reason=timeout", "topic=wald"], "a"),
        (["topic=w*"], "ac"),
        (["topic=-"], "b"),
        (["score<40"], "c"),
        (["score>=30", "outcome=low_score"], "c"),
        (["score>30"], ""),
        (["since=1d"], "ac"),
        (["until=1d"], "b"),
        (["model=small", "kind=low_score"], "c"),
        (["message=*busy*"], "a"),
        (["wrapper=human"], "b"),
    ],
)
def test_filters_say_what_is_meant(call: Call, home: Home, filters: list[str], meant: str) -> None:
    """Several must all hold; what is not known of a job meets none of them."""
    ids = {
        "a": lay(home, message="local is busy", topic="wald"),
        "b": lay(home, ago=timedelta(days=3), wrapper="human"),
        "c": lay(home, "low_score", outcome="low_score", score=30, topic="wiese"),
    }
    options = [word for one in filters for word in ("--filter", one)]

    shown = call("discard", *options, "--dry-run")

    assert set(shown.stdout.split()) == {ids[letter] for letter in meant}
    assert shown.exit_code == (0 if meant else 1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("colour=red", "there are: reason, kind, outcome, message, topic"),
        ("score<high", "is no number"),
        ("since=soon", "is no time"),
        ("reason<timeout", "can only be compared with ="),
        ("timeout", "is no NAME=VALUE"),
    ],
)
def test_a_filter_that_says_nothing_is_wrong_usage(call: Call, given: str, told: str) -> None:
    """It is never passed over in silence."""
    shown = call("retry", "--filter", given, "--yes")

    assert shown.exit_code == 2
    assert told in " ".join(shown.stderr.split())


def test_patterns_groups_and_filters_are_put_together(call: Call, home: Home) -> None:
    """A job must be meant by each of them."""
    job_id = lay(home, topic="wald")
    lay(home, topic="wald", ago=timedelta(days=2))
    lay(home, topic="wiese")
    key = key_of(call, "timeout")

    shown = call("retry", job_id[:11], "--group", key, "--filter", "topic=wald", "--yes")

    assert shown.stdout.split() == [job_id]


def test_without_a_choice_nothing_is_done(call: Call, home: Home) -> None:
    """All is only meant where it is said."""
    lay(home)

    assert [call(verb, "--yes").exit_code for verb in ("retry", "discard")] == [2, 2]
    assert call("discard", "--last", "--yes").exit_code == 2


def test_what_waits_for_another_try_needs_no_operator(call: Call, home: Home) -> None:
    """Its group is shown, and told not to be in error/."""
    lay(home)
    now = datetime.now(UTC)
    job = Job(id=new_id(at=now), created_at=now, prompt="x").with_attempt(
        Attempt(worker="w", started=now, ended=now, reason="rate_limited", message="wait")
    )
    folder = home.root / "queue" / "retry"
    folder.mkdir(exist_ok=True)
    (folder / f"{now:%Y%m%dT%H%M%S.%fZ}~{job.id}.json").write_bytes(job.to_bytes())

    shown = call("retry", "--group", key_of(call, "rate_limited"), "--yes")

    assert shown.exit_code == 1
    assert "are tried again by themselves" in shown.stderr


@pytest.mark.parametrize("outcome", ["refused", "failed"])
def test_what_a_model_refused_is_not_asked_again_in_bulk(
    call: Call, home: Home, outcome: Outcome
) -> None:
    """Prompts have the outcome `refused`, documents fail for that reason; only a full name does."""
    refused, other = lay(home, "refused", outcome=outcome), lay(home)

    bulk = call("retry", "all", "--yes", "--json")
    alone = call("retry", refused[:20], "--yes")
    grouped = call("retry", "--group", key_of(call, "refused"), "--yes")
    kept = names(home, "error")
    named = call("retry", refused)

    assert json.loads(bulk.stdout)["moved"] == [other]
    assert json.loads(bulk.stdout)["passed_over"] == 1
    assert "1 refused by a model are passed over: a refusal is final" in bulk.stderr
    assert [alone.exit_code, grouped.exit_code, kept] == [1, 1, {refused}]
    assert "a refusal is final" in alone.stderr
    assert (named.exit_code, refused in names(home, "incoming")) == (0, True)


def test_the_question_tells_that_low_scores_cost(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model answered them once already."""
    lay(home, "low_score", outcome="low_score", score=30)
    lay(home)
    monkeypatch.setattr(operating, "is_attended", lambda: True)

    shown = CliRunner().invoke(cli, ["--home", str(home.root), "retry", "all"], input="n\n")

    assert (
        "retry 2: 1 low_score, 1 timeout; 1 low score was answered and is asked anew, at cost"
        in (shown.stderr)
    )


def test_what_moved_away_meanwhile_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may archive a job between the look and the act: the others are done."""
    gone, kept = lay(home), lay(home)

    def archive_meanwhile() -> bool:
        path = next(home.root.rglob(f"{gone}.json"))
        target = home.root / "queue" / "archive" / path.parent.name
        target.mkdir(parents=True)
        path.rename(target / path.name)
        return True

    monkeypatch.setattr(operating, "is_attended", archive_meanwhile)
    arguments = ["--home", str(home.root), "retry", "--filter", "reason=timeout"]
    shown = CliRunner().invoke(cli, arguments, input="y\n")

    assert (shown.exit_code, shown.stdout.split()) == (3, [kept])
    assert f"{gone} stays: it is in archive" in shown.stderr
