"""Turns of a producer in memory: a model that words prompts, a consumer that scores them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from evolution.evidence import EvidenceStore
from producer.desk import Desk, space_of
from syntx.home import Home
from syntx.ids import new_ids
from syntx.job import Attempt, Job, Score, Verdict
from syntx.journal.logs import Logs
from syntx.llm.contract import Request
from syntx.llm.folder import CatalogueFolder
from syntx.llm.scripted import ScriptedModel
from syntx.settings.models import Settings
from syntx.simulator.dice import Occurrences, dice
from syntx.simulator.drafting import read_order, write_drafts
from syntx.spool.memory import MemorySpool

Maker = Callable[..., Desk]

_numbers = itertools.count()
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo")


def desk_in(
    home: Home, store: EvidenceStore, model: ScriptedModel, spool: MemorySpool, settings: Settings
) -> Desk:
    """Return a desk in memory but for store and logs, around a scripted model."""
    return Desk(
        spool=spool,
        gateway=model,
        store=store,
        logs=Logs(home.root / "logs", "producer"),
        settings=lambda: settings,
        space=lambda: space_of(settings, ("human", "sigma")),
        catalogue=CatalogueFolder(home.models).current,
    )


def text_of(number: int, words: int = 60) -> str:
    """Return a prompt of made-up words, unlike those of other numbers."""
    chance = Random(number)
    made = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(words)]
    return " ".join(["Erzähle", *made]) + "?"


def word(_: Request) -> str:
    """Answer with a prompt that was never there before."""
    return text_of(next(_numbers))


def simulated() -> Callable[[Request], str]:
    """Return a writer like the simulator's: it knows the request's text alone."""
    seen = Occurrences()

    def write(request: Request) -> str:
        text = request.messages[-1].content
        order = read_order(text)
        assert order is not None
        return write_drafts(order, dice(text, seen.count(text)))

    return write


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return the records of a log."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def jobs_waiting(count: int) -> list[Job]:
    """Return jobs that nobody planned."""
    now = datetime.now(UTC)
    return [Job(id=one, created_at=now, prompt="?") for one in new_ids([(None, None)] * count)]


async def consume(spool: MemorySpool, score: Callable[[Job], int] = lambda _: 80) -> list[Job]:
    """End every waiting job with a score; returns them."""
    done = []
    while (claim := await spool.claim()) is not None:
        now = datetime.now(UTC)
        verdict = Verdict(
            outcome="passed",
            score=Score(total=score(claim.job), parts={"substance": 0.4, "relevance": 1.0}),
            score_version="1",
            settled_at=now,
        )
        await spool.settle(claim, verdict, Attempt(worker="w", started=now, ended=now))
        done.append(claim.job)
    return done


def changed(settings: Settings, **generator: Any) -> Settings:
    """Return settings with other values in generator.yaml."""
    return settings.model_copy(
        update={"generator": settings.generator.model_copy(update=generator)}
    )
