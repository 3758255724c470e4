"""What a turn takes from the evidence: claims to advise by, examples to show, and a few figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evolution.claims import Claim, claims
from evolution.elites import elites
from evolution.learner import believe
from evolution.pack import Example, pack
from evolution.recipes import Space
from evolution.tallies import Evidence
from syntx.settings.models import EvolutionProducer


@dataclass(frozen=True, slots=True)
class Lessons:
    """Claims, examples (largest surprises both ways), and how many cells have an elite."""

    claims: Sequence[Claim] = ()
    examples: Sequence[Example] = ()
    elites: int = 0


def lessons(space: Space, evidence: Evidence, producer: EvolutionProducer) -> Lessons:
    """Return what a turn works with; nothing while nothing was learned or learning is off."""
    learning = producer.learning
    if not learning.enabled or not evidence.learned:
        return Lessons()
    belief = believe(space, evidence)
    return Lessons(
        claims=claims(space, evidence, producer.steering.min_support),
        examples=pack(evidence, belief, learning.max_samples),
        elites=len(elites(evidence, learning.min_score)),
    )
