"""The live view in any terminal, without further packages."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from syntx.top import panels
from syntx.top.cleaning import cleaned
from syntx.top.desk import Desk, Item, Mode, answered, press
from syntx.top.page import Paper, Shown, page
from syntx.top.signs import Signs
from syntx.top.terminal import Terminal
from syntx.top.view import View
from syntx.top.watching import Watcher

Clean = Callable[[str], str]

_KEYS = "q quit  up/down choose  enter details  r retry  d discard  / filter  space pause  ? help"
_DRAW_SECONDS = 0.5
"""The screen is drawn anew after so long even when nothing happens: the view gets older."""


def run(watcher: Watcher, signs: Signs, clean: Clean) -> None:
    """Show the view until the operator leaves it; the terminal is given back whatever happens."""
    with Terminal() as terminal:
        screen = _Screen(terminal, watcher, signs, clean)
        watcher.start(terminal.wake)
        try:
            while not screen.desk.ended:
                screen.turn()
        except KeyboardInterrupt:
            # Ctrl-C is a way to leave, as q is.
            return
        finally:
            watcher.stop()


def items(view: View | None, wanted: str) -> list[Item]:
    """Return what can be chosen: the causes of failures first, then the jobs that are held."""
    if view is None:
        return []
    groups = panels.matching(view.failures.groups, wanted)
    held = [job.id for worker in view.now.workers for job in worker.jobs]
    return [
        *(Item("failures", group.key) for group in groups),
        *(Item("show", job_id) for job_id in held),
    ]


class _Screen:
    """The one place where state meets terminal: draws, waits for keys, has things done."""

    def __init__(self, terminal: Terminal, watcher: Watcher, signs: Signs, clean: Clean) -> None:
        self.desk = Desk()
        self._terminal = terminal
        self._watcher = watcher
        self._signs = signs
        self._clean = clean
        self._drawn: tuple[object, ...] = ()

    def turn(self) -> None:
        """Draw once, wait for keys, and do what they ask for."""
        width, height = self._terminal.size()
        now = (self._watcher.view, self._watcher.problem, self._watcher.age(), self.desk)
        # Drawing is most of the work; a screen that shows all this already is left alone.
        if self._terminal.is_fresh or now != self._drawn:
            self._terminal.draw(_coded(self._lines(width, height), width))
            self._drawn = now
        for key in self._terminal.read(_DRAW_SECONDS):
            choices = items(self._watcher.view, self.desk.wanted)
            self.desk, action = press(self.desk, key, choices, max(1, height - 2))
            if action is not None:
                self._watcher.act(action)
        if self.desk.paused != self._watcher.paused:
            self._watcher.pause()
        if (answer := self._watcher.take_answer()) is not None:
            self.desk = answered(self.desk, answer)

    def _lines(self, width: int, height: int) -> list[Text]:
        body, foot = max(0, height - 1), self._foot()
        if self.desk.mode in (Mode.VIEW, Mode.FILTER):
            lines = self._page(width, body)
        else:
            lines = self._text(body)
        blank = [Text("")] * (body - len(lines))
        return [*lines, *blank, foot][:height]

    def _page(self, width: int, rows: int) -> list[Text]:
        view = self._watcher.view
        if view is None:
            return [Text(f"looking at {self._clean(self._watcher.home)}{self._watcher.age()} ...")]
        found = cleaned(view, self._clean)
        matching = panels.matching(view.failures.groups, self.desk.wanted)
        groups = tuple(cleaned(group, self._clean) for group in matching)
        chosen = None if self.desk.chosen is None else self._clean(self.desk.chosen.name)
        shown = Shown(groups, found.failures.left, chosen, self._watcher.age())
        return page(found, shown, Paper(width, rows, self._signs))

    def _text(self, rows: int) -> list[Text]:
        lines = self._clean(self.desk.text).expandtabs().split("\n")
        return [Text(line) for line in lines[self.desk.scroll : self.desk.scroll + rows]]

    def _foot(self) -> Text:
        if self.desk.mode is Mode.FILTER:
            return Text(f"filter: {self._clean(self.desk.wanted)}_", "bold")
        if self.desk.mode is Mode.ASK:
            return Text("do it? y yes  n no", "bold yellow")
        if self.desk.mode is not Mode.VIEW:
            return Text("escape goes back", panels.DIM)
        if self._watcher.problem:
            return Text(self._clean(" ".join(self._watcher.problem.split())), panels.BAD)
        wanted = f"only {self._clean(self.desk.wanted)!r}  " if self.desk.wanted else ""
        return Text(f"{wanted}{_KEYS}", panels.DIM)


def _coded(lines: list[Text], width: int) -> list[str]:
    """Return lines with their styles as the control sequences this terminal knows."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=max(1, width), legacy_windows=False)
    for line in lines:
        console.print(panels.fitted(line, width), soft_wrap=True)
    return file.getvalue().split("\n")[:-1]
