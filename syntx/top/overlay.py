"""A text over the view with textual: details, help, or a question."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static


class Overlay(ModalScreen[bool]):
    """Text over the view: details, help, or a question that `y` agrees to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n,enter", "leave(False)", "back"),
        Binding("y", "leave(True)", "yes, do it"),
    ]

    def __init__(self, title: str, text: str, *, asks: bool = False) -> None:
        super().__init__()
        self._title, self._text, self._asks = title, text, asks

    def compose(self) -> ComposeResult:
        """Lay the text out so that it can be scrolled."""
        with VerticalScroll(id="overlay") as sheet:
            sheet.border_title = self._title.replace("[", r"\[")
            sheet.border_subtitle = "y yes, do it   n no" if self._asks else "escape goes back"
            yield Static(Text(self._text), markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a question can be agreed to."""
        return self._asks or parameters != (True,)

    def action_leave(self, agreed: bool) -> None:
        """Go back to the view."""
        self.dismiss(agreed)
