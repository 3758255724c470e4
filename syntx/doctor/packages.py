"""Whether the packages are there that what is configured or waits will need."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from syntx.doctor.report import Found, failed, ok, warning
from syntx.doctor.subject import Subject
from syntx.spool.layout import INCOMING, parse_entry

DOCUMENTS = {
    "charset_normalizer": "charset-normalizer",
    "defusedxml": "defusedxml",
    "docx": "python-docx",
    "ijson": "ijson",
    "jinja2": "jinja2",
    "json_repair": "json-repair",
    "jsonpath": "python-jsonpath",
    "lxml": "lxml",
    "pdfplumber": "pdfplumber",
    "phonenumbers": "phonenumberslite",
    "PIL": "pillow",
    "pypdfium2": "pypdfium2",
    "python_calamine": "python-calamine",
    "reportlab": "reportlab",
    "selectolax": "selectolax",
    "stdnum": "python-stdnum",
    "striprtf": "striprtf",
    "xlsxwriter": "xlsxwriter",
}
"""The modules of the extra `documents`, and the packages they come with."""

_MOST = 1_000


def look(subject: Subject) -> Iterator[Found]:
    """Give what is missing; without any document job that is only told."""
    version = ".".join(map(str, sys.version_info[:3]))
    missing = missing_packages()
    if not missing:
        yield ok(f"Python {version}, with all that document jobs need")
        return
    names = ", ".join(missing)
    line = shlex.join([sys.executable, "-m", "pip", "install", *missing])
    if _documents_wait(subject.queue):
        yield failed(f"document jobs wait, and these packages are missing: {names}", line)
    elif any(chain for _, chain in subject.settings.system.documents.models):
        text = "system.yaml documents.models is set, and these packages are missing"
        yield warning(f"{text}: {names}", line)
    else:
        yield ok(f"Python {version}; document jobs would need {names}")


def missing_packages() -> list[str]:
    """Return the packages of the extra `documents` that are not installed."""
    return [package for module, package in DOCUMENTS.items() if find_spec(module) is None]


def _documents_wait(queue: Path) -> bool:
    with suppress(OSError), os.scandir(queue / INCOMING) as entries:
        return any(_is_document_job(entry.name) for entry in islice(entries, _MOST))
    return False


def _is_document_job(name: str) -> bool:
    entry = parse_entry(name)
    return entry is not None and entry.is_folder
