"""The calibrator client: one wrapping, tolerant metadata, clear errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syntx.errors import BadAnswer, BadRequest, DeadlineExceeded, ModelUnavailable, SyntxError

RAW = "Erkläre Katzen"
WRAPPED = f"### Rahmen\n\n{RAW}"


@pytest.fixture
def calibrating(asking: Any) -> Any:
    """A request as the consumer makes it: wrapped in the messages, raw beside it."""

    def make(**limits: Any) -> Any:
        return replace(
            asking(WRAPPED, **limits), operation="calibrate", raw_prompt=RAW, wrapper="human"
        )

    return make


async def test_wrapped_here_means_a_neutral_mode_and_no_init(bench: Any, calibrating: Any) -> None:
    """The calibrator gets the wrapped prompt and is told to add nothing."""
    bench.describe("syntx_chat", extra="wrap: here")
    bench.stub.default.body = {"response": "Antwort"}

    await bench.gateway().ask(calibrating(max_tokens=64, temperature=0.3, top_p=0.85))

    assert bench.stub.seen[0].path == "/api/chat"
    assert bench.stub.seen[0].body == {
        "prompt": WRAPPED,
        "mode": "none",
        "include_init": False,
        "include_terminology": False,
        "max_new_tokens": 64,
        "temperature": 0.3,
        "top_p": 0.85,
        "do_sample": True,
    }


async def test_wrapped_there_means_the_raw_prompt_and_the_mode(
    bench: Any, calibrating: Any
) -> None:
    """The calibrator gets the raw prompt and the wrapper's name."""
    bench.describe("syntx_chat", extra="wrap: there\npath: /resonanz/chat")
    bench.stub.default.body = {"response": "Antwort"}

    await bench.gateway().ask(calibrating(temperature=0))

    seen = bench.stub.seen[0]
    assert seen.path == "/resonanz/chat"
    assert (seen.body["prompt"], seen.body["mode"]) == (RAW, "human")
    assert seen.body["include_init"] is True
    assert seen.body["do_sample"] is False


async def test_a_request_without_a_raw_prompt_is_never_wrapped_again(
    bench: Any, asking: Any
) -> None:
    """What may already be wrapped is sent as it is, even where the calibrator would wrap."""
    bench.describe("syntx_chat", extra="wrap: there\nneutral_mode: plain")
    bench.stub.default.body = {"response": "Antwort"}

    await bench.gateway().ask(asking(WRAPPED))

    body = bench.stub.seen[0].body
    assert (body["prompt"], body["mode"], body["include_init"]) == (WRAPPED, "plain", False)


async def test_metadata_is_kept(bench: Any, reply: Any, calibrating: Any) -> None:
    """Request id, wrapper chain and latency come through."""
    bench.describe("syntx_chat")
    metadata = {"request_id": "q-1", "wrapper_chain": ["init", "human"], "latency_ms": 1234}
    bench.stub.script = [reply(body={"response": " Text\n", "metadata": metadata})]

    answer = await bench.gateway().ask(calibrating())

    assert (answer.text, answer.request_id, answer.session_id) == (" Text\n", "q-1", "q-1")
    assert (answer.wrapper_chain, answer.latency_ms) == (("init", "human"), 1234.0)


@pytest.mark.parametrize("metadata", [None, [], {"wrapper_chain": 3, "latency_ms": "fast"}])
async def test_odd_or_absent_metadata_is_tolerated(
    bench: Any, reply: Any, calibrating: Any, metadata: Any
) -> None:
    """Without usable metadata the answer still has a session: the trace of the question."""
    bench.describe("syntx_chat")
    bench.stub.script = [reply(body={"response": "Text", "metadata": metadata})]

    answer = await bench.gateway().ask(calibrating())

    assert (answer.text, answer.wrapper_chain, answer.latency_ms) == ("Text", None, None)
    assert answer.session_id == "trace-1"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(422, BadRequest), (500, ModelUnavailable), (502, ModelUnavailable), (504, ModelUnavailable)],
)
async def test_errors_say_what_the_calibrator_said(
    bench: Any, reply: Any, calibrating: Any, status: int, kind: type[SyntxError]
) -> None:
    """Faults are temporary, malformed requests are not; both keep the detail."""
    bench.describe("syntx_chat")
    bench.stub.script = [reply(status, {"detail": "Modell schläft"})]

    with pytest.raises(kind, match="Modell schläft"):
        await bench.gateway(max_tries=1).ask(calibrating())


@pytest.mark.parametrize("line", ["reset", "hang"])
async def test_a_lost_connection_is_repeated(bench: Any, line: str, calibrating: Any) -> None:
    """A reset or a silence is one failed try before the answer."""
    bench.describe("syntx_chat")
    bench.stub.script = [line]
    bench.stub.default.body = {"response": "Text"}

    answer = await bench.gateway(read_timeout=0.2).ask(calibrating())

    assert answer.retries == 1


async def test_a_silent_calibrator_is_a_timeout(bench: Any, calibrating: Any) -> None:
    """The read limit of the endpoint's file overrides the general one."""
    bench.describe("syntx_chat", extra="read_timeout: 0.2")
    bench.stub.script = ["hang"]

    with pytest.raises(DeadlineExceeded):
        await bench.gateway(max_tries=1).ask(calibrating())


@pytest.mark.parametrize("raw", [b"", b"null", b"[1]", b"{}", b'{"response": 3}', b"<p>", b"\xff"])
async def test_a_200_without_a_response_text_is_a_bad_answer(
    bench: Any, reply: Any, calibrating: Any, raw: bytes
) -> None:
    """Junk is reported as junk and not asked for again."""
    bench.describe("syntx_chat")
    bench.stub.script = [reply(raw=raw)]

    with pytest.raises(BadAnswer):
        await bench.gateway().ask(calibrating())

    assert len(bench.stub.seen) == 1
