"""Whether our way of choosing prompts learns, beside five others, in simulated worlds.

    python benchmarks/bench_evolution.py [--json] [--seeds N] [--first-seed K]
        [--generations G] [--prompts P] [--ablations]

Six worlds (evolution_worlds.py), six policies (evolution_rivals.py and the engine), N seeds each.
The engine is the product's own code with the product's own defaults; it was tuned on seeds below
5040, what is reported starts at seed 7000. Regret is what was missed against the best recipe, over
all prompts, the control arm's among them. The last line is one JSON object. With --ablations the
engine meets itself with one part taken out, instead of rivals.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from evolution_ablations import ABLATIONS
from evolution_engine import Engine
from evolution_figures import Figures, figures
from evolution_looks import Look, look
from evolution_rivals import RIVALS
from evolution_runs import Outcome, live
from evolution_summary import OLDER, OURS, Found, Run, summary, table
from evolution_worlds import WORLDS, World

FIRST_SEED = 7000
OTHERS = {**RIVALS, **ABLATIONS}
PROCESSES = 2


def measure(run: Run, size: Mapping[str, int]) -> tuple[Run, Figures, list[Look]]:
    """Run one policy in one world; of ours, also what it claimed on the way."""
    scenario, name, seed = run
    generations, prompts = size["generations"], size["prompts"]
    world = WORLDS[scenario](np.random.default_rng([1, seed]))
    looks: list[Look] = []
    if name == OURS:
        engine = Watched(world, seed, generations)
        outcomes = live(world, engine, generations, prompts, seed)
        looks = engine.looks
    else:
        outcomes = live(world, OTHERS[name](seed), generations, prompts, seed)
    return run, figures(world, outcomes), looks


class Watched(Engine):
    """The engine, its claims looked at: after every generation where nothing can be learned.

    Elsewhere the last generation is enough; looking changes nothing.
    """

    def __init__(self, world: World, seed: int, generations: int) -> None:
        super().__init__(seed)
        self._world, self._last = world, generations
        self.looks: list[Look] = []

    def learn(self, outcomes: Sequence[Outcome]) -> None:
        """Learn as ever, then look."""
        super().learn(outcomes)
        generation = outcomes[0].generation
        if generation == self._last or not self._world.has_signal:
            self.looks.append(look(self._world, self, generation))


def measured(
    seeds: range, policies: Sequence[str], size: Mapping[str, int]
) -> Iterator[tuple[Run, Figures, list[Look]]]:
    """Run everything, two processes at a time."""
    runs = [(world, policy, seed) for seed in seeds for world in WORLDS for policy in policies]
    work = partial(measure, size=size)
    with Pool(PROCESSES) as pool:
        yield from pool.imap_unordered(work, runs, chunksize=6)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--generations", type=int, default=20)
    parser.add_argument("--prompts", type=int, default=20)
    parser.add_argument("--ablations", action="store_true", help="the engine without its parts")
    chosen = parser.parse_args()
    use_one_thread()
    seeds = range(chosen.first_seed, chosen.first_seed + chosen.seeds)
    size = {"generations": chosen.generations, "prompts": chosen.prompts}
    policies = (OURS, OLDER, *ABLATIONS) if chosen.ablations else (OURS, *RIVALS)
    found = Found()
    for run, values, looks in measured(seeds, policies, size):
        found.add(run, values, looks)
    result = summary(found, policies, seeds, size)
    if not chosen.json:
        print(table(result))
    print(json.dumps(result))


def use_one_thread() -> None:
    """Start anew with one thread per process: the matrices are small, the processes two."""
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        known = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, *sys.argv], known)


if __name__ == "__main__":
    main()
