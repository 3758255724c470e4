"""Every error the system raises, in one tree.

::

    SyntxError                  has a text (what and where) and a fix (what to do)
    ├── Temporary               the same call may work later
    │   ├── ModelUnavailable    5xx, connection refused or reset
    │   ├── RateLimited         429; `delay` is the pause the endpoint asked for
    │   └── DeadlineExceeded    a time limit ran out; its normalised reason is "timeout"
    ├── Permanent               the same call will never work
    │   ├── BadRequest          the endpoint refused the request as malformed
    │   ├── NotAuthorised       401 or 403: the key is missing or wrong
    │   ├── ContextExceeded     the prompt does not fit the model
    │   ├── CostLimitExceeded   the call would cost more than it may
    │   ├── BadAnswer           the endpoint answered with something that is no answer
    │   └── WrapperNotFound     no wrapper of that name or path
    ├── ConfigError             stops the program before it starts (exit 78)
    │   └── HomeNotFound        there is no home directory to work in
    └── SpoolError              pauses the service until the disk is well again
        ├── SpoolFull           below the watermark of bytes or inodes
        └── JobExists           a job of that ID is already there

A low score is a verdict, not an error.
"""

from __future__ import annotations

from typing import Any


class SyntxError(Exception):
    """Something went wrong that a person can understand and mend.

    `reason` is the short normalised cause that failures are grouped by.
    """

    exit_code = 1
    reason = "error"
    tries: tuple[Any, ...] = ()
    """Earlier tries of the same call that failed and were repeated (`syntx.llm.contract.Try`)."""

    def __init__(self, message: str, *, fix: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix


class Temporary(SyntxError):
    """The same call may work later."""

    exit_code = 75
    reason = "temporary"
    delay: float | None = None
    """Seconds the endpoint asked us to wait (`Retry-After`), or None."""


class ModelUnavailable(Temporary):
    """The endpoint answered 5xx, refused the connection or dropped it."""

    exit_code = 69
    reason = "unavailable"


class RateLimited(Temporary):
    """The endpoint asked us to slow down."""

    reason = "rate_limited"

    def __init__(self, message: str, *, delay: float | None = None, fix: str | None = None) -> None:
        super().__init__(message, fix=fix)
        self.delay = delay


class DeadlineExceeded(Temporary):
    """A connect, read or total time limit ran out."""

    reason = "timeout"


class Permanent(SyntxError):
    """The same call will never work."""

    reason = "permanent"


class BadRequest(Permanent):
    """The endpoint refused the request as malformed (4xx)."""

    reason = "bad_request"


class NotAuthorised(Permanent):
    """The endpoint refused our key (401, 403), or there is none."""

    exit_code = 78

    reason = "not_authorised"


class ContextExceeded(Permanent):
    """The prompt alone leaves no room for an answer in the model's context."""

    reason = "context_exceeded"


class CostLimitExceeded(Permanent):
    """The prompt alone would cost more than the call may."""

    reason = "cost_limit"


class BadAnswer(Permanent):
    """The endpoint answered 200 with something that is no answer."""

    reason = "bad_answer"


class WrapperNotFound(Permanent):
    """No wrapper of that name or path."""

    reason = "wrapper_not_found"


class ConfigError(SyntxError):
    """The configuration is wrong; nothing was started."""

    exit_code = 78
    reason = "config"


class HomeNotFound(ConfigError):
    """There is no home directory to work in."""


class SpoolError(SyntxError):
    """The spool cannot keep its promises now; the service pauses."""

    exit_code = 75
    reason = "spool"


class SpoolFull(SpoolError):
    """Free bytes or inodes are below the watermark."""


class JobExists(SpoolError):
    """A job of that ID is already there; the first one stands."""


def in_plain_words(message: str) -> str:
    """Return what pydantic says of a value in the words of people who write YAML or JSON."""
    plain = message.removeprefix("Value error, ").removeprefix("Input ").strip()
    return plain.replace("a valid tuple", "a list")
