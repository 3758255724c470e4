"""The check of a document: rules first, a judge's opinion where rules do not reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from consumer.documents.validation.judge import read_opinion
from consumer.documents.validation.looking import Document, look
from consumer.documents.validation.models import ValidationResult
from consumer.documents.validation.plain import encodable
from consumer.documents.validation.registry import CHECKS, Checks
from consumer.documents.validation.verdict import give_verdict
from consumer.documents.validation.wishes import RenderedFile, Wish


def validate(
    document: Document,
    wish: Wish,
    rendered: Sequence[RenderedFile | tuple[str, str]] = (),
    judge_opinion: Mapping[str, Any] | None = None,
    checks: Checks = CHECKS,
) -> ValidationResult:
    """Check a document against what was asked; always a whole result, whatever is handed in.

    `rendered` are the files made of it, `judge_opinion` is a model's verdict as it came. Raises
    OSError for a file that cannot be opened, MissingExtra where a package is missing.
    """
    files = tuple(_readable(RenderedFile(*each)) for each in rendered)
    wish = replace(wish, criteria=tuple(map(encodable, wish.criteria)))
    seen = look(document, wish, files, checks)
    return give_verdict(seen, wish, files, read_opinion(judge_opinion, wish.criteria))


def _readable(file: RenderedFile) -> RenderedFile:
    return file._replace(name=encodable(file.name), mime_type=encodable(file.mime_type))
