"""What a job's envelope keeps of an answer."""

from __future__ import annotations

from syntx.job import Sampling, Tokens
from syntx.journal.records import Cost
from syntx.llm.contract import Answer


def sampling_of(answer: Answer) -> Sampling:
    """Return the sampling an answer was really asked with."""
    sent = answer.limits
    return Sampling(max_tokens=sent.max_tokens, temperature=sent.temperature, top_p=sent.top_p)


def tokens_of(answer: Answer) -> Tokens:
    """Return the tokens an answer took."""
    return Tokens(input=answer.usage.input, output=answer.usage.output)


def cost_record(answer: Answer) -> Cost:
    """Return tokens and costs under the older names; None where the price is unknown."""
    output_cost = None
    if answer.cost is not None and answer.input_cost is not None:
        output_cost = round(answer.cost - answer.input_cost, 12)
    return {
        "input_tokens": answer.usage.input,
        "output_tokens": answer.usage.output,
        "input_cost": answer.input_cost,
        "output_cost": output_cost,
        "total_cost": answer.cost,
        "currency": "USD",
    }
