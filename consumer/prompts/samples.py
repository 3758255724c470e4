"""The answers to one prompt, and the one score they make together."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from consumer.prompts.parsing import parse
from consumer.prompts.scoring.consistency import consistency
from consumer.prompts.scoring.options import ScoreOptions
from consumer.prompts.scoring.part import Part
from consumer.prompts.scoring.total import MOST_CHARACTERS, with_part
from syntx.job import Score
from syntx.llm.contract import Answer
from syntx.wrappers import Wrapper


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer; `result` is its own score, or why it has none."""

    answer: Answer
    result: Score | str

    @property
    def score(self) -> Score | None:
        """Its own score, or None."""
        return self.result if isinstance(self.result, Score) else None


def chosen(samples: Sequence[Sample]) -> Sample | None:
    """Return the sample that speaks for all: the one of the lower median score."""
    scored = sorted((sample for sample in samples if isinstance(sample.result, Score)), key=_total)
    return scored[(len(scored) - 1) // 2] if scored else None


def stability(samples: Sequence[Sample], wrapper: Wrapper) -> Part | None:
    """Score how alike the samples are; None for fewer than two."""
    if len(samples) < 2:
        return None
    return consistency([_fields(sample, wrapper) for sample in samples])


def combined(samples: Sequence[Sample], wrapper: Wrapper, options: ScoreOptions) -> Score | None:
    """Return the score of the chosen sample with what the others add; None if none has one."""
    speaker = chosen(samples)
    if speaker is None or speaker.score is None:
        return None
    score, stable = speaker.score, stability(samples, wrapper)
    if stable is None:
        told = "consistency was not measured: n = 1."
        explanation = (*score.explanation, told)
        score = score.model_copy(update={"explanation": explanation})
    else:
        score = with_part(score, "consistency", stable, options.consistency, options)
    measures = {**score.measures, "samples": _spread(samples)}
    return score.model_copy(update={"measures": measures})


def _total(sample: Sample) -> int:
    return sample.score.total if sample.score else -1


def _spread(samples: Sequence[Sample]) -> dict[str, Any]:
    """Return number, totals (null for what is no answer), mean and standard deviation."""
    totals = [sample.score.total if sample.score else None for sample in samples]
    scored = [total for total in totals if total is not None]
    return {
        "n": len(samples),
        "totals": totals,
        "mean": round(statistics.fmean(scored), 2),
        "sd": round(statistics.stdev(scored), 2) if len(scored) > 1 else None,
    }


def _fields(sample: Sample, wrapper: Wrapper) -> dict[str, str]:
    if sample.score is None:
        return {}
    parsed = parse(sample.answer.text[:MOST_CHARACTERS], wrapper.fields)
    return {found.key: found.text for found in parsed.fields if found.text}
