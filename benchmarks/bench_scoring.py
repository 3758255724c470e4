"""How parser and score do: on labelled real answers, on gamed ones, and against the clock.

``--data DIR`` holds `calibrations.jsonl` and `gold_labels.json` (default: $SYNTX_REAL_RECORDS).
An answer is scored under the terminology its headings tell, as its wrapper was not recorded. AUC
sets answers, `answer_partial` among them, against all other kinds; `answer_min` and
`answer_median` are those of complete answers only. A gamed answer below 60 is caught. Milliseconds
are of one core, on the good answers, which have about 300 words. The older score stands beside
ours. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gamed_answers import CAUGHT_BELOW, TRICKS
from good_answers import good_answers
from labelled_answers import Labelled, read_labelled

from consumer.prompts.parsing import detect, parse
from consumer.prompts.scoring.legacy import legacy_fields, legacy_score
from consumer.prompts.scoring.options import SHIPPED_VERSION
from consumer.prompts.scoring.total import score
from syntx.errors import SyntxError
from syntx.terminologies import TERMINOLOGIES, for_terminology

ROUNDS = 5


@dataclass
class Judged:
    """One scorer's view of a labelled answer: the fields it found and its total."""

    item: Labelled
    found: frozenset[str]
    total: int


@dataclass
class Gamed:
    """One spoilt answer: the trick, the good answer it was made of, both totals."""

    trick: str
    name: str
    total: int
    older: int


def judge(item: Labelled) -> Judged:
    """Parse and score with the wrapper that the headings tell."""
    terminology = detect(item.answer)
    fields = TERMINOLOGIES[terminology] if terminology else ()
    found = frozenset(field.key for field in parse(item.answer, fields).fields if field.text)
    wrapper = for_terminology(terminology or "human")
    return Judged(item, found, score(item.answer, wrapper, item.prompt).total)


def judge_as_before(item: Labelled) -> Judged:
    """Parse and score as the older system did."""
    return Judged(item, legacy_fields(item.answer), legacy_score(item.answer))


def game() -> list[Gamed]:
    """Score every good answer after every trick."""
    return [
        Gamed(name, good.name, score(spoilt, good.wrapper, good.prompt).total, legacy_score(spoilt))
        for name, trick in TRICKS.items()
        for good in good_answers()
        for spoilt in (trick(good),)
    ]


def milliseconds(scorer: Callable[[], object]) -> float:
    """Return the time of one run over all good answers, per answer; the fastest round counts."""
    scorer()
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        scorer()
        rounds.append(time.process_time() - started)
    return round(1000 * min(rounds) / len(good_answers()), 2)


def figures(judged: Sequence[Judged], caught: Sequence[bool], speed: float) -> dict[str, Any]:
    """Return one scorer's figures; None where there is no such answer to tell."""
    totals: dict[str, list[int]] = defaultdict(list)
    for one in judged:
        totals[one.item.kind].append(one.total)
    hits = sum(len(one.item.fields & one.found) for one in judged)
    answers, partial = totals.pop("answer", []), totals.pop("answer_partial", [])
    rest = [total for others in totals.values() for total in others]
    return {
        "n_answers": len(judged),
        "field_recall": _share(hits, sum(len(one.item.fields) for one in judged)),
        "field_precision": _share(hits, sum(len(one.found) for one in judged)),
        "echo_max": max(totals.get("template_echo", []), default=None),
        "free_text_max": max(totals.get("free_text", []), default=None),
        "answer_min": min(answers, default=None),
        "answer_median": statistics.median(answers) if answers else None,
        "auc_answer_vs_rest": _auc(answers + partial, rest),
        "gamed_caught": sum(caught),
        "gamed_total": len(caught),
        "ms_per_answer": speed,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _auc(above: Sequence[int], below: Sequence[int]) -> float | None:
    """Return how often one of the first scores more than one of the others, draws half."""
    if not above or not below:
        return None
    won = sum((a > b) + 0.5 * (a == b) for a in above for b in below)
    return round(won / len(above) / len(below), 4)


def tell(ours: dict[str, Any], older: dict[str, Any], judged: list[list[Judged]]) -> None:
    """Print both scorers side by side, and the totals by kind."""
    print(f"{'':<20}{'score':>10}{'older':>10}")
    for name, value in ours.items():
        print(f"{name:<20}{value!s:>10}{older[name]!s:>10}")
    for kind in sorted({one.item.kind for one in judged[0]}):
        for label, side in (("score", judged[0]), ("older", judged[1])):
            print(f"{kind} ({label}):", *sorted(one.total for one in side if one.item.kind == kind))


def tell_gamed(gamed: list[Gamed]) -> None:
    """Print the good answers' totals and every trick that got through."""
    goods = {
        one.name: (score(one.answer, one.wrapper, one.prompt).total, legacy_score(one.answer))
        for one in good_answers()
    }
    print("good answers (score, older):", *(f"{name} {pair}" for name, pair in goods.items()))
    for one in gamed:
        if one.total >= CAUGHT_BELOW:
            print(f"got through: {one.trick}, made of {one.name}: {one.total} (older {one.older})")


def run(data: Path, quiet: bool) -> None:
    """Measure and print; the last line is JSON."""
    labels = read_labelled(data)
    judged = [[by(item) for item in labels.answers] for by in (judge, judge_as_before)]
    gamed = game()
    goods = good_answers()
    ours = figures(
        judged[0],
        [one.total < CAUGHT_BELOW for one in gamed],
        milliseconds(lambda: [score(g.answer, g.wrapper, g.prompt) for g in goods]),
    )
    older = figures(
        judged[1],
        [one.older < CAUGHT_BELOW for one in gamed],
        milliseconds(lambda: [legacy_score(g.answer) for g in goods]),
    )
    if not quiet:
        if labels.left_out:
            print(f"left out: {labels.left_out} labels without an answer")
        tell(ours, older, judged)
        known = [one for one in judged[1] if one.item.older is not None]
        alike = sum(one.total == one.item.older for one in known)
        print(f"the older total is reproduced for {alike} of {len(known)} recorded ones")
        tell_gamed(gamed)
    print(json.dumps({**ours, "legacy": older, "score_version": SHIPPED_VERSION}))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("SYNTX_REAL_RECORDS"))
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = parser.parse_args()
    if chosen.data is None:
        sys.exit("error: no records\nfix: give --data DIR or set SYNTX_REAL_RECORDS")
    try:
        run(Path(chosen.data), chosen.json)
    except SyntxError as error:
        sys.exit(f"error: {error.message}\nfix: {error.fix}")


if __name__ == "__main__":
    main()
