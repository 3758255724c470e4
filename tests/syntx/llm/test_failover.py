"""Chains of models: who is asked next, and what is said when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syntx.errors import (
    BadRequest,
    ConfigError,
    ContextExceeded,
    DeadlineExceeded,
    ModelUnavailable,
)
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Answer
from syntx.llm.failover import first_of
from syntx.llm.gateway import ModelGateway

SPARE = """
base_url: {url}/v1
models:
  - {{name: spare, context: 1000, rank: 90, price: {{input: 3.0, output: 4.0}}}}
  - {{name: last, context: 1000, rank: 95, price: {{input: 9.0, output: 9.0}}}}
"""


@pytest.fixture
def chained(bench: Any) -> Any:
    """A bench with three models on two endpoints: m, spare and last."""
    (bench.folder / "spare.yaml").write_text(SPARE.format(url=bench.stub.url))
    return bench


def asked(bench: Any) -> list[str]:
    """The models asked, in order."""
    return [seen.body["model"] for seen in bench.stub.seen]


async def test_the_next_model_is_asked_when_one_stays_unreachable(
    chained: Any, reply: Any, asking: Any
) -> None:
    """After the tries of the first model the second one answers, and the tries are told."""
    chained.stub.script = [reply(503), reply(503)]

    request = replace(asking(), model=None, chain=("m", "spare"))
    answer = await chained.gateway(max_tries=2).ask(request)

    assert asked(chained) == ["m", "m", "spare"]
    assert (answer.model, answer.retries) == ("spare", 2)
    assert answer.cost == pytest.approx((10 * 3.0 + 5 * 4.0) / 1e6)


async def test_without_names_every_able_model_is_in_the_chain(
    chained: Any, reply: Any, asking: Any
) -> None:
    """The chain is that of the priority; one endpoint's outage does not end the call."""
    chained.stub.script = [reply(503), reply(503)]

    answer = await chained.gateway(max_tries=1).ask(replace(asking(), model=None))

    assert asked(chained) == ["m", "spare", "last"]
    assert answer.model == "last"


async def test_a_named_model_is_never_replaced(chained: Any, reply: Any, asking: Any) -> None:
    """Who names one model gets that one or an error."""
    chained.stub.script = [reply(503)]

    with pytest.raises(ModelUnavailable):
        await chained.gateway(max_tries=1).ask(asking())
    assert asked(chained) == ["m"]


async def test_a_used_up_chain_is_one_error_with_all_reasons(
    chained: Any, reply: Any, asking: Any
) -> None:
    """Every model is named with what it said, and the shortest pause that was asked for."""
    chained.stub.script = [reply(503), reply(429, headers={"retry-after": "7"})]

    with pytest.raises(ModelUnavailable) as caught:
        await chained.gateway(max_tries=1).ask(replace(asking(), model=None, chain=("m", "spare")))

    assert "m: api answered 503" in caught.value.message
    assert "spare: spare answered 429" in caught.value.message
    assert caught.value.delay == 7
    assert [one.reason for one in caught.value.tries] == ["unavailable", "rate_limited"]


async def test_what_will_never_work_is_not_asked_of_the_next(
    chained: Any, reply: Any, asking: Any
) -> None:
    """A malformed request stays malformed, whoever reads it."""
    chained.stub.script = [reply(400)]

    with pytest.raises(BadRequest):
        await chained.gateway().ask(replace(asking(), model=None, chain=("m", "spare")))
    assert asked(chained) == ["m"]


async def test_a_later_model_without_a_key_hides_no_outage(
    chained: Any, reply: Any, asking: Any
) -> None:
    """The first model may be back later, so the error stays a passing one."""
    text = (chained.folder / "spare.yaml").read_text()
    (chained.folder / "spare.yaml").write_text(f"key: NO_SUCH_KEY\n{text}")
    chained.stub.script = [reply(503)]

    with pytest.raises(ModelUnavailable, match="NO_SUCH_KEY"):
        await chained.gateway(max_tries=1).ask(replace(asking(), model=None, chain=("m", "spare")))


async def test_a_cooling_endpoint_is_asked_last(chained: Any, reply: Any, asking: Any) -> None:
    """An endpoint that failed is left alone while another one can answer."""
    chained.stub.script = [reply(503)]
    gateway = chained.gateway(max_tries=1, cool_down_after=1)
    await gateway.ask(replace(asking(), model=None))

    await gateway.ask(replace(asking(), model=None))

    assert asked(chained) == ["m", "spare", "spare"]


async def test_the_deadline_holds_over_the_chain(chained: Any, asking: Any) -> None:
    """A model that hangs away all the time leaves none for the next."""
    chained.stub.script = ["hang"]
    request = replace(asking(deadline=0.5), model=None, chain=("m", "spare"))
    gateway = ModelGateway(lambda: Catalogue.load(chained.folder), chained.keys)

    with pytest.raises(DeadlineExceeded):
        await gateway.ask(request)
    await gateway.close()
    assert "spare" not in asked(chained)


async def test_an_unknown_name_in_a_chain_is_told_before_any_call(
    chained: Any, asking: Any
) -> None:
    """A chain is checked as a whole."""
    with pytest.raises(ConfigError, match="'nobody'"):
        await chained.gateway().ask(replace(asking(), model=None, chain=("m", "nobody")))
    assert asked(chained) == []


@pytest.fixture
def chain(tmp_path: Path) -> Any:
    """Two models of a catalogue."""
    text = "base_url: https://x.example/v1\nmodels: [{name: a}, {name: b}]\n"
    (tmp_path / "x.yaml").write_text(text)
    return Catalogue.load(tmp_path).targets(["a", "b"])


async def test_only_lasting_reasons_make_a_lasting_error(chain: Any) -> None:
    """Where every model is too small, asking again later is no help."""

    async def ask(target: Any) -> Answer:
        raise ContextExceeded(f"{target.name} is too small")

    with pytest.raises(ContextExceeded, match=r"a is too small.*b is too small"):
        await first_of(chain, ask, passing=ContextExceeded)


async def test_an_empty_chain_is_an_error() -> None:
    """A chain without models answers nothing."""

    async def ask(target: Any) -> Answer:
        raise AssertionError("there is nobody to ask")

    with pytest.raises(ModelUnavailable, match="no model"):
        await first_of([], ask)
