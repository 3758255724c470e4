"""A planner that says anything at all, in and out of shape."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from document_work import Player, Said, Work

from consumer.documents.workflow.objects import MOST_REPAIRED, read_object

ACTIONS = (
    "ai.analyse",
    "ai.answer",
    "ai.generateDocument",
    "ai.process",
    "context.neutralizeData",
    "document.render",
    "document.validate",
)
TEXTS = ("", "x", "round1", "docList:", "docItem:att_1", "\ud800", "a\0b", "../../etc", "pdf", "$[")


class Hostile:
    """Answers in the planner's place: plans and selections of arbitrary values."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def __call__(self, name: str, _: int) -> Said:
        """Return an answer, or None to let the part be played."""
        if self._dice.random() < 0.3:
            return None
        match name:
            case "planner/understand":
                return json.dumps({"intent": self._any(), "tasks": self._tasks()})
            case "planner/select":
                return json.dumps(self._selection())
            case "planner/parameters" | "judge/judge":
                return json.dumps(self._any())
            case _:
                return None

    def _tasks(self) -> Any:
        keys = ("id", "objective", "successCriteria", "format", "dependencies", "kpis")
        good = {"id": "t0", "objective": "o", "successCriteria": ["c"], "format": "md"}
        tasks = [
            {key: good.get(key, self._any()) for key in keys if self._dice.random() < 0.8}
            for _ in range(self._dice.randrange(3))
        ]
        return self._dice.choice([tasks, self._any()])

    def _selection(self) -> Any:
        keys = ("parameters", "documentList", "resultLabel", "learnings", "actionObjective")
        chosen = {key: self._any() for key in keys if self._dice.random() < 0.5}
        return {"action": self._dice.choice((*ACTIONS, self._any())), **chosen}

    def _any(self, depth: int = 0) -> Any:
        kind = self._dice.randrange(6 if depth < 3 else 4)
        if kind < 2:
            return self._dice.choice((None, True, 0, -1, 1e308, 3.5))
        if kind < 4:
            return self._dice.choice(TEXTS)
        values = [self._any(depth + 1) for _ in range(self._dice.randrange(3))]
        return values if kind == 4 else {self._dice.choice(TEXTS): value for value in values}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_the_planner_says_the_job_comes_to_a_verdict(
    tmp_path: Path, seed: int
) -> None:
    """Nothing it says is a bug of ours; every start has its finish, and the record is delivered."""
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Wale.",
        options={"models": {"judge": "player"}, "neutralize": seed % 2 == 0},
    )

    verdict = await work.run(Player(Hostile(seed)))

    assert verdict.outcome in ("passed", "low_score", "failed")
    assert "workflow.json" in work.outputs
    kinds = [kind for kind, *_ in work.heard.lines]
    assert kinds.count("start") == kinds.count("finish")


@pytest.mark.parametrize(
    "said",
    [
        '{"action": "ai.process", "parameters": {}, "x": ' + "[" * 300 + "]" * 300 + "}",
        '{"action": "ai.process", "parameters": {"a": ' + '{"a":' * 900 + "1" + "}" * 902,
        '{"action": "ai.process", "why": "' + "x" * MOST_REPAIRED,
    ],
    ids=["too deep to be read again", "too deep to be kept", "too long to mend"],
)
def test_what_cannot_be_kept_or_mended_is_no_answer(said: str) -> None:
    """It is asked for again, as any answer that is no object."""
    assert read_object(said) is None
