"""A moment as people give it to a command: a time, a day, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_AGO = re.compile(r"(\d{1,6})\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def moment_of(text: str, now: datetime) -> datetime:
    """Read `2h`, `3d`, `2026-11-20` or `2026-11-20T19:30`; without a zone it is UTC.

    Raises ValueError when it is none of these, or too far away.
    """
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago is not None:
            return now - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


class Moment(click.ParamType):  # type: ignore[type-arg]
    """An option's value that is a moment; commands get it as a datetime in UTC."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment; what is none is wrong usage."""
        if isinstance(value, datetime):
            return value
        try:
            return moment_of(value, datetime.now(UTC))
        except ValueError:
            self.fail(
                f"{value!r} is no time; 2h, 3d, 2026-11-20 and 2026-11-20T19:30 are", param, ctx
            )


MOMENT = Moment()
