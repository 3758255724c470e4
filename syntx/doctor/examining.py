"""The families of checks in their order, and one examination by all or some of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from syntx.doctor import (
    clocks,
    config,
    endpoints,
    filesystem,
    jobs,
    keys,
    logs,
    monitor,
    packages,
    permissions,
    space,
    state,
    units,
    version,
    wrappers,
)
from syntx.doctor.mending import told
from syntx.doctor.report import Check, Found, Report, failed
from syntx.doctor.subject import Subject
from syntx.errors import SyntxError

FAMILIES: Mapping[str, Callable[[Subject], Iterable[Found]]] = {
    "config": config.look,
    "wrappers": wrappers.look,
    "keys": keys.look,
    "permissions": permissions.look,
    "filesystem": filesystem.look,
    "space": space.look,
    "packages": packages.look,
    "version": version.look,
    "units": units.look,
    "clocks": clocks.look,
    "logs": logs.look,
    "state": state.look,
    "monitor": monitor.look,
    "jobs": jobs.look,
    "endpoints": endpoints.look,
}


def examine(subject: Subject, only: Collection[str] = ()) -> Iterator[Check]:
    """Give all checks, or those of some families, as soon as each is known."""
    for name, look in FAMILIES.items():
        if not only or name in only:
            for found in _answers(look, subject):
                yield Check(name, found.mark, found.text, found.fix)


def report(subject: Subject, checks: Iterable[Check]) -> Report:
    """Return the checks as one report."""
    return Report(str(subject.home.root), tuple(checks))


def _answers(look: Callable[[Subject], Iterable[Found]], subject: Subject) -> Iterator[Found]:
    try:
        yield from look(subject)
    except SyntxError as error:
        yield failed(told(error.message), None)
    except OSError as error:
        # One family that cannot look must not hide what the others see.
        line = subject.calling.line("doctor")
        yield failed(f"{error.filename or 'the system'}: {error.strerror}", line)
