"""The seconds of a document job: all its runs share them, and an end in order outlasts them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from document_work import FILES, Player, Work

from consumer.documents import path
from consumer.documents.failing import TimeIsUp
from consumer.documents.workflow.delivering import deliver
from syntx.errors import ModelUnavailable
from syntx.settings.models import Documents


class Endless(Player):
    """A model that never answers."""

    async def ask(self, request: Any) -> Any:
        """Wait for ever."""
        await asyncio.sleep(3600)


async def test_a_deadline_of_the_whole_job_is_kept(tmp_path: Path) -> None:
    """A model that never answers does not hold the worker; the error names the setting."""
    work = Work(tmp_path, options={"deadline": 0.2})

    with pytest.raises(TimeIsUp, match=r"0\.2 s") as caught:
        await work.run(Endless())

    assert caught.value.reason == "timeout"
    assert "documents.deadline" in (caught.value.fix or "")


async def test_seconds_of_earlier_runs_count(tmp_path: Path) -> None:
    """A run that broke off leaves the next one what it did not use."""
    work = Work(tmp_path, files=FILES, options={"deadline": 3600})
    with pytest.raises(ModelUnavailable):
        await work.run(Player(lambda *_: ModelUnavailable("gone")))
    state = work.state
    assert 0 < state.seconds < 60
    state.seconds = 3599.9
    (work.folder / "workflow/state.json").write_text(state.model_dump_json(by_alias=True))

    with pytest.raises(TimeIsUp):
        await work.run(Endless())


async def test_a_retry_after_the_deadline_has_all_seconds_again(tmp_path: Path) -> None:
    """Else an operator's retry would end as it begins."""
    work = Work(tmp_path, files=FILES, options={"deadline": 0.2})
    with pytest.raises(TimeIsUp):
        await work.run(Endless())

    assert work.state.seconds < 0.2
    work.options = {"deadline": 60}
    assert (await work.run(Player())).outcome == "passed"


@pytest.fixture
def held_delivery(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Hold the delivery: give what tells that it began, and what lets it go on."""
    began, go_on = threading.Event(), threading.Event()

    def slowly(office: Any) -> None:
        began.set()
        assert go_on.wait(60)
        deliver(office)

    monkeypatch.setattr(path, "deliver", slowly)
    return began, go_on


async def test_a_delivery_holds_nobody_up_and_ends_before_its_job_is_given_away(
    tmp_path: Path, held_delivery: tuple[threading.Event, threading.Event]
) -> None:
    """The event loop turns meanwhile; who cancels gets the folder when nothing writes any more."""
    began, go_on = held_delivery
    work = Work(tmp_path, files=FILES)
    running = asyncio.create_task(work.run(Player()))
    while not began.is_set():
        await asyncio.sleep(0.01)

    for _ in range(2):
        running.cancel()
        await asyncio.sleep(0.02)
        assert not running.done()
    go_on.set()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    assert running.cancelled()
    assert work.state.finished
    assert (await work.run(Endless())).outcome == "passed"


async def test_a_deadline_that_ends_within_the_delivery_costs_nothing(
    tmp_path: Path, held_delivery: tuple[threading.Event, threading.Event]
) -> None:
    """What is delivered counts."""
    began, go_on = held_delivery
    work = Work(tmp_path, request="Was ist das?", settings=Documents(format="md"))
    work.options = {"deadline": 0.6}
    running = asyncio.create_task(work.run(Player()))
    while not began.is_set():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.7)
    go_on.set()

    assert (await running).outcome in ("passed", "low_score")
