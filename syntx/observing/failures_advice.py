"""What mends a failure: from its kind and reason to words and one command (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from syntx.observing.failures_reading import Kind

_RETRY = "syntx retry --group {key}"
_DISCARD = "syntx discard --group {key}"
_SHOW = "syntx show {sample}"


@dataclass(frozen=True, slots=True)
class Advice:
    """What helps, in words, and the command; it names the group as {key}, a job as {sample}."""

    text: str
    command: str


_ENDPOINT = Advice("once the endpoint answers again (syntx doctor asks it)", _RETRY)
_KEY = Advice("once the key is right (syntx doctor names it)", _RETRY)
_WRAPPER = Advice("once the wrapper is mended (syntx doctor names its file)", _RETRY)
_DISK = Advice("once the disk is well (syntx doctor looks at it)", _RETRY)
_REQUEST = Advice("the same job would fail again; see what it asks and of which model", _SHOW)
_ANSWER = Advice("the model gave no usable answer; another try may", _RETRY)
_ORDER = Advice("submit it anew; its message says what to change", _SHOW)

_BY_REASON = {
    "unavailable": _ENDPOINT,
    "rate_limited": Advice("once fewer calls are made (`rate` in config/models)", _RETRY),
    "timeout": Advice("once the model is fast enough, or the deadline longer", _RETRY),
    "temporary": _ENDPOINT,
    "not_authorised": _KEY,
    "config": Advice("once the settings are right (syntx config check)", _RETRY),
    "wrapper_not_found": _WRAPPER,
    "wrapper_unusable": _WRAPPER,
    "disk": _DISK,
    "spool": _DISK,
    "bad_answer": _ANSWER,
    "unusable_answer": _ANSWER,
    "empty_answer": _ANSWER,
    "html_page": Advice("once base_url names the API and no web page (syntx doctor)", _RETRY),
    "binary_answer": _ANSWER,
    "worker_killed": Advice("look at it first: each try ended its worker", _SHOW),
    "bug": Advice("a fault of this program, all of it is in the service's log; the job", _SHOW),
    "bad_request": _REQUEST,
    "context_exceeded": Advice(
        "shorten it, or add a model with a longer context; what was asked", _SHOW
    ),
    "cost_limit": Advice("raise its limit, or ask a cheaper model; what was asked", _SHOW),
    "bad_options": _ORDER,
    "unknown_format": _ORDER,
    "missing_extra": Advice("install what its message names, then retry the group", _SHOW),
    "unreadable": Advice("its file is damaged; look, then put it aside", _DISCARD),
}
_BY_KIND: dict[Kind, Advice] = {
    "low_score": Advice(
        "a retry asks the model anew, at cost; what cost it points", "syntx explain {sample}"
    ),
    "refused_by_model": Advice("final, it is not asked again; what was asked", _SHOW),
    "refused_file": Advice("correct it and drop it into incoming/ again; where it lies", _SHOW),
    "second_outcome": Advice("the first outcome stands; look, then put this aside", _DISCARD),
    "retrying": Advice("it is tried again by itself; whether its endpoint is well", "syntx doctor"),
}
_OTHER = Advice("see what it says", _SHOW)


def advice(kind: Kind, reason: str) -> Advice:
    """Return what mends failures of that kind and reason."""
    return _BY_KIND.get(kind) or _BY_REASON.get(reason, _OTHER)
