"""Going on where an answer was cut, as asked and under faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from document_prompts import PARTS, ROWS, asking, kpi

from consumer.documents.wording import as_json, prompt
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

Say = Callable[..., str]
WRITE = asking("writer", "write", parts=PARTS, targets=[kpi(ROWS, 300)])


def go_on(delivered: str) -> str:
    """Return the order to go on after what was delivered."""
    told = as_json({"characters": len(delivered), "tail": delivered[-200:]})
    return prompt("writer", "continue", [("Delivered", told)], "Go on exactly after the tail.")


def add(path: str, count: int, last: Any) -> str:
    """Return the order for the elements that follow."""
    told = as_json({"path": path, "count": count, "last": last})
    return prompt("writer", "append", [("Delivered", told)], "A JSON array.")


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.8, 0.999])
def test_it_goes_on_exactly(say: Say, share: float) -> None:
    """What was delivered and what follows are the whole text, wherever it was cut."""
    whole = say(WRITE)
    delivered = whole[: max(1, int(share * len(whole)))]

    assert delivered + say(WRITE, delivered[-8000:], go_on(delivered)) == whole


def test_a_continuation_asked_for_in_other_words_is_exact_too(say: Say) -> None:
    """The assistant's own words tell where it stopped."""
    order = asking("analyst", "analyse", parts=PARTS)
    whole = say(order)

    assert whole[:90] + say(order, whole[:90], "Please go on.") == whole


def test_the_elements_that_follow_come_as_an_array(say: Say) -> None:
    """By path and count; the last element sets a wrong count right; at the end comes []."""
    document = json.loads(say(WRITE))
    found = document["documents"][0]["sections"]
    place = next(at for at, each in enumerate(found) if each["content_type"] == "table")
    path, rows = f"$.documents[0].sections[{place}].elements[0].rows", found[place]["elements"][0]

    assert json.loads(say(WRITE, "…", add(path, 120, rows["rows"][119]))) == rows["rows"][120:]
    assert json.loads(say(WRITE, "…", add(path, 90, rows["rows"][119]))) == rows["rows"][120:]
    assert json.loads(say(WRITE, "…", add(path, 300, rows["rows"][-1]))) == []
    sections = json.loads(say(WRITE, "…", add("$.documents[0].sections", 3, found[2])))
    assert sections == found[3:]
    assert json.loads(say(WRITE, "…", add("$.nothing", 0, None))) == []
    told = as_json({"path": "$.documents[0].sections[0]", "keys": ["id", "title"]})
    members = prompt("writer", "append", [("Delivered", told)], "A JSON object.")
    assert json.loads(say(WRITE, "…", members)) == {
        key: value for key, value in found[0].items() if key not in ("id", "title")
    }


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of a simulator over HTTP."""
    with (
        running(SimulatorOptions(latency=0, profile="instant")) as url,
        httpx.Client(base_url=url, timeout=30) as http,
    ):
        yield http


def over_http(
    client: httpx.Client, *turns: str, fault: str = "ok", tokens: int | None = None
) -> tuple[str, str]:
    """Return what a conversation over HTTP is answered with, and why it ended."""
    roles = ("user", "assistant") * len(turns)
    messages = [{"role": role, "content": text} for role, text in zip(roles, turns, strict=False)]
    body = {"model": "simulator-target", "messages": messages, "max_tokens": tokens}
    response = client.post(
        "/v1/chat/completions", json=body, headers={"x-simulate-fault": fault}
    ).json()
    choice = response["choices"][0]
    return choice["message"]["content"], choice["finish_reason"]


def test_a_limit_cuts_and_the_parts_make_the_whole(client: httpx.Client) -> None:
    """Over HTTP, part by part, until the end is reached."""
    whole, ended = over_http(client, WRITE)
    delivered, reason = over_http(client, WRITE, tokens=700)
    while reason == "length":
        more, reason = over_http(client, WRITE, delivered[-8000:], go_on(delivered), tokens=700)
        delivered += more

    assert ended == reason == "stop"
    assert delivered == whole


def test_continuations_repeat_restart_or_talk_when_told_to(client: httpx.Client) -> None:
    """20 to 120 characters again, everything again, or prose and fences around."""
    whole, _ = over_http(client, WRITE)
    delivered = whole[:2000]
    rest = whole[2000:]
    turns = (WRITE, delivered, go_on(delivered))
    overlap, _ = over_http(client, *turns, fault="continue_overlap")
    prose, _ = over_http(client, *turns, fault="continue_prose")

    assert overlap.endswith(rest)
    assert 20 <= len(overlap) - len(rest) <= 120
    assert whole.endswith(overlap)
    assert over_http(client, *turns, fault="continue_restart")[0] == whole
    assert f"```json\n{rest}\n```" in prose


def test_such_faults_leave_a_first_answer_alone(client: httpx.Client) -> None:
    """Only what goes on can repeat itself."""
    assert over_http(client, WRITE, fault="continue_restart") == over_http(client, WRITE)


def test_arrays_repeat_their_elements(client: httpx.Client) -> None:
    """Where elements are asked for, elements come again."""
    whole, _ = over_http(client, WRITE)
    found = json.loads(whole)["documents"][0]["sections"]
    turns = (WRITE, whole[:500], add("$.documents[0].sections", 3, found[2]))

    again = json.loads(over_http(client, *turns, fault="continue_overlap")[0])
    anew = json.loads(over_http(client, *turns, fault="continue_restart")[0])

    assert anew == found
    assert again == found[-len(again) :]
    assert len(again) > len(found) - 3


def test_json_is_fenced_and_broken_as_it_is(client: httpx.Client) -> None:
    """The JSON itself goes into the fence, and no longer parses when broken."""
    whole, _ = over_http(client, WRITE)
    fenced, _ = over_http(client, WRITE, fault="fenced_json")
    broken, _ = over_http(client, WRITE, fault="broken_json")

    assert fenced == f"```json\n{whole}\n```"
    with pytest.raises(ValueError):
        json.loads(broken)
    assert len(broken) > 0.9 * len(whole)


@pytest.mark.parametrize("title", [f"Titel {number}" for number in range(12)])
def test_every_way_of_breaking_breaks(client: httpx.Client, title: str) -> None:
    """Whatever way the text is broken in, it is broken."""
    order = asking("writer", "write", wishes={"title": title})

    with pytest.raises(ValueError):
        json.loads(over_http(client, order, fault="broken_json")[0])
