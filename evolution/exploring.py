"""The control arm: recipes spread evenly, whatever was learned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import numpy as np

from evolution.recipes import Space, WeightedTopic, next_round, random_language
from evolution.tallies import Likeness, Stratum
from syntx.job import Recipe

Uses = Counter[tuple[str | None, ...]]


def explore(
    space: Space,
    strata: Iterable[Stratum],
    count: int,
    rng: np.random.Generator,
    named: Sequence[WeightedTopic] = (),
) -> tuple[Recipe, ...]:
    """Spread recipes over category x style, least-used topics, wrappers and patterns first.

    No topic repeats before every topic was used once; `named` topics are taken as they come.
    """
    uses: Uses = Counter()
    # Avoiding what steering favours would make the control arm worse than chance, so only
    # what was chosen here before counts as used.
    for each in strata:
        if each.like.arm == "control" and each.like.operator == "fresh":
            uses.update(dict.fromkeys(_marks(each.like), each.rows))
    recipes: list[Recipe] = []
    waiting = set(space.drawable)
    for number in range(count):
        if named:
            waiting = {named[number % len(named)]}
        elif not waiting:
            waiting = next_round(space, rng)
        recipe = _next(space, waiting, uses, rng)
        uses.update(_marks(recipe))
        recipes.append(recipe)
    return tuple(recipes)


def _next(
    space: Space, waiting: set[WeightedTopic], uses: Uses, rng: np.random.Generator
) -> Recipe:
    topic, style = _topic_and_style(space, waiting, uses, rng)
    waiting.discard(topic)
    return Recipe(
        topic=topic.name,
        category=topic.category,
        style=style,
        wrapper=_least_used("wrapper", space.wrappers, uses, rng),
        pattern=_least_used("pattern", tuple(space.patterns), uses, rng),
        language=random_language(space, rng),
    )


def _marks(used: Recipe | Likeness) -> list[tuple[str | None, ...]]:
    return [
        ("style", used.style),
        ("cell", used.category, used.style),
        ("topic", used.category, used.topic),
        ("wrapper", used.wrapper),
        ("pattern", used.pattern),
    ]


def _topic_and_style(
    space: Space, waiting: set[WeightedTopic], uses: Uses, rng: np.random.Generator
) -> tuple[WeightedTopic, str]:
    heaviness = _category_weights(space)
    offered = [topic for topic in space.drawable if topic in waiting] or [*waiting]
    pairs = [(topic, style) for topic in offered for style in space.styles]
    chances = rng.random(len(pairs))

    def order(index: int) -> tuple[float, ...]:
        topic, style = pairs[index]
        return (
            uses["style", style],
            (uses["cell", topic.category, style] + 1) / heaviness.get(topic.category, 1.0),
            (uses["topic", topic.category, topic.name] + 1) / topic.weight,
            chances[index],
        )

    return pairs[min(range(len(pairs)), key=order)]


def _category_weights(space: Space) -> Mapping[str, float]:
    weights: dict[str, list[float]] = defaultdict(list)
    for topic in space.drawable:
        weights[topic.category].append(topic.weight)
    return {category: fmean(values) for category, values in weights.items()}


def _least_used(factor: str, levels: Sequence[str], uses: Uses, rng: np.random.Generator) -> str:
    chances = rng.random(len(levels))
    return levels[min(range(len(levels)), key=lambda i: (uses[factor, levels[i]], chances[i]))]
