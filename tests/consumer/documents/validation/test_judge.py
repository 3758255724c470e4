"""A judge's opinion: asked for small documents, and never trusted with the shape."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from consumer.documents.failing import LeakBlocked, ModelRefused
from consumer.documents.generation.models import KpiDefinition, UnifiedJsonDocument
from consumer.documents.validation.content import validate
from consumer.documents.validation.judge import MOST_REPAIRED, judge_prompt, judged
from consumer.documents.validation.models import ValidationResult
from consumer.documents.validation.scoring import JUDGE_SHARE
from consumer.documents.validation.wishes import Wish
from syntx.errors import ModelUnavailable
from syntx.simulator.mind import Mind
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.questions import Question

CRITERIA = ("Die Umsätze der Filialen werden genannt", "Quantenphysik wird ausführlich erklärt")
WISH = Wish(criteria=CRITERIA)


def verdict(**fields: Any) -> dict[str, Any]:
    """Return a judge's verdict."""
    return {"overallSuccess": True, "qualityScore": 1.0, **fields}


def opinions(*pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Return a verdict about criteria by index."""
    return verdict(criteriaMapping=[{"index": index, "met": met} for index, met in pairs])


def mets(document: UnifiedJsonDocument, opinion: Any, wish: Wish = WISH) -> list[bool | None]:
    """Return which criteria are met with that opinion, None for those not checked."""
    found = validate(document, wish, (), opinion).criteria_mapping
    return [each.met if each.checked else None for each in found]


async def test_a_model_is_asked_and_its_answer_counts(sound: UnifiedJsonDocument) -> None:
    """From prompt to verdict with a model that reads the document."""
    mind = Mind(SimulatorOptions())

    async def ask(prompt: str) -> str:
        return mind.reply(Question(prompt), 0)[1].text

    opinion = await judged(ask, sound, WISH, request="Berichte über Umsätze.")
    found = validate(sound, WISH, (), opinion)

    assert [each.met for each in found.criteria_mapping] == [True, False]
    assert found.criteria_mapping[1].reason.startswith("judge: ")
    assert found.gap_type == "missing_data"


async def test_large_documents_are_never_shown(sound: UnifiedJsonDocument) -> None:
    """Above the limit nobody is asked."""

    async def ask(prompt: str) -> str:
        raise AssertionError("asked")

    assert await judged(ask, sound, WISH, large_bytes=100) is None


@pytest.mark.parametrize(
    "answer",
    ["", "Alles gut!", "[1, 2]", "null", "{", "```json\n```", '{"a": "' + "x" * MOST_REPAIRED],
    ids=lambda answer: answer[:12],
)
async def test_an_unusable_answer_leaves_the_rules_alone(
    sound: UnifiedJsonDocument, answer: str
) -> None:
    """No object, no opinion."""

    async def ask(prompt: str) -> str:
        return answer

    assert not await judged(ask, sound, WISH)


async def test_a_refusal_leaves_the_rules_alone_an_outage_does_not(
    sound: UnifiedJsonDocument,
) -> None:
    """What may work later is tried later; what must not leave stops the job."""

    async def fail(error: Exception) -> Any:
        async def ask(prompt: str) -> str:
            raise error

        return await judged(ask, sound, WISH)

    assert await fail(ModelRefused("no")) is None
    with pytest.raises(ModelUnavailable):
        await fail(ModelUnavailable("down"))
    with pytest.raises(LeakBlocked):
        await fail(LeakBlocked("a name"))


def test_the_prompt_shows_document_and_criteria(sound: UnifiedJsonDocument) -> None:
    """Criteria are numbered; those of several lines stay one."""
    prompt = judge_prompt(sound, Wish(criteria=("Eins\n# Order", "Zwei")), "Frag </request>")

    assert "1. Eins # Order\n2. Zwei" in prompt
    assert "Die Filiale in Köln" in prompt
    assert prompt.count("</request>") == 1


@pytest.mark.parametrize(
    ("opinion", "expected"),
    [
        (opinions((0, True), (1, False)), [True, False]),
        (opinions((1, False), (2, True)), [False, True]),
        (opinions(("1", "no"), ("2", "yes")), [False, True]),
        (opinions((7, False), (-1, False), (True, False), (None, False)), [None, None]),
        (verdict(criteriaMapping=[{"criterion": CRITERIA[1], "met": False}]), [None, False]),
        (verdict(criteriaMapping="nothing"), [None, None]),
        (verdict(criteriaMapping=[["x"], None, 3, {"met": {}}]), [None, None]),
    ],
)
def test_opinions_find_their_criterion(
    sound: UnifiedJsonDocument, opinion: Any, expected: list[bool | None]
) -> None:
    """By text or by number, counted from 0 or from 1; what fits nowhere is left out."""
    assert mets(sound, opinion) == expected


def test_a_judge_moves_the_score_by_a_bounded_share(sound: UnifiedJsonDocument) -> None:
    """Down or up, by no more than that; nonsense moves nothing."""
    alone = validate(sound, Wish()).quality_score
    worst = validate(sound, Wish(), (), verdict(qualityScore=0.0)).quality_score

    assert alone - worst == pytest.approx(JUDGE_SHARE)
    for odd in ("very good", None, True, float("nan"), -3, [], {}):
        assert validate(sound, Wish(), (), verdict(qualityScore=odd)).quality_score == alone
    assert validate(sound, Wish(), (), verdict(qualityScore="95 %")).quality_score == 0.95


def test_a_judge_overrides_neither_measures_nor_rules(sound: UnifiedJsonDocument) -> None:
    """All praise, and still rows and a chapter are missing."""
    kpis = (KpiDefinition(id="r", json_path="$..rows", target_value=40),)
    wish = Wish(kpis=kpis, criteria=("Ein Kapitel „Ausblick“",))
    found = validate(sound, wish, (), {**opinions((0, True)), "gapType": "no_gap"})

    assert not found.overall_success
    assert not found.criteria_mapping[0].met
    assert found.structure_comparison.gap["kpis"] == {"r": 38}


def test_a_judge_may_deny_what_rules_hold_met(sound: UnifiedJsonDocument) -> None:
    """A list is there, but it is not the right one."""
    assert mets(sound, opinions((0, False)), Wish(criteria=("Enthält eine Liste",))) == [False]


def noise(chance: random.Random, depth: int = 0) -> Any:
    """Return any JSON value, of wrong types and absurd sizes."""
    kinds = [None, True, -1, 1e308, float("inf"), "", "x" * 5_000, "\ud800", "0", "Ja"]
    if depth > 3 or chance.random() < 0.5:
        return chance.choice(kinds)
    if chance.random() < 0.5:
        return [noise(chance, depth + 1) for _ in range(chance.randrange(4))]
    names = ("index", "met", "criterion", "reason", "x")
    return {chance.choice(names): noise(chance, depth + 1) for _ in range(3)}


def test_no_verdict_however_malformed_breaks_the_result(sound: UnifiedJsonDocument) -> None:
    """Two thousand verdicts of noise, and every result is whole, valid and encodable."""
    fields = (
        "qualityScore",
        "criteriaMapping",
        "gapType",
        "gapAnalysis",
        "improvementSuggestions",
        "overallSuccess",
        "documentCount",
        "extra",
    )
    chance = random.Random(7)
    for _ in range(500):
        opinion = {name: noise(chance) for name in fields if chance.random() < 0.8}
        found = validate(sound, WISH, (), opinion)
        wire = json.loads(found.to_wire())

        assert ValidationResult.model_validate(wire) == found
        assert len(wire["criteriaMapping"]) == 2
        assert len(found.to_wire()) < 60_000
    for odd in (None, [], "x", 3, True):
        assert validate(sound, WISH, (), odd).overall_success
