from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.prompts.scoring.options import SHIPPED, options_of
from consumer.prompts.scoring.part import Part
from consumer.prompts.scoring.total import score, with_part
from syntx.commands.seeing.accounting import account
from syntx.commands.seeing.explaining import explain
from syntx.errors import SyntxError
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Score, Verdict
from syntx.settings.models import Scoring
from syntx.wrapper_folder import WrapperFolder

ANSWER = """1. DRIFT
Die Lage kippt, weil kaum jemand weiß, wer im Winter den Strom für die Stadt bezahlt.

3. DRUCKFAKTOREN
Hohe Preise, kalte Wohnungen und leere Kassen treiben die Menschen in enge Entscheidungen.

2. HINTERGRUND-MUSTER
Dahinter steckt ein alter Streit zwischen Nachbarn, die sich gegenseitig nicht mehr trauen.
"""
PROMPT = "Was hält eine Stadt im Winter zusammen, wenn der Strom ausfällt?"
Explain = Callable[..., Any]


@pytest.fixture
def spoilt(home: Home) -> Score:
    """Give the score of an answer that lacks fields and order."""
    wrapper = WrapperFolder(home.root / "wrappers").get("human")
    return score(ANSWER, wrapper, PROMPT)


@pytest.fixture
def settled(home: Home) -> Callable[..., Job]:
    """Give a way to put a job with a verdict where the consumer would."""

    def settle(state: str = "processed", **verdict: Any) -> Job:
        now = datetime.now(UTC)
        job = Job(id=new_id(at=now), created_at=now, prompt=PROMPT)
        if verdict:
            ended = Verdict(**{"outcome": "passed", "score_version": "2", **verdict})
            job = job.settled(ended, Attempt(worker="w", started=now, ended=now))
        folder = home.root / "queue" / state / (job.day if state != "incoming" else "")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{job.id}.json").write_bytes(job.to_bytes())
        return job

    return settle


@pytest.fixture
def told(home: Home) -> Explain:
    """Give a way to call `explain` and get what it prints, or the error it raises."""

    def call(*arguments: str) -> Any:
        shown = CliRunner().invoke(explain, arguments, obj=str(home.root))
        if shown.exception is not None and not isinstance(shown.exception, SystemExit):
            raise shown.exception
        return json.loads(shown.stdout) if "--json" in arguments else shown.stdout

    return call


def test_every_part_is_told_with_its_cost(
    told: Explain, settled: Callable[..., Job], spoilt: Score
) -> None:
    """Parts, factors, fields, the dearest part and the older total are all there."""
    text = told(settled(score=spoilt).id)
    for name in (*spoilt.parts, *spoilt.fields, "fields"):
        assert name in text
    assert f"{spoilt.total} of 100, version 2" in text
    assert "HINTERGRUND-MUSTER" in text
    assert "Most would be won by" in text
    assert f"{spoilt.measures['legacy_total']}: the older system" in text


def test_the_points_lost_add_up(told: Explain, settled: Callable[..., Job], spoilt: Score) -> None:
    """What all parts and factors cost together is what 100 lacks."""
    found = told(settled(score=spoilt).id, "--json")
    items = [*found["parts"], *found["factors"]]
    assert sum(item["lost"] for item in items) == pytest.approx(100 - spoilt.total)
    assert found["raises_most"] == max(items, key=lambda item: item["lost"])["name"]
    assert sum(item["weight"] for item in found["parts"]) == pytest.approx(1, abs=1e-5)
    assert {field["key"]: field["found"] for field in found["fields"]} == spoilt.fields


def test_missing_fields_cost_at_least_their_weight(spoilt: Score) -> None:
    """Half the weight of the fields is missing, so half of the points are not to be had."""
    factors = {item.name: item for item in account(spoilt) if item.weight is None}
    assert factors["fields"].value == 0.5
    assert factors["fields"].lost > 20


def test_a_perfect_score_lost_nothing(
    told: Explain, settled: Callable[..., Job], spoilt: Score
) -> None:
    """On the plateau of the curve nothing is said to be lost."""
    parts = dict.fromkeys(spoilt.parts, 1.0) | {"wording": 0.95}
    measures = {"present": 1.0, "calibrated": 1.0}
    update = {"total": 100, "parts": parts, "measures": measures, "completeness": 100}
    text = told(settled(score=spoilt.model_copy(update=update)).id)
    assert "100 of 100" in text
    assert "Most would" not in text


def test_a_closed_gate_is_all_that_counts(
    told: Explain, settled: Callable[..., Job], home: Home
) -> None:
    """Where a gate is 0, no part is blamed."""
    wrapper = WrapperFolder(home.root / "wrappers").get("human")
    nothing = score("Ein Text ohne jede Überschrift.", wrapper, PROMPT)
    found = told(settled(score=nothing).id, "--json")
    blamed = {item["name"] for item in [*found["parts"], *found["factors"]] if item["lost"]}
    assert "answered" in blamed
    assert found["total"] == 0


