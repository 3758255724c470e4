"""What the gateway repeats, how long it pauses, and when it gives up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from syntx.errors import (
    BadRequest,
    DeadlineExceeded,
    ModelUnavailable,
    NotAuthorised,
    RateLimited,
    SyntxError,
)


async def test_what_may_pass_is_repeated_until_it_is_answered(
    bench: Any, reply: Any, asking: Any
) -> None:
    """A 429, a 500 and a reset are three retries before one answer."""
    bench.stub.script = [reply(429), reply(500, {"detail": "busy"}), "reset", reply()]

    answer = await bench.gateway().ask(asking())

    assert answer.text == "Hallo"
    assert answer.retries == 3 == len(bench.tries)
    assert [one.reason for one in answer.tries] == ["rate_limited", "unavailable", "unavailable"]
    assert len(bench.stub.seen) == 4


async def test_pauses_grow(bench: Any, reply: Any, asking: Any) -> None:
    """Each pause may be twice as long as the one before, up to the longest."""
    bench.stub.script = [reply(503)] * 4

    answer = await bench.gateway(max_tries=5, backoff=1.0, max_backoff=3.0).ask(asking())

    assert bench.clock.pauses == [1.0, 2.0, 3.0, 3.0]
    assert [one.pause for one in answer.tries] == bench.clock.pauses


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(bench: Any, reply: Any, asking: Any, status: int) -> None:
    """A pause is never shorter than the endpoint asked for."""
    bench.stub.script = [reply(status, headers={"retry-after": "7"})]

    await bench.gateway(backoff=0.5).ask(asking())

    assert bench.clock.pauses == [7.5]


async def test_a_timeout_is_repeated(bench: Any, reply: Any, asking: Any) -> None:
    """A read that takes longer than its limit is a try that failed with reason timeout."""
    bench.stub.script = ["hang", reply()]

    answer = await bench.gateway(read_timeout=0.2).ask(asking())

    assert [one.reason for one in answer.tries] == ["timeout"]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, BadRequest), (401, NotAuthorised), (404, BadRequest)]
)
async def test_what_will_never_work_is_asked_once(
    bench: Any, reply: Any, asking: Any, status: int, kind: type[SyntxError]
) -> None:
    """A permanent refusal reaches the caller at once."""
    bench.stub.script = [reply(status, {"error": {"message": "no"}})]

    with pytest.raises(kind):
        await bench.gateway().ask(asking())

    assert len(bench.stub.seen) == 1
    assert bench.clock.pauses == []


async def test_used_up_tries_raise_the_last_error(bench: Any, reply: Any, asking: Any) -> None:
    """The error carries the tries before it."""
    bench.stub.script = [reply(429), reply(502), reply(503)]

    with pytest.raises(ModelUnavailable, match="503") as raised:
        await bench.gateway(max_tries=3).ask(asking())

    assert [one.reason for one in raised.value.tries] == ["rate_limited", "unavailable"]
    assert len(bench.stub.seen) == 3
    assert bench.calls == []


async def test_no_pause_reaches_beyond_the_deadline(bench: Any, reply: Any, asking: Any) -> None:
    """When the endpoint asks for more time than there is, the error comes at once."""
    bench.stub.script = [reply(429, headers={"retry-after": "60"})]

    with pytest.raises(RateLimited) as raised:
        await bench.gateway().ask(asking(deadline=30.0))

    assert raised.value.delay == 60
    assert bench.clock.pauses == []


async def test_the_deadline_ends_a_call(bench: Any, asking: Any) -> None:
    """A hanging endpoint cannot hold a call longer than its deadline."""
    bench.stub.script = ["hang"]
    started = asyncio.get_running_loop().time()

    with pytest.raises(DeadlineExceeded) as raised:
        await bench.gateway().ask(asking(deadline=0.3))

    assert raised.value.reason == "timeout"
    assert 0.25 < asyncio.get_running_loop().time() - started < 1.3


async def test_a_refused_connection_is_temporary(bench: Any, asking: Any) -> None:
    """Nobody listening is a state that may pass; the error names the address."""
    bench.describe(url="http://127.0.0.1:1/v1")

    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:1") as raised:
        await bench.gateway(max_tries=2).ask(asking())

    assert len(raised.value.tries) == 1


async def test_a_cancelled_call_frees_its_place(bench: Any, reply: Any, asking: Any) -> None:
    """After a cancelled call the next one goes through a line of one place."""
    bench.describe(extra="concurrency: 1")
    bench.stub.script = ["hang", reply()]
    gateway = bench.gateway()
    hanging = asyncio.create_task(gateway.ask(asking()))
    await bench.stub.asked.wait()

    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert (await gateway.ask(asking())).text == "Hallo"
