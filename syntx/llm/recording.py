"""What a job's envelope keeps of an answer."""

from __future__ import annotations

from syntx.job import Sampling, Tokens
from syntx.llm.contract import Answer


def sampling_of(answer: Answer) -> Sampling:
    """Return the sampling an answer was really asked with."""
    sent = answer.limits
    return Sampling(max_tokens=sent.max_tokens, temperature=sent.temperature, top_p=sent.top_p)


def tokens_of(answer: Answer) -> Tokens:
    """Return the tokens an answer took."""
    return Tokens(input=answer.usage.input, output=answer.usage.output)
