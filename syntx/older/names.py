"""Names of the older layouts: `YYYYMMDD_HHMMSS_ffffff__topic_T__style_S[__retryN]` (pure)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from syntx.ids import slug
from syntx.job import Job
from syntx.older.times import to_wall
from syntx.spool.dropped.foreign import name_slugs
from syntx.spool.layout import moment_of, stamp

TOPIC_LIMIT = 30
"""How many characters of a topic's slug the older names carry."""
NAME_LIMIT = 230
"""The longest name in bytes, so that every ending fits a file name."""

_NAME = re.compile(r"(\d{8}_\d{6}_\d{6})(?:__[^/\0]*)?", re.ASCII)
_RETRIES = re.compile(r"__retry\d{1,9}\Z", re.ASCII)
_STAMP = "%Y%m%d_%H%M%S_%f"
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OlderName:
    """What such a name tells: local time to the microsecond, and slugs of topic and style."""

    wall: datetime
    topic: str | None = None
    style: str | None = None


def parse_name(stem: str) -> OlderName | None:
    """Read a name without its ending; None when it is none of the older layouts."""
    match = _NAME.fullmatch(stem)
    if match is None or not _fits(stem):
        return None
    try:
        wall = datetime.strptime(match[1], _STAMP)
    except ValueError:
        return None
    return OlderName(wall, *name_slugs(without_retries(stem)))


def without_retries(stem: str) -> str:
    """Return a name without the `__retryN` that a failed job's carries."""
    return _RETRIES.sub("", stem)


def older_name(job: Job, zone: tzinfo | None) -> str:
    """Return the name the older system would have given a job, in the local time of `zone`."""
    wall = to_wall(moment_of(job.id) or job.created_at, zone)
    topic = slug(job.recipe.topic or "")[:TOPIC_LIMIT].strip("_") or _UNKNOWN
    style = slug(job.recipe.style or "") or _UNKNOWN
    return f"{wall.strftime(_STAMP)}__topic_{topic}__style_{style}"


def derived_id(moment: datetime, name: OlderName | None, stem: str, content: str) -> str:
    """Return the one ID of an older job: the same for the same name and content, always."""
    tail = [slug(part) for part in (name.topic, name.style) if part] if name else []
    digits = hashlib.sha256(f"{stem}\0{content}".encode()).hexdigest()[:4]
    return "-".join([stamp(moment), digits, *filter(None, tail)])


def _fits(stem: str) -> bool:
    try:
        return len(stem.encode()) <= NAME_LIMIT
    except UnicodeEncodeError:
        return False
