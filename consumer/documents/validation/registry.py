"""The checks there are, by the content type they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from consumer.documents.validation.headings import HeadingChecks
from consumer.documents.validation.lists import ListChecks
from consumer.documents.validation.places import Findings
from consumer.documents.validation.sections import SectionChecks
from consumer.documents.validation.tables import TableChecks
from consumer.documents.validation.texts import TextChecks
from consumer.documents.validation.visiting import Visitor

Checks = Mapping[str, Callable[[Findings], Visitor]]
"""Each makes a visitor that reports into the findings it is given."""

CHECKS: Checks = MappingProxyType(
    {
        "section": SectionChecks,
        "heading": HeadingChecks,
        "paragraph": TextChecks,
        "table": TableChecks,
        "list": ListChecks,
    }
)
"""What `validate` uses unless it is given others; a new content type adds its line."""
