"""Local time of the older system and UTC of ours (pure)."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

_FIRST_YEAR = 1970


def to_utc(wall: datetime, zone: tzinfo | None) -> datetime | None:
    """Return a time without an offset as UTC; None is this machine's zone, None back is no time.

    Of an hour that a clock change repeats, the first is taken.
    """
    try:
        local = wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def to_wall(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a time as the clock on the wall shows it, without an offset."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def read_moment(value: object, zone: tzinfo | None) -> datetime | None:
    """Read a time of the older metadata as UTC, with or without an offset; None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return to_utc(found, zone) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