def test_samples_and_judge_are_told(
    told: Explain, settled: Callable[..., Job], spoilt: Score
) -> None:
    """Several answers show their totals, a judge that failed its reason."""
    added = with_part(spoilt, "consistency", Part(0.4, "they differ"), 0.1, SHIPPED)
    samples = {"n": 3, "totals": [41, None, 40], "mean": 40.5, "sd": 0.71}
    judge = {"model": "j", "error": "503"}
    measures = {**added.measures, "samples": samples, "judge": judge}
    text = told(settled(score=added.model_copy(update={"measures": measures})).id)
    assert "3 answers scored 41, none, 40 (mean 40.5, standard deviation 0.71)" in text
    assert "consistency" in text
    assert "j gave no opinion: 503" in text


def test_the_older_total_is_not_mistaken_for_the_parts(
    told: Explain, settled: Callable[..., Job], home: Home
) -> None:
    """In legacy mode the parts' own total is told beside the older one."""
    wrapper = WrapperFolder(home.root / "wrappers").get("human")
    found = score(ANSWER, wrapper, PROMPT, options=options_of(Scoring(mode="legacy")))
    text = told(settled(score=found, score_version="legacy-1").id)
    assert f"{found.total} of 100, version legacy-1" in text
    assert f"these parts alone would make {found.measures['score_total']}" in text


def test_imported_results_say_that_they_kept_no_parts(
    told: Explain, settled: Callable[..., Job]
) -> None:
    """A result taken over from the older system has a total and fields, and that is said."""
    older = Score(total=98, fields={"drift": True, "tiefe": False}, completeness=80)
    text = told(settled(score=older, score_version="legacy", imported=True).id)
    assert "98 of 100, version legacy" in text
    assert "kept no parts" in text
    assert "tiefe  no" in text


def test_an_earlier_version_without_weights_is_told_so(
    told: Explain, settled: Callable[..., Job]
) -> None:
    """Parts without weights are shown, losses are not invented."""
    line = "structure 0.50 (weight 0.20): missing: TIEFE."
    early = Score(total=40, parts={"structure": 0.5}, explanation=(line,), completeness=80)
    text = told(settled(score=early, score_version="1").id)
    assert "missing: TIEFE" in text
    assert "kept no weights" in text


@pytest.mark.parametrize(
    ("outcome", "reason"), [("failed", "timeout"), ("refused", "refused"), ("failed", None)]
)
def test_jobs_without_a_score_say_why(
    told: Explain, settled: Callable[..., Job], outcome: str, reason: str | None
) -> None:
    """A job that never got an answer explains itself in a sentence, and as JSON."""
    job = settled("error", outcome=outcome, reason=reason, score_version=None)
    assert "It has no score" in told(job.id)
    found = told(job.id, "--json")
    assert (found["total"], found["outcome"], found["reason"]) == (None, outcome, reason)


def test_a_job_that_waits_has_nothing_to_explain(
    told: Explain, settled: Callable[..., Job]
) -> None:
    """Before the end there is no score; the error says where the job lies."""
    with pytest.raises(SyntxError, match="has not ended yet: it lies in incoming"):
        told(settled("incoming").id)


def test_the_beginning_of_an_id_or_a_path_will_do(
    told: Explain, settled: Callable[..., Job], spoilt: Score, home: Home
) -> None:
    """Jobs are named as for `syntx show`; nothing is scored again."""
    job = settled("archive", score=spoilt, score_version="9+abcdef01")
    path = home.root / "queue" / "archive" / job.day / f"{job.id}.json"
    assert "(archive, passed)" in told(job.id[:-2])
    assert "version 9+abcdef01" in told(str(path))


@pytest.mark.parametrize(
    "measures",
    [
        {"present": "all", "calibrated": None, "words": 3, "samples": [], "judge": "x"},
        {"samples": {"n": 2}, "judge": {"error": "\x1b[31m"}, "score_total": []},
        {"samples": {"n": 2, "totals": "abc"}, "present": -1, "calibrated": 7},
    ],
)
def test_measures_of_another_program_break_nothing(
    told: Explain, settled: Callable[..., Job], spoilt: Score, measures: dict[str, Any]
) -> None:
    """Whatever a job file holds as measures, the rest is explained and no sign is raw."""
    found = spoilt.model_copy(update={"measures": measures})
    job = settled(score=found)
    assert "\x1b" not in told(job.id)
    assert told(job.id, "--json")["total"] == spoilt.total


_SHARE = st.floats(0, 1)
_NAMES = st.sampled_from(["structure", "substance", "length", "complete", "no_echo"])


@settings(deadline=None)
@given(st.integers(0, 99), st.dictionaries(_NAMES, _SHARE), st.dictionaries(_NAMES, _SHARE), _SHARE)
def test_losses_add_up_whatever_was_recorded(
    total: int, parts: dict[str, float], weights: dict[str, float], calibrated: float
) -> None:
    """Any parts and weights are accounted for without an error; losses never exceed what lacks."""
    measures = {"calibrated": calibrated, "present": 1.0}
    items = account(Score(total=total, parts=parts, weights=weights, measures=measures))
    lost = [item.lost for item in items if item.lost is not None]
    assert all(loss >= 0 for loss in lost)
    assert sum(lost) <= 100 - total + 1e-6
