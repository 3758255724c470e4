"""A bench in memory: a spool, a scripted model, the shipped wrappers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from consumer.prompts.records import LoggedFlow
from consumer.worker import Bench
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Job, Recipe
from syntx.journal.logs import Logs
from syntx.llm.scripted import ScriptedModel
from syntx.settings.folder import load
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool
from syntx.wrapper_folder import WrapperFolder

ANSWER = """1. DRIFT
Die Lage kippt, weil kaum jemand weiß, wer im Winter den Strom für die Stadt bezahlt.

2. HINTERGRUND-MUSTER
Dahinter steckt ein alter Streit zwischen Nachbarn, die sich gegenseitig nicht mehr trauen.

3. DRUCKFAKTOREN
Hohe Preise, kalte Wohnungen und leere Kassen treiben die Menschen in enge Entscheidungen.

4. TIEFE
Das reicht tief, denn Vertrauen wächst langsam und zerbricht an einem einzigen Abend.

5. WIRKUNG AUF BEIDE SEITEN
Die Verwaltung fühlt sich angegriffen, während Familien glauben, niemand höre ihnen zu.

6. KLARTEXT
Ohne ehrliche Absprachen hält keine Stadt zusammen, wenn im Winter der Strom ausfällt.
"""


@pytest.fixture
def job() -> Job:
    """Give a prompt job."""
    return Job(
        id=new_id("Stadt", "casual"),
        created_at=datetime.now(UTC),
        prompt="Was hält eine Stadt im Winter zusammen, wenn der Strom ausfällt?",
        recipe=Recipe(topic="Stadt", style="casual", wrapper="human"),
    )


@pytest.fixture
def settings(home: Home) -> Settings:
    """Give the shipped settings."""
    return load(home)


@pytest.fixture
def make_bench(home: Home, settings: Settings) -> Callable[..., Bench]:
    """Give a maker of benches around a scripted model."""

    def make(model: ScriptedModel, spool: MemorySpool, changed: Settings | None = None) -> Bench:
        return Bench(
            name="worker-1",
            spool=spool,
            gateway=model,
            wrappers=WrapperFolder(home.root / "wrappers"),
            flow=LoggedFlow(Logs(home.root / "logs", "consumer")),
            settings=lambda: changed or settings,
        )

    return make


@pytest.fixture
def good_answer() -> str:
    """Give a whole answer on the topic of `job`."""
    return ANSWER
