"""What a person asks of the producer beyond its usual turn."""

from __future__ import annotations

from dataclasses import dataclass

from evolution.recipes import Space, WeightedTopic
from syntx.errors import ConfigError
from syntx.settings.models import Settings

OWN_CATEGORY = "eigene"
"""The category of topics that no config lists."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: topics, a style, a wrapper, a number; empty leaves it free."""

    topics: tuple[str, ...] = ()
    style: str | None = None
    wrapper: str | None = None
    size: int | None = None
    force: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether the recipes are named rather than evolved."""
        return bool(self.topics or self.style or self.wrapper)

    @property
    def asks(self) -> bool:
        """Whether a plan of its own is wanted, whatever else is to be done."""
        return self.by_hand or self.force or self.size is not None

    def narrow(self, space: Space, settings: Settings) -> Space:
        """Return the part of the space that was asked for; raises ConfigError for unknown names."""
        _known("style", self.style, space.styles)
        _known("wrapper", self.wrapper, space.wrappers)
        listed: dict[str, list[tuple[str, float]]] = {}
        for topic in space.topics:
            listed.setdefault(topic.category, []).append((topic.name, topic.weight))
        style = self.style or (settings.generator.styles.default if self.topics else None)
        return Space.of(
            topics=listed,
            styles=(style,) if style else space.styles,
            wrappers=(self.wrapper,) if self.wrapper else space.wrappers,
            patterns=space.patterns,
            languages=dict(space.languages),
        )

    def named(self, settings: Settings) -> tuple[WeightedTopic, ...]:
        """Return the named topics in their order, each in its category."""
        return tuple(
            WeightedTopic(topic, settings.generator.category_of(topic) or OWN_CATEGORY)
            for topic in self.topics
        )


def _known(what: str, name: str | None, names: tuple[str, ...]) -> None:
    if name is not None and name not in names:
        raise ConfigError(f"unknown {what} {name!r}", fix=f"one of: {', '.join(names)}")
