"""Whether every wrapper can be read, and those that are asked for are there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from syntx.doctor.mending import explained, mend_file
from syntx.doctor.reading import wrapper_files, wrapper_name, wrapper_problems
from syntx.doctor.report import Found, failed, ok
from syntx.doctor.subject import Subject


def look(subject: Subject) -> Iterator[Found]:
    """Give one failure per broken or missing wrapper, or say which there are."""
    files = wrapper_files(subject.wrappers)
    if not files:
        is_usual = subject.wrappers == subject.home.root / "wrappers"
        words = ("init", str(subject.home.root)) if is_usual else ("config", "edit", "system.yaml")
        line = subject.calling.line(*words)
        if os.path.lexists(subject.wrappers) and not subject.wrappers.is_dir():
            aside = shlex.join(["mv", "--", str(subject.wrappers), f"{subject.wrappers}.aside"])
            line = f"{subject.calling.as_owner(aside)} && {line}"
        yield failed(f"there are no wrappers in {subject.wrappers}", line)
        return
    broken = list(wrapper_problems(subject.wrappers))
    for problem in broken:
        yield failed(explained(problem.error), mend_file(subject, problem.file))
    names = {wrapper_name(path) for path in files}
    missing = list(_missing(subject, names))
    yield from missing
    if not broken and not missing:
        yield ok(f"{len(names)} are right: {', '.join(sorted(names))}")


def _missing(subject: Subject, names: set[str]) -> Iterator[Found]:
    for key, name in _asked(subject).items():
        if name in names or (subject.wrappers / name).is_file():
            continue
        path = subject.wrappers / f"{name}.txt"
        shipped = subject.is_shipped(path)
        line = (
            subject.calling.line("config", "restore", f"wrappers/{name}.txt")
            if shipped
            else subject.calling.line("config", "edit", "system.yaml")
        )
        yield failed(f"system.yaml {key}: no wrapper {name!r} in {subject.wrappers}", line)


def _asked(subject: Subject) -> dict[str, str]:
    """Return the wrappers that the settings name, by the key that names each."""
    consumer = subject.settings.system.consumer
    by_wrapper = {f"consumer.models_by_wrapper.{name}": name for name in consumer.models_by_wrapper}
    return {"consumer.wrapper": consumer.wrapper, **by_wrapper}
