from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from consumer.prompts.scoring.legacy import legacy_score
from consumer.prompts.scoring.options import SHIPPED, SHIPPED_VERSION, ScoreOptions, options_of
from consumer.prompts.scoring.part import Part
from consumer.prompts.scoring.total import score, with_part
from syntx.home import Home
from syntx.settings.folder import load
from syntx.settings.loading import parse_section
from syntx.settings.models import Judge, Scoring, Weights

if TYPE_CHECKING:
    from tests.consumer.prompts.conftest import Example

_VALUE = re.compile(r"^# ?((?:  )?\w+:(?: .*)?)$", re.MULTILINE)


def _of(example: Example, options: ScoreOptions = SHIPPED) -> int:
    return score(example.answer(), example.wrapper, example.prompt, options=options).total


def test_the_shipped_file_makes_the_shipped_version(home: Home) -> None:
    """config/scoring.yaml changes nothing: scores carry the plain version."""
    options = options_of(load(home).scoring)
    assert options == SHIPPED
    assert options.version == SHIPPED_VERSION


def test_what_the_shipped_file_comments_out_is_what_holds(home: Home) -> None:
    """Every value that scoring.yaml shows as a comment is the one that is used."""
    path = home.config / "scoring.yaml"
    shown = _VALUE.sub(r"\1", path.read_text())
    scoring = parse_section(shown, path, Scoring)
    assert scoring.weights is not None
    assert scoring.calibration is not None
    assert scoring.languages is not None
    assert options_of(scoring) == SHIPPED


def test_every_part_can_be_weighed() -> None:
    """The weights of scoring.yaml name exactly the parts there are."""
    assert set(Weights.model_fields) == set(SHIPPED.weights)


@pytest.mark.parametrize(
    "altered",
    [
        {"consistency": 0.2},
        {"languages": ("de",)},
        {"calibration": ((0.0, 0.0), (1.0, 1.0))},
        {"judge": Judge(enabled=True, model="m")},
        {"weights": Weights(**{**SHIPPED.weights, "structure": 0.25, "substance": 0.25})},
    ],
    ids=lambda altered: next(iter(altered)),
)
def test_altered_options_are_a_version_of_their_own(altered: dict[str, object]) -> None:
    """Whatever changes a score changes its version, always to the same name."""
    version = options_of(Scoring().model_copy(update=altered)).version
    assert re.fullmatch(rf"{SHIPPED_VERSION}\+[0-9a-f]{{8}}", version)
    assert options_of(Scoring().model_copy(update=altered)).version == version


def test_a_judge_that_is_off_changes_no_version() -> None:
    """The weight of a judge nobody asks does not make another score."""
    assert options_of(Scoring(judge=Judge(weight=0.3))).version == SHIPPED_VERSION
    asked = (ScoreOptions(judge="m", judge_weight=weight).version for weight in (0.1, 0.2))
    assert len({*asked, SHIPPED_VERSION}) == 3


def test_weights_count(human: Example) -> None:
    """An answer without order loses nothing when only its length is weighed."""
    only_length = replace(SHIPPED, weights={**dict.fromkeys(SHIPPED.weights, 0.0), "length": 1.0})
    turned = replace(human, texts=human.texts[:1] * 6)
    assert _of(turned, only_length) > _of(turned)


def test_a_score_records_what_its_total_is_made_of(example: Example) -> None:
    """Parts and weights are kept, and the weights are shares of one."""
    found = score(example.answer(), example.wrapper, example.prompt)
    assert found.weights.keys() <= found.parts.keys()
    assert sum(found.weights.values()) == pytest.approx(1, abs=1e-5)


def test_a_further_part_takes_its_weight_from_the_others(human: Example) -> None:
    """A perfect part cannot lower, a poor one cannot raise, and the weights stay shares."""
    poor = replace(human, texts=(*human.texts[:5], "Naja, so ist es eben."))
    spoilt = score(poor.answer(), poor.wrapper, poor.prompt)
    better = with_part(spoilt, "judge", Part(1.0, "fine"), 0.3, SHIPPED)
    worse = with_part(spoilt, "judge", Part(0.1, "poor"), 0.3, SHIPPED)
    assert worse.total < spoilt.total <= better.total
    assert sum(better.weights.values()) == pytest.approx(1, abs=1e-5)
    assert better.weights["judge"] == 0.3
    assert better.explanation[-1] == "judge 1.00: fine."


def test_legacy_mode_gives_the_older_total_and_the_parts(human: Example) -> None:
    """The older total stands in front, what the parts alone would make stays readable."""
    options = replace(SHIPPED, mode="legacy")
    echo = replace(human, texts=("Naja.",) * 6)
    found = score(echo.answer(), echo.wrapper, echo.prompt, options=options)
    assert options.version == "legacy-1"
    assert found.total == found.measures["legacy_total"] == legacy_score(echo.answer())
    assert found.measures["score_total"] == _of(echo) < found.total
    assert found.parts["structure"] == 1.0
    assert with_part(found, "judge", Part(0.1, "poor"), 0.3, options).total == found.total


def test_legacy_mode_gives_what_the_older_system_gave(human: Example) -> None:
    """On its own answers it reproduces the total the older system printed."""
    named = os.environ.get("SYNTX_REAL_RECORDS")
    if not named:
        pytest.skip("SYNTX_REAL_RECORDS does not name a folder of real records")
    options, folder = replace(SHIPPED, mode="legacy"), Path(named)
    records = map(json.loads, (folder / "calibrations.jsonl").read_text("utf-8").splitlines())
    answers = {record["index"]: record["response"] for record in records}
    labels = json.loads((folder / "gold_labels.json").read_text("utf-8"))["labels"]
    known = [label for label in labels if label.get("origin_head_total_score") is not None]
    assert known
    for label in known:
        found = score(answers[label["index"]] or "", human.wrapper, "", options=options)
        assert found.total == label["origin_head_total_score"], label["index"]


@pytest.mark.parametrize("filler", ["\n", " \n", "\n\t", "1.\n"])
def test_an_answer_of_blank_lines_is_scored_in_time(human: Example, filler: str) -> None:
    """A megabyte of line ends does not stop the consumer."""
    started = monotonic()
    score("1. DRIFT\n" + filler * 500_000, human.wrapper, human.prompt)
    assert monotonic() - started < 30
