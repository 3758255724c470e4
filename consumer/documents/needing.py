"""What is installed only with the extra `documents`, imported where it is needed."""

from __future__ import annotations

import importlib
from types import ModuleType

from syntx.errors import Permanent

_PACKAGES = {
    "charset_normalizer": "charset-normalizer",
    "docx": "python-docx",
    "json_repair": "json-repair",
    "jsonpath": "python-jsonpath",
    "PIL": "pillow",
    "phonenumbers": "phonenumberslite",
    "pptx": "python-pptx",
    "python_calamine": "python-calamine",
    "stdnum": "python-stdnum",
}
"""Names of packages that differ from the names of their modules."""


class MissingExtra(Permanent):
    """A package of the extra `documents` is needed and not installed."""

    exit_code = 78
    reason = "missing_extra"


def need(module: str, purpose: str) -> ModuleType:
    """Import a module of the extra `documents`: `need("pypdfium2", "reading PDF")`.

    Raises MissingExtra, which names the purpose and the package, when it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != top:
            raise
        raise MissingExtra(
            f"{purpose} needs the package {_PACKAGES.get(top, top)}",
            fix="pip install 'syntx[documents]'",
        ) from error
