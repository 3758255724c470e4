"""Putting a prompt into its wrapper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from syntx.job import Job
from syntx.wrappers import Wrapper


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A prompt in its wrapper, for a model; `digest` is the hash of the full text."""

    wrapper: Wrapper
    model: str
    text: str
    digest: str


def wrap(job: Job, wrapper: Wrapper, model: str) -> Wrapped:
    """Put a job's prompt into a wrapper."""
    text = wrapper.wrap(job.prompt)
    return Wrapped(wrapper, model, text, hashlib.sha256(text.encode()).hexdigest()[:16])
