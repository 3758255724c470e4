"""Whether somebody is there who could answer a question."""

from __future__ import annotations

import sys


def is_attended() -> bool:
    """Whether a person types what comes from standard input."""
    return sys.stdin.isatty()
