"""The versions a task made of its document, and which of them is delivered; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from consumer.documents.validation.models import ValidationResult
from consumer.documents.workflow.models import Observation

GENERATE, RENDER, VALIDATE = "ai.generateDocument", "document.render", "document.validate"
ANSWER = "ai.answer"
"""The actions that make versions; `ai.answer` makes a document of one plain answer."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: the labels of its document, its files and its check, as far as it came."""

    document: str | None = None
    files: tuple[str, ...] = ()
    check: str | None = None
    validation: ValidationResult | None = None

    @property
    def labels(self) -> frozenset[str]:
        """All labels of what belongs to it."""
        named = (self.document, *self.files, self.check)
        return frozenset(label for label in named if label is not None)

    @property
    def quality(self) -> float:
        """What its check found, 0 where there was none."""
        return self.validation.quality_score if self.validation else 0.0


def versions_of(observations: Sequence[Observation]) -> tuple[Version, ...]:
    """Return the versions that observations tell of, the oldest first."""
    found: list[Version] = []
    for one in observations:
        if not one.success or one.result_label is None:
            continue
        if one.action in (GENERATE, ANSWER):
            found.append(Version(document=one.result_label))
        elif one.action == RENDER:
            latest = found.pop() if found else Version()
            files = (*latest.files, one.result_label)
            found.append(replace(latest, files=files, check=None, validation=None))
        elif one.action == VALIDATE and found and one.validation is not None:
            checked = replace(found.pop(), check=one.result_label, validation=one.validation)
            found.append(checked)
    return tuple(found)


def best_version(observations: Sequence[Observation]) -> Version | None:
    """Return the version to deliver: rendered, then of the highest quality, then the latest."""
    versions = versions_of(observations)
    if not versions:
        return None
    numbered = enumerate(versions)
    return max(numbered, key=lambda one: (bool(one[1].files), one[1].quality, one[0]))[1]
