"""A desk in memory: a spool, a scripted generator model, a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from turning import desk_in

from evolution.evidence import EvidenceStore
from producer.desk import Desk
from syntx.home import Home
from syntx.llm.scripted import ScriptedModel
from syntx.settings.folder import load
from syntx.settings.models import Settings
from syntx.spool.memory import MemorySpool


@pytest.fixture
def settings(home: Home) -> Settings:
    """Give the shipped settings."""
    return load(home)


@pytest.fixture
def store(home: Home) -> Iterator[EvidenceStore]:
    """Give an evidence store on disk."""
    with EvidenceStore(home.root / "queue" / ".state" / "evolution.sqlite") as opened:
        yield opened


@pytest.fixture
def make_desk(home: Home, store: EvidenceStore, settings: Settings) -> Callable[..., Desk]:
    """Give a maker of desks around a scripted model."""

    def make(model: ScriptedModel, spool: MemorySpool, changed: Settings | None = None) -> Desk:
        return desk_in(home, store, model, spool, changed or settings)

    return make


@pytest.fixture
def evolution_log(home: Home) -> Path:
    """Give the path of the log of generations."""
    return home.root / "logs" / "evolution.jsonl"
