"""A time zone as an option of commands."""

from __future__ import annotations

from datetime import tzinfo

import click


def read_zone(ctx: click.Context, param: click.Parameter, value: str | None) -> tzinfo | None:
    """Return the zone of that name, or None for this machine's; an unknown one is wrong usage."""
    from zoneinfo import ZoneInfo

    if value is None:
        return None
    try:
        return ZoneInfo(value)
    except (ValueError, OSError, KeyError) as error:
        problem = f"{value!r} is no time zone known here (Europe/Berlin is one)"
        raise click.BadParameter(problem, ctx, param) from error
