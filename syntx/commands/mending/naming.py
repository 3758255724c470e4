"""Telling names that there are, where one was given that there is not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from syntx.errors import SyntxError

_MOST = 10
_LIST = "syntx failures lists what there is"


def no_such_group(key: str, groups: Mapping[str, int], *, unread: int = 0) -> SyntxError:
    """Return the error for a key that names no group of failures, or several; with those there are.

    `groups` are the keys with how many failures each has; `unread` failures were not looked at.
    """
    several = [one for one in groups if one.startswith(key)]
    if not groups:
        return SyntxError(f"there is no group {key!r}: nothing of that kind failed", fix=_LIST)
    told = ", ".join(f"{one} ({count})" for one, count in list(groups.items())[:_MOST])
    more = ", …" if len(groups) > _MOST else ""
    older = f"; {unread} older failures were not read (--most)" if unread else ""
    close = several[:1] or get_close_matches(key, groups, 1, 0.5)
    meant = f"did you mean {close[0]}? " if close else ""
    return SyntxError(
        f"{key!r} names no single group; there are: {told}{more}{older}",
        fix=f"{meant}{_LIST}",
    )
