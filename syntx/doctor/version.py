"""Whether the shipped files of a home are those of the version that runs."""

from __future__ import annotations

from collections.abc import Iterator

from syntx import __version__
from syntx.doctor.mending import told
from syntx.doctor.report import Found, ok, skipped, warning
from syntx.doctor.subject import Subject
from syntx.errors import ConfigError
from syntx.shipped.planning import is_checkout, plan_upgrade


def look(subject: Subject) -> Iterator[Found]:
    """Give files that an upgrade of the home would bring up to date."""
    root = subject.home.root
    if is_checkout(root):
        yield skipped("this home is the checkout itself")
        return
    try:
        plan = plan_upgrade(root)
    except ConfigError as error:
        yield skipped(f"cannot be told: {told(error.message)}")
        return
    old = [step.name for step in plan.of("replace", "remove", "beside")]
    if old:
        text = f"of another version than {__version__}: {', '.join(old[:5])}"
        yield warning(text, subject.calling.line("init", "--upgrade", str(root)))
    else:
        yield ok(f"what is shipped with {__version__} is laid out, or was changed on purpose")
