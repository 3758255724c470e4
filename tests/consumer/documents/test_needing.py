"""Packages of the extra `documents` are imported where they are needed."""

from __future__ import annotations

import sys

import pytest

from consumer.documents.needing import MissingExtra, need


def test_an_installed_module_is_returned() -> None:
    """What is there is imported, submodules too."""
    assert need("json.decoder", "reading JSON").__name__ == "json.decoder"


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the purpose, the package as pip knows it, and the extra."""
    monkeypatch.setitem(sys.modules, "docx", None)

    with pytest.raises(MissingExtra) as caught:
        need("docx", "reading DOCX")

    assert caught.value.message == "reading DOCX needs the package python-docx"
    assert caught.value.fix == "pip install 'syntx[documents]'"
    assert caught.value.reason == "missing_extra"


def test_a_module_broken_inside_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When an installed package lacks a package of its own, the error says which."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    for name in [name for name in sys.modules if name.partition(".")[0] == "docx"]:
        monkeypatch.delitem(sys.modules, name)

    with pytest.raises(ModuleNotFoundError) as caught:
        need("docx", "reading DOCX")

    assert not isinstance(caught.value, MissingExtra)
