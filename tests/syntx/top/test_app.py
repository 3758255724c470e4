"""The view with textual, driven by its own pilot."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("textual", reason="the extra `tui` is not installed")

from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from syntx.commands.telling import visible
from syntx.home import Home
from syntx.top.app import Top
from syntx.top.overlay import Overlay
from syntx.top.picture import without_addresses
from syntx.top.reading import Reader
from syntx.top.watching import Watcher


@asynccontextmanager
async def opened(home: Home, size: tuple[int, int] = (140, 36)) -> AsyncIterator[Pilot[None]]:
    """Open the view of a home and wait for its first look."""
    app = Top(Watcher(Reader(home), 0.2), visible)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.query_one("#failures", OptionList).option_count > 0)
        yield pilot


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(60):
        while not true():
            await pilot.pause(0.02)


def shown(pilot: Pilot[None], name: str) -> str:
    """Return the text of a part."""
    return str(pilot.app.screen_stack[0].query_one(f"#{name}", Static).render())


def causes(pilot: Pilot[None]) -> list[str]:
    """Return the rows of the causes."""
    return rows(pilot, "failures")


def rows(pilot: Pilot[None], name: str) -> list[str]:
    """Return the rows of a list."""
    options = pilot.app.screen_stack[0].query_one(f"#{name}", OptionList)
    return [str(options.get_option_at_index(row).prompt) for row in range(options.option_count)]


def overlay(pilot: Pilot[None]) -> str:
    """Return the text that lies over the view, empty where none does."""
    if not isinstance(pilot.app.screen, Overlay):
        return ""
    return "".join(str(static.render()) for static in pilot.app.screen.query(Static))


async def test_it_shows_the_home_and_what_comes_while_it_runs(lively: Home) -> None:
    """Every part is there; a job that is dropped meanwhile is counted at the next look."""
    async with opened(lively) as pilot:
        assert "died holding 1" in shown(pilot, "health")
        assert "lift +20.0 [+11.0, +29.0]" in shown(pilot, "generations")
        assert "USD" in shown(pilot, "cost")
        assert "waiting       0" in shown(pilot, "queue")

        (lively.root / "queue" / "incoming" / "frage.txt").write_text("Warum?")

        await until(pilot, lambda: "waiting       1" in shown(pilot, "queue"))


async def test_hostile_text_stays_text(lively: Home) -> None:
    """Markup in a message is shown as it stands, control sequences are escaped."""
    async with opened(lively) as pilot:
        row = next(row for row in causes(pilot) if "hostile" in row)

        assert "[bold]oh[/] \\x1b[31mred" in row
        assert "0 held  \\x1b[31mworker" in "".join(rows(pilot, "workers"))
        assert "\x1b" not in pilot.app.export_screenshot()


async def test_keys_filter_pause_and_help(lively: Home) -> None:
    """`/` leaves the causes with a text in them, escape shows all; space stops the looks."""
    async with opened(lively) as pilot:
        await pilot.press("slash", *"AWAY", "enter")
        await until(pilot, lambda: len(causes(pilot)) == 1)
        assert "unavailable" in causes(pilot)[0]

        await pilot.press("escape")
        await until(pilot, lambda: len(causes(pilot)) == 2)

        await pilot.press("space")
        await until(pilot, lambda: "paused" in shown(pilot, "head"))
        await pilot.press("question_mark")
        assert "discard the jobs" in overlay(pilot)
        await pilot.press("escape")
        assert overlay(pilot) == ""


async def test_enter_tells_all_about_a_cause(lively: Home) -> None:
    """It is what `syntx failures GROUP` prints."""
    async with opened(lively) as pilot:
        await pilot.press("down", "up", "enter")

        await until(pilot, lambda: "endpoint 7 is away" in overlay(pilot))


async def test_retry_asks_with_the_number_and_then_moves_them(lively: Home) -> None:
    """The three jobs of the chosen cause wait again after `y`, and not before."""
    incoming = lively.root / "queue" / "incoming"
    async with opened(lively) as pilot:
        await pilot.press("down", "up", "r")
        await until(pilot, lambda: "would retry 3" in overlay(pilot))
        assert os.listdir(incoming) == []

        await pilot.press("y")

        await until(pilot, lambda: "3 waiting again" in overlay(pilot))
        assert len(os.listdir(incoming)) == 3


async def test_a_narrow_terminal_puts_all_in_one_column(lively: Home) -> None:
    """The halves stand below each other under 100 columns, and beside each other again above."""
    async with opened(lively, (60, 20)) as pilot:
        body = pilot.app.query_one("#body")
        assert body.has_class("narrow")

        await pilot.resize_terminal(200, 50)

        await until(pilot, lambda: not body.has_class("narrow"))
        assert pilot.app.query_one("#left").region.right <= pilot.app.query_one("#right").region.x


async def test_a_screenshot_asks_nobody_for_anything(lively: Home) -> None:
    """The picture names no address but that of its own format."""
    async with opened(lively) as pilot:
        picture = without_addresses(pilot.app.export_screenshot())

    rest = picture.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in rest
    assert "unavailable" in rest
