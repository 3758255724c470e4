"""The live view with textual, which is imported only here and in `syntx.top.overlay`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.events import Resize
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from syntx.top import panels
from syntx.top.acting import Action, Told, Verb
from syntx.top.cleaning import cleaned
from syntx.top.curve import curve
from syntx.top.desk import HELP
from syntx.top.overlay import Overlay
from syntx.top.page import WIDE
from syntx.top.picture import without_addresses
from syntx.top.signs import UNICODE
from syntx.top.style import STYLE
from syntx.top.view import View
from syntx.top.watching import Watcher

SCREENSHOT_LOOKS = 60
"""A screenshot is taken after so many looks, when there is a history to see."""

_SIZE = (132, 37)


class News(Message):
    """There is a newer view, or an answer of a command."""


class Top(App[None]):
    """The view; what it shows comes from a watcher, what it does goes through commands."""

    CSS = STYLE
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+c", "quit", "quit", key_display="q"),
        Binding("r", "change('retry')", "retry"),
        Binding("d", "change('discard')", "discard"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("space", "pause", "pause"),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("escape", "unfilter", show=False),
    ]

    def __init__(self, watcher: Watcher, visible: Callable[[str], str]) -> None:
        super().__init__()
        self._watcher = watcher
        self._visible = visible
        self.taken = ""
        self._asked: Action | None = None
        self._wanted = ""
        self._names: dict[str, list[str]] = {"failures": [], "workers": []}
        self._shown: dict[str, list[Text]] = {}

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield Static(id="head", markup=False)
        yield Static(id="health", markup=False)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                for name in ("queue", "generations", "cost"):
                    part = Static(id=name, classes="part", markup=False)
                    part.border_title = name
                    yield part
            with Vertical(id="right"):
                for name in ("failures", "workers"):
                    options = OptionList(id=name, markup=False)
                    options.border_title, options.border_subtitle = name, "enter: details"
                    yield options
        yield Input(placeholder="only causes with this text; enter keeps it", id="filter")
        yield Footer()

    def on_mount(self) -> None:
        """Begin to look; a signal that ends the process gives the terminal back first."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self._end, 128 + number)
        self._base = self.screen
        self.query_one("#failures").focus()
        self._watcher.start(self._post_news)
        self.set_interval(1.0, self._show_head)

    def on_unmount(self) -> None:
        """Look no more."""
        self._watcher.stop()

    def on_resize(self, event: Resize) -> None:
        """Put the halves below each other where the terminal is narrow."""
        self.query_one("#body").set_class(event.size.width < WIDE, "narrow")
        self.call_after_refresh(self._show)

    def on_news(self) -> None:
        """Show what is new."""
        self._show()
        if (answer := self._watcher.take_answer()) is not None:
            self._tell(answer)

    def on_option_list_option_selected(self) -> None:
        """Enter, or a click, on a row: tell all about it."""
        if chosen := self._chosen():
            self._do(Action(*chosen))

    def action_change(self, verb: Verb) -> None:
        """Ask how many jobs a retry or discard of the chosen group would move."""
        chosen = self._chosen()
        if chosen and chosen[0] == "failures":
            self._do(Action(verb, chosen[1]))

    def action_filter(self) -> None:
        """Let the operator type what causes to show."""
        self.query_one("#filter").add_class("open").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show at once what the filter leaves."""
        self._wanted = event.value
        self._show()

    def on_input_submitted(self) -> None:
        """Keep the filter and go back to the causes."""
        self.query_one("#filter").remove_class("open")
        self.query_one("#failures").focus()

    def action_unfilter(self) -> None:
        """Show all causes again."""
        self.query_one("#filter", Input).value = ""
        self.on_input_submitted()

    def action_pause(self) -> None:
        """Look no more, or go on."""
        self._watcher.pause()
        self._show_head()

    def action_help(self) -> None:
        """Tell what the keys do."""
        self.push_screen(Overlay("keys", f"tab          go from the causes to the jobs\n{HELP}"))

    def _post_news(self) -> None:
        self.post_message(News())

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    def _chosen(self) -> tuple[Verb, str] | None:
        """Return what the cursor is on: a group of failures, or a job that is worked on."""
        options = self.focused
        if not isinstance(options, OptionList) or options.highlighted is None:
            return None
        names = self._names[options.id or ""]
        if options.highlighted >= len(names) or not names[options.highlighted]:
            return None
        return ("show" if options.id == "workers" else "failures"), names[options.highlighted]

    def _do(self, action: Action) -> None:
        self._asked = action
        self.notify(f"{action.verb} {self._visible(action.name)} ...", timeout=2, markup=False)
        self._watcher.act(action)

    def _tell(self, told: Told) -> None:
        """Show what a command told; before it changes anything, ask."""
        action = told.action
        if action != self._asked:
            return
        title, shown = f"{action.verb} {self._visible(action.name)}", self._visible(told.text)
        if not told.asks:
            self.push_screen(Overlay(title, shown))
            return

        def go_on(agreed: bool | None) -> None:
            if agreed:
                self._do(replace(action, sure=True))

        self.push_screen(Overlay(f"{title}?", shown, asks=True), go_on)

    def _show_head(self) -> None:
        with suppress(NoMatches):
            self._draw_head()

    def _show(self) -> None:
        # A look may end, or a second pass, while the parts are already gone.
        with suppress(NoMatches):
            self._draw_head()
            self._draw()

    def _draw_head(self) -> None:
        head, view = self._base.query_one("#head", Static), self._watcher.view
        age = self._watcher.age()
        if self._watcher.problem:
            head.update(Text(self._visible(self._watcher.problem), panels.BAD))
        elif view is None:
            head.update(Text(f"looking at {self._visible(self._watcher.home)}{age} ..."))
        else:
            head.update(panels.header(cleaned(view, self._visible), age)[0])

    def _draw(self) -> None:
        if self._watcher.view is None:
            return
        view = cleaned(self._watcher.view, self._visible)
        width, rows = self._part("generations").content_size
        gains = panels.gains(view)
        self._put("health", panels.health(view, UNICODE))
        self._put("queue", panels.queue(view, width, UNICODE))
        chart = curve(view.generations, width, rows - len(gains), UNICODE)
        self._put("generations", [*gains, *chart])
        self._put("cost", panels.costs(view))
        self._show_failures(view)
        self._show_workers(view)

    def _show_failures(self, view: View) -> None:
        raw = self._watcher.view
        assert raw is not None
        groups = panels.matching(raw.failures.groups, self._wanted)
        rows = [panels.cause(cleaned(group, self._visible), UNICODE) for group in groups]
        self._list("failures", rows, [group.key for group in groups])

    def _show_workers(self, view: View) -> None:
        rows = panels.workers(view, 1000, UNICODE, None)
        names = []
        for worker in view.now.workers:
            names += ["", *(job.id for job in worker.jobs)]
        self._list("workers", rows, names)

    def _put(self, name: str, lines: list[Text]) -> None:
        """Show lines in a part, which costs nothing when they are what it shows already."""
        if self._shown.get(name) != lines:
            self._shown[name] = lines
            self._part(name).update(Text("\n").join(lines))

    def _list(self, name: str, rows: list[Text], names: list[str]) -> None:
        """Fill a list anew; the cursor stays on what it was on, as far as that is still there."""
        options = self._base.query_one(f"#{name}", OptionList)
        before, place, drawn = self._names[name], options.highlighted, self._shown.get(name, [])
        self._shown[name], self._names[name] = rows, names
        if before == names and drawn:
            for number, row in enumerate(rows):
                if row != drawn[number]:
                    options.replace_option_prompt_at_index(number, row)
            return
        kept = before[place] if place is not None and place < len(before) else None
        options.clear_options()
        options.add_options([Option(row) for row in rows])
        if rows:
            last = min(place or 0, len(rows) - 1)
            options.highlighted = names.index(kept) if kept in names else last

    def _part(self, name: str) -> Static:
        return self._base.query_one(f"#{name}", Static)


def run(watcher: Watcher, visible: Callable[[str], str], screenshot: Path | None) -> int:
    """Show the view until the operator leaves it; returns the exit code."""
    app = Top(watcher, visible)
    if screenshot is None:
        app.run()
        return app.return_code or 0

    async def take(pilot: Pilot[object]) -> None:
        await asyncio.sleep(SCREENSHOT_LOOKS * watcher.every)
        app.taken = without_addresses(app.export_screenshot(title="syntx top"))
        app.exit()

    app.run(headless=True, size=_SIZE, auto_pilot=take)
    screenshot.write_text(app.taken, encoding="utf-8")
    return app.return_code or 0
