"""The OpenAI-compatible client: what it sends, and how it reads what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syntx.errors import (
    BadAnswer,
    BadRequest,
    ContextExceeded,
    ModelUnavailable,
    NotAuthorised,
    RateLimited,
    SyntxError,
)
from syntx.llm.completion import read_completion


async def test_the_request_carries_model_messages_and_sampling(bench: Any, asking: Any) -> None:
    """What was asked for is what is sent, and nothing else."""
    await bench.gateway().ask(asking("Größe?", temperature=0.7, top_p=0.9, max_tokens=200))

    seen = bench.stub.seen[0]
    assert seen.path == "/v1/chat/completions"
    assert seen.body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Größe?"}],
        "max_tokens": 200,
        "temperature": 0.7,
        "top_p": 0.9,
    }


async def test_an_endpoint_without_a_key_gets_none(
    bench: Any, asking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No made-up key and no OpenAI account of the environment reaches another API."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")

    await bench.gateway().ask(asking())

    headers = bench.stub.seen[0].headers
    assert "authorization" not in headers
    assert "openai-organization" not in headers


async def test_an_entry_can_rename_and_omit_what_is_sent(bench: Any, asking: Any) -> None:
    """Models that want another key or refuse sampling values get what they take."""
    more = "    max_tokens_key: max_completion_tokens\n    omit: [top_p]\n    id: real-name\n"
    with (bench.folder / "api.yaml").open("a") as file:
        file.write(more)

    answer = await bench.gateway().ask(asking(top_p=0.5, max_tokens=7))

    body = bench.stub.seen[0].body
    assert (body["model"], body["max_completion_tokens"]) == ("real-name", 7)
    assert not {"max_tokens", "top_p"} & body.keys()
    assert (answer.model, answer.limits.top_p) == ("m", None)


async def test_the_answer_tells_what_was_told(bench: Any, reply: Any, asking: Any) -> None:
    """Text byte for byte, ids, tokens and sampling come through."""
    text = "  „Grüße“ 👋\n\n"
    body = reply().body
    body["choices"][0]["message"]["content"] = text
    bench.stub.script = [reply(body=body, headers={"x-request-id": "r-1"})]

    answer = await bench.gateway().ask(asking(max_tokens=9))

    assert (answer.text, answer.session_id, answer.request_id) == (text, "chatcmpl-1", "r-1")
    assert (answer.endpoint, answer.model, answer.finish_reason) == ("api", "m", "stop")
    assert answer.limits.max_tokens == 9
    assert answer.duration > 0
    assert not answer.simulated


@pytest.mark.parametrize(
    ("extra", "finish", "refused"),
    [
        ({}, "stop", False),
        ({"finish_reason": "length"}, "length", False),
        ({"finish_reason": "content_filter"}, "content_filter", True),
        ({"message": {"refusal": "Nein."}}, "stop", True),
        ({"text": "I’m sorry, but I can’t help with that."}, "stop", True),
        ({"text": None, "finish_reason": "length"}, "length", False),
        ({"text": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "stop", False),
        ({"finish_reason": "brand_new"}, "unknown", False),
    ],
)
async def test_cut_and_declined_answers_are_told_apart(
    bench: Any, reply: Any, answered: Any, asking: Any, extra: Any, finish: str, refused: bool
) -> None:
    """A cut answer is truncated, a declined one refused; neither is an error."""
    bench.stub.script = [reply(body=answered(**extra))]

    answer = await bench.gateway().ask(asking())

    assert (answer.finish_reason, answer.refused) == (finish, refused)
    assert answer.truncated == (finish == "length")


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>Welcome</html>",
        b"",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": " "}, "finish_reason": "stop"}]}',
        b'{"choices": ["x"]}',
        b'{"error": {"message": "odd"}}',
        b"\xff\xfe",
    ],
)
async def test_a_200_that_is_no_answer_is_a_bad_answer(
    bench: Any, reply: Any, asking: Any, raw: bytes
) -> None:
    """Junk is reported as junk and not asked for again."""
    bench.stub.script = [reply(raw=raw)]

    with pytest.raises(BadAnswer):
        await bench.gateway().ask(asking())

    assert len(bench.stub.seen) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(429, RateLimited), (502, ModelUnavailable), (403, NotAuthorised)]
)
async def test_an_error_inside_a_200_counts_as_what_it_is(
    bench: Any, reply: Any, asking: Any, code: int, kind: type[SyntxError]
) -> None:
    """Gateways that hide an upstream error in a 200 are seen through."""
    bench.stub.script = [reply(body={"error": {"message": "upstream", "code": code}})]

    with pytest.raises(kind, match="upstream"):
        await bench.gateway(max_tries=1).ask(asking())


async def test_a_redirect_is_not_followed(bench: Any, reply: Any, asking: Any) -> None:
    """Key and prompt go to the address in the file, and nowhere an endpoint points to."""
    bench.stub.script = [reply(307, {}, {"location": f"{bench.stub.url}/v1/elsewhere"})]

    with pytest.raises(BadRequest, match="answered 307") as refused:
        await bench.gateway().ask(asking())

    assert [seen.path for seen in bench.stub.seen] == ["/v1/chat/completions"]
    assert "base_url" in (refused.value.fix or "")


async def test_a_context_error_is_told_from_other_bad_requests(
    bench: Any, reply: Any, asking: Any
) -> None:
    """The code or the words of a 400 say that the prompt was too long."""
    said = {"message": "too long", "code": "context_length_exceeded"}
    bench.stub.script = [reply(400, {"error": said})]

    with pytest.raises(ContextExceeded):
        await bench.gateway().ask(asking())


@pytest.mark.parametrize(
    ("body", "headers"), [({"simulated": True}, {}), ({}, {"x-simulated": "true"})]
)
async def test_a_simulated_answer_is_marked(
    bench: Any, reply: Any, answered: Any, asking: Any, body: Any, headers: Any
) -> None:
    """The body's mark or the header is enough."""
    bench.stub.script = [reply(body=answered(**body), headers=headers)]

    assert (await bench.gateway().ask(asking())).simulated


_KEYS = st.sampled_from(
    ["choices", "message", "content", "refusal", "finish_reason", "usage", "prompt_tokens", "text"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(_JSON, _JSON)
@settings(max_examples=200, deadline=None)
def test_no_payload_breaks_the_reading(payload: Any, message: Any) -> None:
    """Whatever JSON comes is a completion with a text, or none."""
    read_completion(payload)
    read = read_completion({"choices": [{"message": message}], "usage": payload})

    assert (read is not None) == isinstance(message, dict)
    assert read is None or isinstance(read.text, str)
