"""The keys of the view without textual, and the commands they lead to."""

from __future__ import annotations

from functools import reduce

import pytest

from syntx.top.acting import Action, Told, arguments
from syntx.top.desk import Desk, Item, Mode, answered, press
from syntx.top.terminal import keys

CAUSE, JOB = Item("failures", "unavailable-3f2a"), Item("show", "20261121T120000.000001Z-abcd")


def after(*pressed: str, desk: Desk | None = None) -> Desk:
    """Return the state after some keys."""
    return reduce(lambda now, key: press(now, key, (CAUSE, JOB), 3)[0], pressed, desk or Desk())


def test_arrows_choose_and_enter_asks_for_details() -> None:
    """The first arrow takes the first row; further ones end at the last."""
    assert after("down").chosen == CAUSE
    assert after("down", "down", "down").chosen == JOB

    waiting, action = press(after("down", "down"), "enter", (CAUSE, JOB), 3)

    assert action == Action("show", JOB.name)
    assert waiting.mode is Mode.WAIT
    assert answered(waiting, Told(action, "all of it", well=True)).text == "all of it"


@pytest.mark.parametrize(("key", "verb"), [("r", "retry"), ("d", "discard")])
def test_jobs_are_moved_only_after_a_yes(key: str, verb: str) -> None:
    """First it is only said what would be done; `y` has it done, anything else does not."""
    waiting, look = press(after("down"), key, (CAUSE, JOB), 3)
    assert look is not None
    assert arguments(look) == [verb, "--group", CAUSE.name, "--dry-run"]
    asking = answered(waiting, Told(look, f"would {verb} 7", well=True))

    _, sure = press(asking, "y", (CAUSE, JOB), 3)
    declined = [press(asking, other, (CAUSE, JOB), 3)[1] for other in ("n", "enter", "escape", "x")]

    assert asking.text == f"would {verb} 7"
    assert sure is not None
    assert arguments(sure) == [verb, "--group", CAUSE.name, "--yes", "--why", "top"]
    assert declined == [None] * 4


def test_what_cannot_be_done_is_told_and_not_asked() -> None:
    """A group that cannot be retried shows why; `y` then does nothing."""
    waiting, look = press(after("down"), "r", (CAUSE,), 3)
    assert look is not None
    told = answered(waiting, Told(look, "error: no", well=False))

    assert told.mode is Mode.TEXT
    assert press(told, "y", (CAUSE,), 3)[1] is None


def test_an_answer_nobody_waits_for_changes_nothing() -> None:
    """Who has left the details is not thrown back into them."""
    waiting, action = press(after("down"), "enter", (CAUSE,), 3)
    assert action is not None
    left = after("escape", desk=waiting)

    assert answered(left, Told(action, "late", well=True)) == left
    other, _ = press(left, "r", (CAUSE,), 3)
    assert answered(other, Told(action, "late", well=True)) == other


def test_a_job_at_work_cannot_be_retried_or_discarded() -> None:
    """`r` and `d` mean causes of failures alone."""
    desk = after("down", "down")

    assert [press(desk, key, (CAUSE, JOB), 3)[1] for key in "rd"] == [None, None]


def test_a_filter_is_typed_kept_and_given_up() -> None:
    """Enter keeps it, escape gives it up; `q` in it is a letter."""
    assert after("/", "q", "u", "x", "backspace", "enter").wanted == "qu"
    assert after("/", "a", "enter", "escape").wanted == ""
    assert not after("/", "q").ended


def test_other_keys_pause_help_and_leave() -> None:
    """Space pauses and goes on, `?` tells the keys, q leaves, also by Ctrl-C."""
    assert (after(" ").paused, after(" ", " ").paused) == (True, False)
    assert "discard" in after("?").text
    assert after("?", "q").mode is Mode.VIEW
    assert after("q").ended
    assert after("/", "ctrl-c").ended


def test_long_details_are_scrolled_to_their_end_and_no_further() -> None:
    """Arrows move by a line, page keys by a page of three lines."""
    desk = Desk(mode=Mode.TEXT, text="\n".join("abcdefgh"))

    assert after("down", "down", "up", desk=desk).scroll == 1
    assert after("page down", "page down", "page down", desk=desk).scroll == 5
    assert after("up", desk=desk).scroll == 0


def test_keys_are_told_from_what_a_terminal_sends() -> None:
    """Sequences of arrows are one key each; those that mean nothing here are passed over."""
    sent = "q\x1b[A\x1bOB\x1b[6~\x1b[1;5C\r/ä\x7f\x1b"

    assert list(keys(sent)) == [
        "q",
        "up",
        "down",
        "page down",
        "enter",
        "/",
        "ä",
        "backspace",
        "escape",
    ]
