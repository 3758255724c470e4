"""The marks that charts are drawn with, for terminals with Unicode and without (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """`levels` rise from nothing to full; `both` stands where two curves meet."""

    levels: str
    steered: str
    control: str
    both: str
    good: str
    bad: str
    more: str
    rule: str
    bar: str


UNICODE = Signs("▁▂▃▄▅▆▇█", "●", "○", "◉", "✓", "✗", "…", "─", "│")
ASCII = Signs("_.-=+*#@", "#", "o", "8", "ok", "!", "~", "-", "|")


def has_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale says that the terminal shows Unicode.

    Python itself sets LC_CTYPE to C.UTF-8 where there is no locale at all; that says nothing.
    """
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    named = {name: environment.get(name, "") for name in names}
    if named["LC_CTYPE"] == "C.UTF-8" and named["LANG"] in ("", "C", "POSIX"):
        named["LC_CTYPE"] = ""
    locale = next((named[name] for name in names if named[name]), "")
    return locale.lower().replace("-", "").partition("@")[0].endswith("utf8")


def sparkline(values: Sequence[float], width: int, signs: Signs) -> str:
    """Draw the newest `width` values, scaled to the largest of them."""
    shown = values[-width:] if width > 0 else ()
    top, last = max(shown, default=0), len(signs.levels) - 1
    if not top:
        return signs.levels[0] * len(shown)
    # Whatever is more than nothing must be seen to be.
    return "".join(
        signs.levels[max(1, round(value / top * last)) if value > 0 else 0] for value in shown
    )
