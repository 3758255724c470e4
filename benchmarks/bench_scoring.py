"""How parser and score do on labelled real answers: fields found, and scores by kind.

``--data DIR`` holds `calibrations.jsonl` and `gold_labels.json` (default: $SYNTX_REAL_RECORDS).
The older score stands beside ours. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consumer.prompts.parsing import detect, parse
from consumer.prompts.scoring.legacy import legacy_score
from consumer.prompts.scoring.total import SCORE_VERSION, score
from syntx.terminologies import TERMINOLOGIES, for_terminology


@dataclass
class Judged:
    """One labelled answer: its kind, the fields in it and found in it, both scores, the time."""

    kind: str
    gold: set[str]
    found: set[str]
    total: int
    older: int
    seconds: float


def judge(record: dict[str, Any], label: dict[str, Any]) -> Judged:
    """Parse and score one answer with the wrapper its headings tell."""
    answer, prompt = record["response"], record["meta_prompt"]
    terminology = detect(answer)
    fields = TERMINOLOGIES[terminology] if terminology else ()
    found = {field.key for field in parse(answer, fields).fields if field.text}
    started = time.perf_counter()
    total = score(answer, for_terminology(terminology or "human"), prompt).total
    seconds = time.perf_counter() - started
    gold = set(label["gold_fields_present"])
    return Judged(label["gold_kind"], gold, found, total, legacy_score(answer), seconds)


def read(data: Path) -> list[Judged]:
    """Judge every labelled answer of a folder."""
    lines = (data / "calibrations.jsonl").read_text(encoding="utf-8").splitlines()
    records = {record["index"]: record for record in map(json.loads, lines)}
    labels = json.loads((data / "gold_labels.json").read_text(encoding="utf-8"))["labels"]
    return [judge(records[label["index"]], label) for label in labels]


def summary(judged: list[Judged]) -> dict[str, Any]:
    """Return the figures of a run."""
    hits = sum(len(item.gold & item.found) for item in judged)
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        kinds[item.kind].append(item)
    return {
        "score_version": SCORE_VERSION,
        "n_answers": len(judged),
        "field_recall": hits / max(1, sum(len(item.gold) for item in judged)),
        "field_precision": hits / max(1, sum(len(item.found) for item in judged)),
        "ms_per_answer": round(1000 * statistics.fmean(item.seconds for item in judged), 2),
        "scores": {kind: sorted(item.total for item in items) for kind, items in kinds.items()},
        "older_scores": {
            kind: sorted(item.older for item in items) for kind, items in kinds.items()
        },
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("SYNTX_REAL_RECORDS"))
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = parser.parse_args()
    if chosen.data is None:
        sys.exit("error: no records\nfix: give --data DIR or set SYNTX_REAL_RECORDS")
    found = summary(read(chosen.data))
    if not chosen.json:
        print(
            f"fields: recall {found['field_recall']:.3f}, precision {found['field_precision']:.3f}"
        )
        for kind, totals in sorted(found["scores"].items()):
            print(f"{kind:<16} median {statistics.median(totals):>5}  {totals}")
            print(f"{'  older score':<16} {'':>13}  {found['older_scores'][kind]}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
