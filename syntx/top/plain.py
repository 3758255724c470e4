"""The view as plain text: no colours, no control sequences; also for pipes and files."""

from __future__ import annotations

from syntx.top.page import Paper, Shown, page
from syntx.top.view import View


def text(view: View, paper: Paper) -> str:
    """Return a view that was cleaned as lines of text, without blanks at their ends."""
    shown = Shown(view.failures.groups, view.failures.left)
    return "\n".join(line.plain.rstrip() for line in page(view, shown, paper))
