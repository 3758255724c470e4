from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from turning import Maker, word

from producer.cycle import turn
from producer.order import Order
from syntx.home import Home
from syntx.journal.appending import Unreadable
from syntx.journal.files import read_all
from syntx.journal.packing import pack
from syntx.llm.scripted import ScriptedModel
from syntx.spool.memory import MemorySpool


def _numbers(log: Path) -> list[int]:
    found = read_all(log)
    return [one["generation"] for one in found if not isinstance(one, Unreadable)]


async def test_the_number_counts_on_over_days_and_packs(
    make_desk: Maker, home: Home, evolution_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A generation a day for weeks, with the logs put aside and packed: 1, 2, 3 …"""
    begin = datetime(2026, 9, 28, tzinfo=UTC)
    desk = make_desk(ScriptedModel(word), MemorySpool())
    for number in range(5):
        monkeypatch.setattr("syntx.journal.logs._now", lambda at=number: begin + timedelta(days=at))
        await turn(desk, Order(size=1, force=True))
        pack(evolution_log, today=f"{begin + timedelta(days=number):%Y-%m-%d}")
    assert _numbers(evolution_log) == [1, 2, 3, 4, 5]
    assert evolution_log.with_name("evolution-2026-09.jsonl.gz").exists()


async def test_a_line_of_the_day_before_is_not_written_again(
    make_desk: Maker, evolution_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the line was logged and before that was noted, and put aside meanwhile."""
    desk = make_desk(ScriptedModel(word), MemorySpool())
    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "mark_logged", _die)
        with pytest.raises(KeyboardInterrupt):
            await turn(desk, Order(size=1, force=True))
    evolution_log.rename(evolution_log.with_name("evolution-2026-09-30.jsonl"))
    await turn(desk, Order())
    assert _numbers(evolution_log) == [1]


async def test_the_number_survives_a_lost_store_and_a_packed_month(
    make_desk: Maker, home: Home, evolution_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the store the last number is found in what was packed."""
    monkeypatch.setattr("syntx.journal.logs._now", lambda: datetime(2026, 9, 30, tzinfo=UTC))
    desk = make_desk(ScriptedModel(word), MemorySpool())
    await turn(desk, Order(size=1, force=True))
    await turn(desk, Order(size=1, force=True))
    for name in ("evolution", "gpt_prompts"):
        pack(evolution_log.with_name(f"{name}.jsonl"), today="2026-10-02")
    assert not evolution_log.exists()
    monkeypatch.setattr(desk.store, "next_number", lambda last: last + 1)
    monkeypatch.setattr(desk.store, "has_plans", lambda: False)
    (plan,) = await turn(desk, Order(size=1, force=True))
    assert plan.number == 3


def _die(number: int) -> None:
    raise KeyboardInterrupt
