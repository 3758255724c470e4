"""Which models a call goes to: the configured chain of its operation, else all that are able."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from consumer.documents.calls.models import OperationType, Priority
from syntx.llm.catalogue import Catalogue, Target
from syntx.settings.documents import DocumentModels


class Targets(Protocol):
    """Gives the models for an operation, the first first."""

    def __call__(
        self, operation: OperationType, priority: Priority, names: Sequence[str] = (), /
    ) -> Sequence[Target]:
        """Return the named models, else those for the operation; raises ConfigError without any."""


def chains(catalogue: Callable[[], Catalogue], models: DocumentModels) -> Targets:
    """Return what gives the chains of a job; the priority orders where none is configured.

    Its calls raise ConfigError when a model is unknown, or none does the operation.
    """

    def targets(
        operation: OperationType, priority: Priority, names: Sequence[str] = ()
    ) -> Sequence[Target]:
        named = names or configured(operation, models)
        current = catalogue()
        return current.targets(named) if named else current.chain(operation.value, priority.value)

    return targets


def configured(operation: OperationType, models: DocumentModels) -> tuple[str, ...]:
    """Return the models that the settings name for an operation."""
    match operation:
        case OperationType.PLAN:
            return models.plan
        case OperationType.DATA_GENERATE:
            return models.write
        case OperationType.DATA_ANALYSE | OperationType.DATA_EXTRACT:
            return models.analyse
        case _:
            return ()
