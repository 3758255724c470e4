"""The engine with one of its parts taken out, to see what each part is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from evolution_engine import Engine
from evolution_rivals import GOOD
from evolution_runs import Outcome, Proposal

from evolution.choosing import Choice
from evolution.evidence import EvidenceStore


class Childless(Engine):
    """Without families: every prompt is from scratch."""

    def _proposal(self, choice: Choice) -> Proposal:
        bare = replace(choice, operator="fresh", parents=(), family=None)
        return super()._proposal(bare)


class Flattered(Engine):
    """Without failures: only successes are learned from."""

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Keep the successes."""
        super().learn([each for each in outcomes if (each.score or 0) >= GOOD])


class Forgetful(Engine):
    """Without memory: only the last generation is learned from."""

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Forget all, then learn."""
        self._store.close()
        self._store = EvidenceStore(Path(":memory:"))
        super().learn(outcomes)


ABLATIONS: Mapping[str, Callable[[int], Engine]] = MappingProxyType(
    {
        "without failures": Flattered,
        "without memory": Forgetful,
        "without families": Childless,
        "without tempering": lambda seed: Engine(seed, {"temper": 1.0}),
        "without chance": lambda seed: Engine(seed, {"temper": 0.0}),
        "without the floor": lambda seed: Engine(seed, {"score_floor": 0.0}),
        "without drift cuts": lambda seed: Engine(seed, {"drift_z": 99.0}),
        "without caps": lambda seed: Engine(seed, {"cell_cap": 1.0, "topic_cap": 1.0}),
        "without control": lambda seed: Engine(seed, {"feedback_strength": 1.0, "min_control": 0}),
    }
)
"""Makers of engines by what they lack."""
