"""Labelled records for the scoring bench: read by format, with errors that say what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from labelled_answers import read_labelled

from syntx.errors import ConfigError

ROOT = Path(__file__).parents[3]
ANSWER = "1. DRIFT\nAlles rutscht.\n\n6. KLARTEXT\nBleib ehrlich mit dir selbst."


def folder_of(path: Path, records: list[Any], labels: object) -> Path:
    """Write records and labels into a folder."""
    lines = "\n".join(json.dumps(record) for record in records)
    (path / "calibrations.jsonl").write_text(lines + "\n", "utf-8")
    (path / "gold_labels.json").write_text(json.dumps(labels), "utf-8")
    return path


@pytest.mark.parametrize(
    "key", [{"index": 7}, {"timestamp": "2025-11-26T02:12:46Z"}, {}], ids=["index", "time", "place"]
)
def test_labels_go_with_records_by_index_time_or_place(
    tmp_path: Path, key: dict[str, object]
) -> None:
    """An index is not needed, and records that failed are left out and counted."""
    records = [{**key, "response": ANSWER, "meta_prompt": "Was ist Drift?"}, {"response": None}]
    labels = [{**key, "gold_kind": "answer_partial"}, {"gold_kind": "answer"}]

    found = read_labelled(folder_of(tmp_path, records, {"labels": labels}))

    assert [(one.kind, one.answer, one.fields) for one in found.answers] == [
        ("answer_partial", ANSWER, frozenset())
    ]
    assert found.left_out == 1


def test_signs_that_look_like_line_ends_do_not_cut_a_record(tmp_path: Path) -> None:
    """JSON lines end at a line feed alone, and a byte order mark is no part of them."""
    record = {"index": 1, "response": f"{ANSWER}\u2028\x85Ende."}
    folder = folder_of(tmp_path, [], {"labels": [{"index": 1, "gold_kind": "answer"}]})
    line = json.dumps(record, ensure_ascii=False)
    (folder / "calibrations.jsonl").write_text(f"{line}\r\n", "utf-8-sig")

    assert [one.answer for one in read_labelled(folder).answers] == [record["response"]]


@pytest.mark.parametrize(
    ("records", "labels", "told"),
    [
        ([{"response": ANSWER}], {"labels": [{"index": 0}]}, "gold_kind"),
        ([{"response": ANSWER}], {"other": []}, "no list `labels`"),
        ([{"response": ANSWER}], {"labels": [{"index": [0], "gold_kind": "answer"}]}, "`index`"),
        (["text"], {"labels": []}, "calibrations.jsonl:1"),
        ([{"error": "504"}], {"labels": [{"gold_kind": "answer"}]}, "response"),
    ],
)
def test_what_is_wrong_with_the_records_is_told(
    tmp_path: Path, records: list[Any], labels: object, told: str
) -> None:
    """The message names file, line or label, and there is a remedy."""
    with pytest.raises(ConfigError, match=told) as raised:
        read_labelled(folder_of(tmp_path, records, labels))

    assert raised.value.fix


@pytest.mark.slow
def test_the_bench_prints_its_figures_for_records_of_any_kind(tmp_path: Path) -> None:
    """Figures that nothing tells are null; the last line is one JSON object."""
    folder = folder_of(
        tmp_path,
        [{"index": 1, "response": ANSWER}, {"index": 2, "response": "Nur Text."}],
        {"labels": [{"index": 1, "gold_kind": "answer_partial"}, {"index": 2, "gold_kind": "odd"}]},
    )

    ran = subprocess.run(
        [sys.executable, "benchmarks/bench_scoring.py", "--data", str(folder), "--json"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    figures = json.loads(ran.stdout.splitlines()[-1])

    assert figures["n_answers"] == 2
    assert figures["auc_answer_vs_rest"] == 1.0
    assert figures["answer_min"] is figures["echo_max"] is None
    assert figures["gamed_caught"] >= 0.95 * figures["gamed_total"]
    assert set(figures) - {"legacy", "score_version"} == set(figures["legacy"])
