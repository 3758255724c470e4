"""Why a document job's call to a model ends for good."""

from __future__ import annotations

from syntx.errors import BadAnswer, Permanent


class ModelRefused(Permanent):
    """The model declined to answer; the same call is not asked again."""

    reason = "refused"


class LeakBlocked(Permanent):
    """Personal data stood in what was about to leave for a remote model; nothing was sent."""

    reason = "leak_blocked"


class NothingSaid(BadAnswer):
    """A model reached its limit before its first word; the same budget would end the same way."""


class Unusable(Permanent):
    """The model's answers could not be used, however often it was asked."""

    reason = "unusable_answer"


class TimeIsUp(Permanent):
    """The seconds of the job, those of all its runs together, are used."""

    reason = "timeout"


class NotPlain(Permanent):
    """A link, a FIFO or the like stands where the work needs a plain file or folder."""

    reason = "not_plain"
