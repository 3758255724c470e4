"""The recipe of an older job, as far as metadata, name and the listed topics tell it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syntx.ids import slug
from syntx.job import Recipe
from syntx.older.names import TOPIC_LIMIT, OlderName
from syntx.older.results import part, text

Topics = Mapping[str, tuple[str, ...]]
"""The listed topics by their category."""

_UNKNOWN = "unknown"
_WRAPPER_PREFIX = "syntex_wrapper_"


def recipe_of(data: Mapping[str, Any], name: OlderName | None, topics: Topics) -> Recipe:
    """Read what was asked for; a topic that holds the category is taken for the category."""
    topic, category = _known(data, "topic"), _known(data, "category")
    if topic is not None and _is_category(topic, category, topics):
        category = category or topic
        topic = _topic_named(name, topics)
    if topic is not None and category is None:
        category = _category_of(topic, topics)
    return Recipe(
        topic=topic,
        category=category,
        style=_known(data, "style"),
        wrapper=_wrapper(data),
        pattern=_known(data, "pattern"),
        language=_known(data, "language"),
    )


def _known(data: Mapping[str, Any], key: str) -> str | None:
    found = text(data, key)
    return None if found == _UNKNOWN else found


def _is_category(topic: str, category: str | None, topics: Topics) -> bool:
    if _category_of(topic, topics) is not None:
        return False
    return topic == category or topic.casefold() in (known.casefold() for known in topics)


def _category_of(topic: str, topics: Topics) -> str | None:
    for category, listed in topics.items():
        if topic.casefold() in (name.casefold() for name in listed):
            return category
    return None


def _topic_named(name: OlderName | None, topics: Topics) -> str | None:
    """Return the listed topic whose slug, cut as the older names cut it, stands in the name."""
    if name is None or name.topic is None:
        return None
    listed = [topic for group in topics.values() for topic in group]
    fits = [topic for topic in listed if _is_slug_of(name.topic, topic)]
    return fits[0] if len(fits) == 1 else None


def _is_slug_of(part_of_name: str, topic: str) -> bool:
    whole = slug(topic)
    cut = len(part_of_name) >= TOPIC_LIMIT - 1 and whole.startswith(part_of_name)
    return cut or whole == part_of_name


def _wrapper(data: Mapping[str, Any]) -> str | None:
    sources = (data, part(data, "syntex_result"), part(data, "last_error"))
    found = next(filter(None, (_known(source, "wrapper") for source in sources)), None)
    return None if found is None else found.removesuffix(".txt").removeprefix(_WRAPPER_PREFIX)
