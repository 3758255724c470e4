"""Whether the settings and models can be read and fit together."""

from __future__ import annotations

from collections.abc import Iterator

from syntx.doctor.mending import explained, mend_file
from syntx.doctor.reading import SHAPES
from syntx.doctor.report import Found, failed, ok
from syntx.doctor.subject import Subject


def look(subject: Subject) -> Iterator[Found]:
    """Give one failure per wrong file, or say how many are right."""
    for problem in subject.found.problems:
        yield failed(explained(problem.error), mend_file(subject, problem.file))
    if not subject.found.problems:
        models = sum(len(api.endpoint.models) for api in subject.found.apis)
        yield ok(
            f"{len(SHAPES)} files of settings and {len(subject.found.apis)} of models "
            f"({models} models) are right"
        )
