from __future__ import annotations

import asyncio
import os
import time
from typing import Any

import pytest

from syntx.notify import Notifier


@pytest.mark.parametrize("manager", ["path", "abstract"], indirect=True)
def test_what_is_told_arrives_at_a_path_and_at_an_abstract_socket(manager: Any) -> None:
    """Ready, status and stopping are the lines the manager knows, a status is one line."""
    notifier = Notifier(manager.address)
    notifier.ready()
    notifier.status("two\nlines = one")
    notifier.stopping(2.5)
    notifier.stopping()

    told = ["READY=1", "STATUS=two lines = one", "STOPPING=1", "EXTEND_TIMEOUT_USEC=2500000"]
    assert manager.listen() == [*told, "STOPPING=1"]


def test_without_a_manager_nothing_is_told() -> None:
    """No address: every call does nothing."""
    notifier = Notifier.from_environment({})
    notifier.ready()
    notifier.beat()
    assert not notifier.is_heard
    assert notifier.pause is None


@pytest.mark.parametrize("manager", ["path", "abstract"], indirect=True)
def test_a_manager_that_is_gone_stops_nobody(manager: Any) -> None:
    """A socket that vanished, or an address that is none, raises nothing."""
    manager.close()
    for address in (manager.address, "/nowhere/at/all", "vsock:1:2", "x" * 300, "@"):
        Notifier(address, watchdog=1.0).ready()
        Notifier(address, watchdog=1.0).beat()


def test_the_wishes_are_taken_out_of_the_environment() -> None:
    """A child we start finds no socket and no watchdog of ours."""
    environ = {
        "NOTIFY_SOCKET": "/run/x",
        "WATCHDOG_USEC": "8000000",
        "WATCHDOG_PID": str(os.getpid()),
        "OTHER": "stays",
    }
    notifier = Notifier.from_environment(environ)
    assert environ == {"OTHER": "stays"}
    assert notifier.pause == 2.0


def test_a_watchdog_for_another_process_is_not_ours() -> None:
    """WATCHDOG_PID of somebody else, a period that is no number, or zero: no pings."""
    for wishes in (
        {"WATCHDOG_USEC": "8000000", "WATCHDOG_PID": "1"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "0"},
        {},
    ):
        assert Notifier.from_environment({"NOTIFY_SOCKET": "/run/x", **wishes}).pause is None


def test_beats_are_pings_at_a_quarter_of_the_period(manager: Any) -> None:
    """However often a loop beats, a ping is sent only when one is due."""
    notifier = Notifier(manager.address, watchdog=3600.0)
    for _ in range(100):
        notifier.beat()
    assert manager.listen() == ["WATCHDOG=1"]
    assert notifier.bounded(5.0) == 5.0
    assert notifier.bounded(5000.0) == 900.0


async def test_a_blocked_loop_is_silent(manager: Any) -> None:
    """While something holds the event loop no ping is sent; when it lets go they go on."""
    asked = asyncio.Event()
    async with Notifier(manager.address, watchdog=0.2).serving(asked.wait):
        await _heard(manager, "WATCHDOG=1", 3)
        manager.listen()
        time.sleep(0.5)  # noqa: ASYNC251 - the hang itself
        assert manager.listen() == []

        await _heard(manager, "WATCHDOG=1", 3)
        asked.set()
        await _heard(manager, "STOPPING=1")
    assert manager.heard[0] == "READY=1"


async def _heard(manager: Any, line: str, times: int = 1) -> None:
    before = len(manager.heard)
    async with asyncio.timeout(30):
        while manager.heard[before:].count(line) < times:
            manager.listen()
            await asyncio.sleep(0.01)
