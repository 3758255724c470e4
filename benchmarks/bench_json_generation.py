"""Documents as JSON from models whose answers are cut or broken: what is rebuilt, what is not.

2,000 cuts of documents of four shapes, each gone on with in six ways by models that also answer
the question what follows in a list, a quarter of them cut again and again; half of the cuts are by
a seed that nothing was tuned with. A quarter is played, too, by models that cannot tell what
follows (`raw only`), or that give the last 1 or 3 or all elements once more (`elements`).
`merge_exact`: the final document equals the original. `merge_wrong_undetected`: it does not, is
said to be whole, and is not flagged as repaired. 27 kinds of broken JSON, 20 documents each.
`partial_wrong_leaves` counts values in cut documents that the original has not at that place. Time
is of one core, answers of 16 KB. Last line: JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import json_repair
from json_generation_documents import SHAPES, laid_out, large
from json_generation_faults import FAULTS, meant, subject
from json_generation_models import BEHAVIOURS, JOINERS, Player

from consumer.documents.generation.accumulating import Accumulation
from consumer.documents.generation.json_texts import repair_broken_json
from consumer.documents.generation.models import JsonAccumulationState

SEEDS = {"tuned": 20_261, "unseen": 918_273}
AGAIN = {"+1": 1, "+3": 3, "anew": 10**6}
PIECE = 16_384
MAX_PARTS = 200


def same(one: Any, other: Any) -> bool:
    """Say whether two values are the same JSON, the order of keys and true for 1 included."""
    return json.dumps(one) == json.dumps(other)


def rebuilt(player: Player, max_parts: int = MAX_PARTS) -> tuple[Accumulation, float]:
    """Let a model write a document; returns what was gathered and the seconds that took."""
    work = Accumulation(JsonAccumulationState())
    seconds = 0.0
    while work.asking != "nothing" and work.parts < max_parts:
        piece = player.answer(work.asking, work.question("order")[-1][1])
        started = time.process_time()
        work.take(piece)
        seconds += time.process_time() - started
    return work, seconds


def cuts(count: int, seed: int) -> Iterator[tuple[Any, str, int, int | None]]:
    """Yield documents as value and text, where to cut, and how long later answers may be."""
    draw = random.Random(seed)
    for number in range(count):
        shape = list(SHAPES)[number % len(SHAPES)]
        value = SHAPES[shape](draw)
        text = laid_out(value, draw)
        budget = max(3_000, len(text) // 5) if draw.random() < 0.25 else None
        yield value, text, draw.randrange(1, len(text)), budget


def merging(count: int) -> dict[str, Any]:
    """Play every behaviour over the cuts, beside simpler ways to join."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for name, seed in SEEDS.items():
        for number, (value, text, cut, budget) in enumerate(cuts(count // 2, seed)):
            for behaviour in BEHAVIOURS:
                _play(
                    tally, f"{name} {behaviour}", value, Player(text, cut, behaviour, True, budget)
                )
                if number % 4 == 3 - number // 4 % 4:
                    lone = Player(text, cut, behaviour, structural=False, budget=budget)
                    _play(tally, f"raw only {behaviour}", value, lone)
                    for again in AGAIN:
                        player = Player(text, cut, behaviour, budget=budget, again=AGAIN[again])
                        _play(tally, f"elements {again} {behaviour}", value, player)
                if budget is None:
                    _rivals(tally, value, text[:cut], Player(text, cut, behaviour))
            _leaves(tally, value, text[:cut])
    return _merged(tally)


def _play(tally: dict[str, Counter[str]], key: str, value: Any, player: Player) -> None:
    work, _ = rebuilt(player)
    exact = work.complete and same(work.value(), value)
    wrong = work.complete and not exact
    tally[key].update(
        runs=1,
        exact=exact,
        wrong=wrong and not work.repaired,
        flagged=wrong and work.repaired,
        calls=len(player.asked) - 1,
        asked=player.asked.count("append") > 0,
    )


def _rivals(tally: dict[str, Counter[str]], value: Any, first: str, player: Player) -> None:
    player.answer("write", "")
    second = player.answer("continue", "").text
    for name, joiner in JOINERS.items():
        joined = joiner(first, second)
        try:
            got, parsed = json.loads(joined), True
        except ValueError:
            got, parsed = None, False
        exact = parsed and same(got, value)
        tally[name].update(runs=1, exact=exact, wrong=parsed and not exact)
    if tally["json-repair on both"]["runs"] % 40 == 0:
        exact = same(json_repair.loads(first + second), value)
        tally["json-repair on both"].update(exact=exact, wrong=not exact, tried=1)
    tally["json-repair on both"].update(runs=1)


def _leaves(tally: dict[str, Counter[str]], value: Any, prefix: str) -> None:
    work = Accumulation(JsonAccumulationState(accumulated_json_string=prefix))
    tally["leaves"].update(ours=wrong_leaves(work.value(), value))
    tally["leaves"].update(ours=wrong_leaves(repair_broken_json(prefix).value, value))
    if len(prefix) < 8_000:
        tally["leaves"].update(theirs=wrong_leaves(json_repair.loads(prefix), value))


def wrong_leaves(part: Any, whole: Any) -> int:
    """Count the values of a part that the whole has not at that place."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return sum(wrong_leaves(v, whole[k]) if k in whole else 1 for k, v in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        beyond = max(0, len(part) - len(whole))
        return beyond + sum(
            wrong_leaves(one, other) for one, other in zip(part, whole, strict=False)
        )
    return int(not same(part, whole))


def _merged(tally: dict[str, Counter[str]]) -> dict[str, Any]:
    ours = [key for key in tally if key.split()[0] in SEEDS]
    total = sum((tally[key] for key in ours), Counter[str]())
    lone = sum((tally[key] for key in tally if key.startswith("raw only")), Counter[str]())
    twice = sum((tally[key] for key in tally if key.startswith("elements")), Counter[str]())
    exactly = sum((tally[f"{name} exact"] for name in SEEDS), Counter[str]())
    titles = "".join(
        f"{name:>9}" for name in ("runs", "exact", "wrong", "flagged", "calls", "asked")
    )
    print(f"{'how it goes on':28}{titles}")
    for key, one in tally.items():
        if key == "leaves":
            continue
        runs = one["tried"] or one["runs"]
        print(
            f"{key:28}{runs:9}{one['exact'] / runs:9.4f}{one['wrong']:9}{one['flagged']:9}"
            f"{one['calls'] / runs:9.2f}{one['asked'] / runs:9.2f}"
        )
    print(f"wrong leaves in cut documents: {dict(tally['leaves'])}")
    return {
        "merge_exact": round(total["exact"] / total["runs"], 4),
        "merge_exact_by_exact": round(exactly["exact"] / exactly["runs"], 4),
        "merge_wrong_undetected": total["wrong"] + lone["wrong"] + twice["wrong"],
        "merge_runs": total["runs"],
        "merge_exact_raw_only": round(lone["exact"] / lone["runs"], 4),
        "merge_exact_elements_again": round(twice["exact"] / twice["runs"], 4),
        "calls_after_a_cut": round(total["calls"] / total["runs"], 2),
        "partial_wrong_leaves": tally["leaves"]["ours"],
        "partial_wrong_leaves_json_repair": tally["leaves"]["theirs"],
    }


def repairing(documents: int) -> dict[str, Any]:
    """Mend every kind of broken JSON, beside json-repair's default."""
    ours: Counter[str] = Counter()
    print(f"\n{'kind of broken JSON':40}{'ours':>7}{'json-repair':>13}")
    for name, fault in FAULTS.items():
        hits: Counter[str] = Counter()
        for number in range(documents):
            draw = random.Random(f"{name} {number}")
            value = subject(name, draw)
            broken, wanted = fault(value, draw), meant(name, value)
            parsed = repair_broken_json(broken)
            exact = parsed.ok and same(parsed.value, wanted)
            hits.update(exact=exact, theirs=_theirs(broken, wanted))
            ours.update(exact=exact, theirs=_theirs(broken, wanted), runs=1)
            ours.update(silent=parsed.ok and not exact and not parsed.repaired)
        print(f"{name:40}{hits['exact'] / documents:7.2f}{hits['theirs'] / documents:13.2f}")
    return {
        "repair_exact": round(ours["exact"] / ours["runs"], 4),
        "repair_silent": ours["silent"],
        "repair_exact_json_repair": round(ours["theirs"] / ours["runs"], 4),
        "repair_kinds": len(FAULTS),
    }


def _theirs(broken: str, wanted: Any) -> bool:
    try:
        return same(json_repair.loads(broken), wanted)
    except Exception:  # whatever it fails with, it did not mend the text
        return False


def timing(size: int, documents: int) -> float:
    """Return the microseconds per KB of documents that come in answers of 16 KB; the best of 3."""
    best = float("inf")
    for _ in range(3):
        seconds = kilobytes = 0.0
        for number in range(documents):
            text = large(size, random.Random(number))
            player = Player(text, PIECE, "exact", budget=PIECE)
            work, taken = rebuilt(player, max_parts=5_000)
            if not work.complete:
                raise SystemExit(f"the large document was not rebuilt: {work.reason}")
            seconds, kilobytes = seconds + taken, kilobytes + len(text) / 1024
        best = min(best, seconds * 1e6 / kilobytes)
    return round(best, 1)


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the last line is JSON in any case")
    parser.add_argument("--quick", action="store_true", help="a tenth of the cuts, no 10 MB")
    told = parser.parse_args()
    figures = merging(200 if told.quick else 2_000)
    figures |= repairing(20)
    figures["us_per_kb_1mb"] = timing(1_000_000, 10)
    figures["us_per_kb_10mb"] = None if told.quick else timing(10_000_000, 1)
    print(
        f"\nmicroseconds per KB: 1 MB {figures['us_per_kb_1mb']}, 10 MB {figures['us_per_kb_10mb']}"
    )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
