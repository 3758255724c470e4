"""What a turn takes from the evidence: a belief, claims to advise by, and examples to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.analyzer import Learned
from evolution.claims import Claim, claims
from evolution.elites import elites
from evolution.learner import Belief, believe
from evolution.pack import Example, pack
from evolution.recipes import Space
from syntx.settings.models import EvolutionProducer


@dataclass(frozen=True, slots=True)
class Lessons:
    """What was learned, and what follows from it for the space it was asked for.

    `examples` are the largest surprises both ways, `elites` the number of cells that have one.
    """

    space: Space
    learned: Learned
    belief: Belief | None = None
    claims: Sequence[Claim] = ()
    examples: Sequence[Example] = ()
    elites: int = 0


def lessons(space: Space, learned: Learned, producer: EvolutionProducer) -> Lessons:
    """Return what a turn works with; nothing follows from no scores, or while learning is off."""
    learning, evidence = producer.learning, learned.evidence
    if not learning.enabled or not evidence.learned:
        return Lessons(space, learned)
    belief = believe(space, evidence)
    return Lessons(
        space,
        learned,
        belief,
        claims=claims(space, evidence, producer.steering.min_support),
        examples=pack(evidence, belief, learning.max_samples),
        elites=len(elites(evidence, learning.min_score)),
    )
