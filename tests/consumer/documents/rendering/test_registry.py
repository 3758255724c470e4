"""Formats are looked up by name, and new ones plug in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rendered_files import made

from consumer.documents.needing import MissingExtra
from consumer.documents.rendering import Rendered, formats, register, registry, render
from consumer.documents.rendering.models import Manuscript


def test_there_are_eight_formats_with_their_mime_types() -> None:
    """Each format names its MIME type and its suffix."""
    found = {format: render(made(title="T"), format) for format in formats()}

    assert {name: (it.mime_type.partition(";")[0], it.suffix) for name, it in found.items()} == {
        "docx": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ".docx",
        ),
        "pdf": ("application/pdf", ".pdf"),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
        "html": ("text/html", ".html"),
        "md": ("text/markdown", ".md"),
        "csv": ("text/csv", ".csv"),
        "txt": ("text/plain", ".txt"),
        "json": ("application/json", ".json"),
    }


def test_a_new_renderer_plugs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that registers is listed and used, and sees what the others see."""
    monkeypatch.setattr(registry, "_registered", {})

    def shout(manuscript: Manuscript) -> Rendered:
        return Rendered(manuscript.title.upper().encode(), "text/x-shout", ".shout")

    register("shout", shout)

    assert formats()[-1] == "shout"
    assert render(made(), "shout", title="leise").data == b"LEISE"


def test_an_unknown_format_says_which_there_are() -> None:
    """The fix names the formats."""
    with pytest.raises(registry.UnknownFormat) as caught:
        render(made(), "odt")

    assert caught.value.fix is not None
    assert "docx, pdf" in caught.value.fix


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its package a format says what to install."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtra, match="writing XLSX needs the package xlsxwriter"):
        render(made(), "xlsx")


def test_importing_the_folder_imports_none_of_its_packages() -> None:
    """Jobs that render nothing do not pay for what renders."""
    script = (
        "import sys, consumer.documents.rendering\n"
        "print({'docx', 'reportlab', 'xlsxwriter', 'jinja2', 'PIL'} & set(sys.modules))"
    )

    root = Path(__file__).parents[4]
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )

    assert told.stdout.strip() == "set()"
