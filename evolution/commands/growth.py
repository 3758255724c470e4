"""How the generations grew: scores by arm, lift so far, operators, styles, repeats and cuts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from evolution.generations import entropy
from evolution.lift import GenerationMean, Lift, curve, lift, lifts
from evolution.summing import Read, arms, newest_measure

_MADE = """
SELECT e.generation, s.operator, s.style, COUNT(*)
FROM evidence AS e JOIN strata AS s ON s.id = e.stratum
WHERE e.latest = 1 AND e.generation IS NOT NULL AND s.kind = 'prompt'
GROUP BY e.generation, s.operator, s.style
"""
_REPEATS = "SELECT number, SUM(redraws), AVG(similarity) FROM items GROUP BY number"
_CUTS = "SELECT generation, why FROM cuts WHERE measure = ?"


@dataclass(frozen=True, slots=True)
class Growth:
    """One generation: what it scored, whole and by arm, and how it was made.

    `operators` and `styles` count its prompts that ended; `redrawn` are drafts that nearly repeated
    a known prompt, `similarity` the mean likeness to the nearest one: both None where the plan is
    not known. `cut` says why older evidence weighs less from here on, None where it does not.
    """

    generation: int
    n: int
    mean: float | None
    control: float | None
    steered: float | None
    lift: Lift
    operators: Mapping[str, int]
    styles: Mapping[str, int]
    style_entropy: float
    redrawn: int | None
    similarity: float | None
    cut: str | None


def growth(read: Read) -> tuple[Growth, ...]:
    """Return every generation of which a prompt ended, in order; `read` asks an evidence store."""
    measure = newest_measure(read)
    scores = arms(read, measure)
    points = {point.generation: point for point in curve(scores)}
    so_far, standing = dict(lifts(scores)), lift(())
    repeats = {number: tuple(rest) for number, *rest in read(_REPEATS)}
    cuts = dict(read(_CUTS, measure))
    operators, styles = _made(read)
    kinds = len({style for counts in styles.values() for style in counts})
    found = []
    for number in sorted(styles):
        point = points.get(number, GenerationMean(number, 0, None, None, None))
        standing = so_far.get(number, standing)
        redrawn, similarity = repeats.get(number, (None, None))
        found.append(
            Growth(
                **asdict(point),
                lift=standing,
                operators=dict(operators[number]),
                styles=dict(styles[number]),
                style_entropy=entropy(styles[number].elements(), kinds),
                redrawn=redrawn,
                similarity=None if similarity is None else round(similarity, 3),
                cut=cuts.get(number),
            )
        )
    return tuple(found)


def _made(read: Read) -> tuple[Mapping[int, Counter[str]], Mapping[int, Counter[str]]]:
    """Count operators and styles by generation; an empty text is unknown."""
    operators: dict[int, Counter[str]] = defaultdict(Counter)
    styles: dict[int, Counter[str]] = defaultdict(Counter)
    for number, operator, style, n in read(_MADE):
        operators[number][operator or "unknown"] += n
        styles[number][style or "unknown"] += n
    return operators, styles
