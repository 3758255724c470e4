"""The page of the live view: it fits every terminal, and nothing hostile gets through."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from rich.cells import cell_len

from syntx.commands.telling import visible
from syntx.top.cleaning import cleaned
from syntx.top.curve import curve
from syntx.top.page import Paper, Shown, page
from syntx.top.plain import text
from syntx.top.signs import ASCII, UNICODE, has_unicode, sparkline
from syntx.top.view import Generation, View


def test_a_page_fits_every_terminal(seen: View) -> None:
    """No line is wider than the terminal and there are no more lines than it has."""
    view = cleaned(seen, visible)
    shown = Shown(view.failures.groups, 5, view.failures.groups[-1].key)

    for width, height in product((1, 60, 79, 100, 137, 250), (1, 5, 12, 24, 70)):
        lines = page(view, shown, Paper(width, height, UNICODE))

        assert 0 < len(lines) <= height
        assert {cell_len(line.plain) for line in lines} == {width}


def test_with_room_a_page_tells_everything(seen: View) -> None:
    """State, health with its fix, failures, workers, curve, lift and cost stand on one page."""
    shown = text(cleaned(seen, visible), Paper(140, 40, UNICODE))

    for part in (
        "WARNING",
        "fix: syntx consumer",
        "unavailable-",
        "endpoint <n> is away",
        "worker died",
        "lift +20.0 [+11.0, +29.0]",
        "1 to 3, last: ● steered 80 ○ control 60",
        "0.0000 USD today",
    ):
        assert part in shown


def test_half_a_terminal_leaves_room_for_what_failed(seen: View) -> None:
    """Keys take the width they need; the legend of the curve is whole; calls are the newest."""
    shown = text(cleaned(seen, visible), Paper(100, 40, UNICODE))

    for part in ("  endpoint", "last: ● steered 80 ○ control 60", "newest calls: none"):
        assert part in shown


def test_hostile_text_is_shown_and_not_obeyed(seen: View) -> None:
    """Control sequences and bidi overrides come out escaped, markup as it is."""
    shown = text(cleaned(seen, visible), Paper(250, 50, UNICODE))

    assert "[bold]oh[/] \\x1b[31mred" in shown
    assert all(char.isprintable() for char in shown.replace("\n", ""))


def test_a_terminal_without_unicode_gets_ascii(seen: View) -> None:
    """With the ASCII marks every character of a page is ASCII."""
    shown = text(cleaned(seen, visible), Paper(120, 40, ASCII))

    assert shown.isascii()


def test_the_chosen_cause_is_in_sight_however_many_there_are(seen: View) -> None:
    """Choosing the last of many causes scrolls to it."""
    view = cleaned(seen, visible)
    groups = tuple(replace(view.failures.groups[0], key=f"cause-{n}") for n in range(90))

    lines = page(view, Shown(groups, 0, "cause-80"), Paper(80, 30, UNICODE))

    assert any(line.plain.startswith("> ") and "cause-80" in line.plain for line in lines)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_ALL": "C.utf8"}, True),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({}, False),
    ],
)
def test_the_locale_says_whether_there_is_unicode(
    environment: dict[str, str], expected: bool
) -> None:
    """LC_ALL wins over LC_CTYPE over LANG; what Python sets where there is none does not count."""
    assert has_unicode(environment) is expected


def test_a_sparkline_shows_the_newest_and_never_hides_a_little() -> None:
    """It is scaled to its largest value; one job among thousands is seen to be there."""
    assert sparkline((9, 0, 4, 8), 3, UNICODE) == "▁▅█"
    assert sparkline((0, 1, 5000), 9, UNICODE) == "▁▂█"
    assert sparkline((0, 0), 9, ASCII) == "__"
    assert sparkline((), 9, ASCII) == ""


def test_a_curve_draws_both_arms_and_the_newest_that_fit() -> None:
    """Higher scores stand higher; with more generations than columns the oldest are left out."""
    found = [Generation(number, 20, 75.0, 60.0, 90.0) for number in range(1, 101)]

    lines = [line.plain for line in curve(found, 46, 6, UNICODE)]

    assert "●" in lines[0]
    assert "○" in lines[-2]
    assert "61 to 100" in lines[-1]
    assert max(map(len, lines[:-1])) <= 46


def test_one_call_is_no_plural(seen: View) -> None:
    """What was done today is told in words that fit the number."""
    shown = text(replace(seen, today=replace(seen.today, calls=1)), Paper(140, 40, UNICODE))

    assert " 1 call" in shown
    assert "1 calls" not in shown
