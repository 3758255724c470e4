"""The space of recipes: topics, styles, wrappers, patterns and languages to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from syntx.errors import ConfigError

DEFAULT_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "question": "Stelle eine offene, präzise Frage, die zum Nachdenken über Ursachen einlädt.",
        "scenario": "Entwirf eine konkrete Lage mit Beteiligten und frage, was darin geschieht.",
        "comparison": "Stelle zwei Sichtweisen oder Fälle gegenüber und verlange einen Vergleich.",
        "instruction": "Formuliere einen klaren Auftrag mit Ziel, Umfang und gewünschtem Ergebnis.",
        "thesis": "Stelle eine zugespitzte These auf und fordere, sie zu prüfen und abzuwägen.",
        "dialogue": "Lass zwei Personen kurz darüber sprechen und bitte, das Gespräch zu deuten.",
    }
)
"""Phrasing strategies by name, each with the words the generator model gets."""


@dataclass(frozen=True, slots=True)
class WeightedTopic:
    """A topic in its category; weight 0 excludes it."""

    name: str
    category: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Space:
    """Everything a recipe can be made of."""

    topics: tuple[WeightedTopic, ...]
    styles: tuple[str, ...]
    wrappers: tuple[str, ...]
    patterns: Mapping[str, str] = field(default_factory=lambda: DEFAULT_PATTERNS)
    languages: tuple[tuple[str, float], ...] = (("de", 1.0),)

    @classmethod
    def of(
        cls,
        topics: Mapping[str, Iterable[tuple[str, float]]],
        styles: Sequence[str],
        wrappers: Sequence[str],
        patterns: Mapping[str, str] | None = None,
        languages: Mapping[str, float] | None = None,
    ) -> Space:
        """Build a space from plain values; empty patterns and languages mean the defaults.

        Raises ConfigError when there is no topic to draw, no style or no wrapper.
        """
        listed = {
            (category, name): WeightedTopic(name, category, weight)
            for category, members in topics.items()
            for name, weight in members
        }
        space = cls(
            topics=tuple(listed.values()),
            styles=tuple(dict.fromkeys(styles)),
            wrappers=tuple(dict.fromkeys(wrappers)),
            patterns=MappingProxyType(dict(patterns or DEFAULT_PATTERNS)),
            languages=tuple((languages or {"de": 1.0}).items()),
        )
        space.check()
        return space

    @property
    def drawable(self) -> tuple[WeightedTopic, ...]:
        """The topics that may be chosen: those with a weight above 0."""
        return tuple(topic for topic in self.topics if topic.weight > 0)

    def check(self) -> None:
        """Raise ConfigError when no recipe can be made."""
        missing = {
            "topics with a weight above 0": self.drawable,
            "styles": self.styles,
            "wrappers": self.wrappers,
            "languages with a weight above 0": [1 for _, weight in self.languages if weight > 0],
        }
        for what, values in missing.items():
            if not values:
                raise ConfigError(f"there are no {what}", fix=f"list some {what.split()[0]}")


def random_language(space: Space, rng: np.random.Generator) -> str:
    """Draw a language by its weight."""
    names = [name for name, _ in space.languages]
    weights = np.array([weight for _, weight in space.languages], dtype=float)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def next_round(space: Space, rng: np.random.Generator) -> set[WeightedTopic]:
    """Let each topic take part with its weight's chance; the heaviest always does."""
    heaviest = max(topic.weight for topic in space.drawable)
    return {topic for topic in space.drawable if rng.random() < topic.weight / heaviest}
