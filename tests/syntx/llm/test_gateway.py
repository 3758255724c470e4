"""Choosing, fitting, keys, cool-down, places, pace and cost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest
from structlog.testing import capture_logs

from syntx.errors import (
    ConfigError,
    ContextExceeded,
    CostLimitExceeded,
    DeadlineExceeded,
    ModelUnavailable,
    NotAuthorised,
)


async def test_an_answer_is_metered(bench: Any, asking: Any) -> None:
    """Tokens and the price table give the cost; the services hear of the call."""
    answer = await bench.gateway().ask(asking())

    assert (answer.usage.input, answer.usage.output) == (10, 5)
    assert answer.cost == pytest.approx((10 * 1.0 + 5 * 2.0) / 1e6)
    assert bench.calls == [answer]


async def test_an_unknown_price_is_no_zero(bench: Any, asking: Any) -> None:
    """Without a price the cost is None, and one warning says so."""
    text = (bench.folder / "api.yaml").read_text().replace("price:", "# price:")
    (bench.folder / "api.yaml").write_text(text)
    gateway = bench.gateway()

    with capture_logs() as logs:
        costs = [(await gateway.ask(asking())).cost for _ in range(2)]

    assert costs == [None, None]
    assert [line["event"] for line in logs] == ["cost_unknown"]


async def test_max_tokens_is_lowered_to_what_fits(bench: Any, asking: Any) -> None:
    """Prompt and answer together stay within the context, and the log says so."""
    with capture_logs() as logs:
        answer = await bench.gateway().ask(asking("x" * 2700, max_tokens=300))

    sent = bench.stub.seen[0].body["max_tokens"]
    assert sent == answer.limits.max_tokens == 1000 - 904
    assert [(line["event"], line["asked"], line["sent"]) for line in logs] == [
        ("max_tokens_lowered", 300, 96)
    ]


async def test_a_caller_that_counts_itself_is_believed(bench: Any, asking: Any) -> None:
    """Its count of the prompt decides what is left for the answer."""
    request = replace(asking("x" * 2700, max_tokens=300), prompt_tokens=500)

    await bench.gateway().ask(request)

    assert bench.stub.seen[0].body["max_tokens"] == 300


async def test_a_prompt_without_room_is_not_sent(bench: Any, asking: Any) -> None:
    """A prompt that fills the context is refused before any call."""
    with pytest.raises(ContextExceeded):
        await bench.gateway().ask(asking("x" * 3000))

    assert bench.stub.seen == []


async def test_a_cost_limit_is_never_exceeded(bench: Any, asking: Any) -> None:
    """The answer is bounded by the money left, and no money left means no call."""
    answer = await bench.gateway().ask(asking("x" * 288, cost=300e-6, max_tokens=400))
    with pytest.raises(CostLimitExceeded) as raised:
        await bench.gateway().ask(asking("x" * 288, cost=50e-6))

    assert answer.limits.max_tokens == 100
    assert raised.value.reason == "cost_limit"
    assert len(bench.stub.seen) == 1


async def test_a_missing_key_is_told_before_any_call(bench: Any, asking: Any) -> None:
    """The error names the variable and the command that sets it."""
    bench.describe(extra="key: MY_KEY")

    with pytest.raises(NotAuthorised, match="MY_KEY") as raised:
        await bench.gateway().ask(asking())

    assert raised.value.fix == "syntx config key MY_KEY"
    assert bench.stub.seen == []


async def test_a_key_that_cannot_be_sent_is_told_before_any_call(bench: Any, asking: Any) -> None:
    """A key pasted with a line end is not a connection error."""
    bench.describe(extra="key: MY_KEY")
    bench.keys.keys["MY_KEY"] = "sk-abc\ndef"

    with pytest.raises(NotAuthorised, match="MY_KEY") as raised:
        await bench.gateway().ask(asking())

    assert "sk-abc" not in str(raised.value)
    assert bench.stub.seen == []


async def test_a_refused_key_is_not_tried_again_until_it_changes(
    bench: Any, reply: Any, asking: Any
) -> None:
    """Many jobs with a bad key are three calls; a new key is tried at once."""
    bench.describe(extra="key: MY_KEY")
    bench.keys.keys["MY_KEY"] = "sk-old-key-000000"
    bench.stub.script = [reply(401, {"error": {"message": "bad key"}})] * 3
    gateway = bench.gateway()

    for _ in range(9):
        with pytest.raises(NotAuthorised):
            await gateway.ask(asking())
    assert len(bench.stub.seen) == 3

    bench.keys.keys["MY_KEY"] = "sk-new-key-000000"
    assert (await gateway.ask(asking())).text == "Hallo"
    assert bench.stub.seen[-1].headers["authorization"] == "Bearer sk-new-key-000000"


async def test_a_single_refusal_is_no_verdict(bench: Any, reply: Any, asking: Any) -> None:
    """One 401 among good answers fails its own call only."""
    bench.stub.script = [reply(401, {})]
    gateway = bench.gateway()
    with pytest.raises(NotAuthorised):
        await gateway.ask(asking())
    assert (await gateway.ask(asking())).text == "Hallo"


async def test_a_refused_key_is_tried_again_after_the_cool_down(
    bench: Any, reply: Any, asking: Any
) -> None:
    """A right that was granted meanwhile is noticed."""
    bench.stub.script = [reply(403, {})] * 3
    gateway = bench.gateway(cool_down=30)
    for _ in range(4):
        with pytest.raises(NotAuthorised):
            await gateway.ask(asking())

    bench.clock.now += 31
    assert (await gateway.ask(asking())).text == "Hallo"


async def test_a_failing_endpoint_is_left_alone_for_a_while(
    bench: Any, reply: Any, asking: Any
) -> None:
    """After failures in a row calls fail at once, until the cool-down is over."""
    bench.stub.script = [reply(503)] * 2
    gateway = bench.gateway(max_tries=1, cool_down=30, cool_down_after=2)
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match="503"):
            await gateway.ask(asking())

    with pytest.raises(ModelUnavailable, match=r"left alone for another 30 s \(last: .*503"):
        await gateway.ask(asking())
    assert len(bench.stub.seen) == 2

    bench.clock.now += 31
    assert (await gateway.ask(asking())).text == "Hallo"


async def test_a_cool_down_ends_the_tries_of_a_call(bench: Any, reply: Any, asking: Any) -> None:
    """A call does not pause for an endpoint that is left alone."""
    bench.stub.script = [reply(503)] * 9

    with pytest.raises(ModelUnavailable, match="503"):
        await bench.gateway(max_tries=9, cool_down_after=2).ask(asking())

    assert len(bench.stub.seen) == 2


async def test_an_endpoint_that_hangs_is_left_alone_too(bench: Any, asking: Any) -> None:
    """A deadline that ran out while the endpoint had the question counts as its failure."""
    bench.stub.script = ["hang"]
    gateway = bench.gateway(cool_down_after=1)
    with pytest.raises(DeadlineExceeded):
        await gateway.ask(asking(deadline=0.2))

    with pytest.raises(ModelUnavailable, match="left alone"):
        await gateway.ask(asking())


async def test_slow_down_is_no_failure(bench: Any, reply: Any, asking: Any) -> None:
    """An endpoint that answers 429 is well, however often it does."""
    bench.stub.script = [reply(429)] * 6

    answer = await bench.gateway(max_tries=8, cool_down_after=2).ask(asking())

    assert answer.retries == 6


async def test_no_more_calls_at_once_than_an_endpoint_bears(bench: Any, asking: Any) -> None:
    """Twelve questions to an endpoint of three places are never more than three at once."""
    bench.describe(extra="concurrency: 3")
    bench.stub.pace = 0.02
    gateway = bench.gateway()

    await asyncio.gather(*(gateway.ask(asking()) for _ in range(12)))

    assert bench.stub.most_at_once == 3
    assert len(bench.stub.seen) == 12


async def test_calls_keep_the_rate_of_an_endpoint(bench: Any, asking: Any) -> None:
    """At 30 calls a minute each waits for its turn, two seconds after the one before."""
    bench.describe(extra="rate: 30")
    gateway = bench.gateway()

    for _ in range(3):
        await gateway.ask(asking())

    assert bench.clock.pauses == [2.0, 2.0]


async def test_a_new_file_is_a_new_model_at_once(bench: Any, asking: Any) -> None:
    """Another API is one more file; taking it away is an error that names what there is."""
    gateway = bench.gateway()
    await gateway.ask(asking())
    second = (bench.folder / "api.yaml").read_text().replace("name: m", "name: other")
    (bench.folder / "second.yaml").write_text(second)

    assert (await gateway.ask(asking(model="other"))).endpoint == "second"
    (bench.folder / "second.yaml").unlink()
    with pytest.raises(ConfigError, match="'other'") as raised:
        await gateway.ask(asking(model="other"))
    assert "one of: m" in (raised.value.fix or "")


async def test_an_edited_file_moves_the_calls(bench: Any, stub: Any, asking: Any) -> None:
    """A corrected address counts for the next call; the old line is closed."""
    bench.describe(url="http://127.0.0.1:1/v1")
    gateway = bench.gateway(max_tries=1)
    with pytest.raises(ModelUnavailable):
        await gateway.ask(asking())

    bench.describe(url=f"{stub.url}/v2")
    await gateway.ask(asking())
    assert stub.seen[0].path == "/v2/chat/completions"


async def test_without_a_name_a_model_is_chosen_by_operation(bench: Any, asking: Any) -> None:
    """A request that names no model goes to one that does the operation."""
    answer = await bench.gateway().ask(asking(model=None))

    assert answer.model == "m"


async def test_the_key_is_in_no_error(bench: Any, reply: Any, asking: Any, caplog: Any) -> None:
    """A provider that repeats the key does not get it into messages, causes or logs."""
    key = "q9-very-secret-value"
    bench.describe(extra="key: MY_KEY")
    bench.keys.keys["MY_KEY"] = key
    bench.stub.script = [reply(401, {"error": {"message": f"Incorrect API key: {key}"}})]

    with caplog.at_level(0), pytest.raises(NotAuthorised) as raised:
        await bench.gateway().ask(asking())

    error = raised.value
    assert bench.stub.seen[0].headers["authorization"] == f"Bearer {key}"
    assert key not in f"{error} {error.fix} {error!r} {''.join(format_exception(error))}"
    assert key not in caplog.text


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/"])
async def test_the_simulator_is_where_the_environment_says(
    bench: Any, asking: Any, monkeypatch: pytest.MonkeyPatch, tail: str
) -> None:
    """SYNTX_SIMULATOR_URL replaces the file's address, and its answers are simulated."""
    bench.describe(kind="simulator", url="http://127.0.0.1:1/v1")
    monkeypatch.setenv("SYNTX_SIMULATOR_URL", f"{bench.stub.url}{tail}")

    answer = await bench.gateway().ask(asking())

    assert answer.simulated
    assert bench.stub.seen[0].path == "/v1/chat/completions"


async def test_a_proxy_is_not_asked_for_this_machine(
    bench: Any, asking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loopback endpoints work on machines that have a proxy set."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert (await bench.gateway(max_tries=1).ask(asking())).text == "Hallo"


def test_the_gateway_alone_loads_no_client_library() -> None:
    """Importing the gateway is cheap: openai and httpx come with the first call."""
    import subprocess
    import sys

    probe = "import sys, syntx.llm.gateway; print({'openai', 'httpx'} & set(sys.modules))"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
