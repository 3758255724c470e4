"""Types are told by content; extractors are chosen by type."""

from __future__ import annotations

from pathlib import Path

import office_files
import pytest
from reading_parts import data_of, problems, read

from consumer.documents.extraction import registry
from consumer.documents.extraction.registry import GROUP, place_of, register
from consumer.documents.extraction.sniffing import DOCX, PDF, PPTX, XLSX, sniff
from consumer.documents.workflow.actions.extract_content import ExtractContentParameters


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (office_files.pdf_file(), "application/pdf"),
        (office_files.word_file(), DOCX),
        (office_files.sheet_file(), XLSX),
        (office_files.slide_file(), PPTX),
        (bytes(office_files.mail()), "message/rfc822"),
        (b"<!DOCTYPE html><p>x", "text/html"),
        (b'<?xml version="1.0"?><a/>', "application/xml"),
        (b"{\\rtf1 x}", "application/rtf"),
        (b'{"a": 1}', "application/json"),
        (b"Nur Text", "text/plain"),
        ("Text in UTF-16".encode("utf-16"), "text/plain"),
        (bytes(range(256)), "application/octet-stream"),
    ],
)
def test_content_tells_the_type_without_a_suffix(data: bytes, kind: str) -> None:
    """A name is not needed."""
    assert sniff(data, "").mime_type == kind


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".csv", "text/csv"), (".md", "text/markdown"), (".txt", "text/plain")]
)
def test_the_suffix_decides_among_texts(suffix: str, kind: str) -> None:
    """Content does not tell Markdown from notes."""
    assert sniff(b"a;b\n1;2\n", suffix).mime_type == kind


def test_a_text_about_pdf_is_no_pdf() -> None:
    """A signature counts where it begins the file; after other bytes, only in a `.pdf`."""
    words = b"A PDF begins with %PDF-1.4."

    assert sniff(words, ".txt").mime_type == "text/plain"
    assert sniff(b"HTTP/1.1 200\n\n" + office_files.pdf_file(), ".pdf").mime_type == PDF


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"Nur Text"), ("a.txt", office_files.word_file())]
)
def test_a_lying_suffix_is_noted_and_the_content_read(name: str, data: bytes) -> None:
    """The content counts."""
    parts = read(name, data)

    assert problems(parts) == ["wrong_suffix"]
    assert data_of(parts)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.eml", "a.xlsx"])
def test_the_same_file_gives_the_same_parts(name: str) -> None:
    """IDs included: they count through the document."""
    data = {
        "a.pdf": office_files.pdf_with_table,
        "a.docx": office_files.word_file,
        "a.xlsx": office_files.sheet_file,
        "a.eml": lambda: bytes(office_files.mail()),
        "a.txt": lambda: b"Text",
    }[name]()

    first, second = read(name, data), read(name, data)

    assert first == second
    assert [part.id for part in first] == [f"doc-{n:04d}" for n in range(1, len(first) + 1)]


def test_a_function_that_cannot_be_imported_is_refused() -> None:
    """The reading process would not find it."""
    with pytest.raises(ValueError, match="must be a function of a module"):
        register(".abc", lambda source: iter(()))


def test_a_package_offers_an_extractor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point is enough: nothing here needs to know of it."""
    folder = tmp_path / "abc_reader-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: abc-reader\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(f"[{GROUP}]\n.abc = abc_reader:extract\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert place_of("text/plain", ".abc") == "abc_reader:extract"


def test_the_extractor_of_the_guide_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the how-to shows is read here as it stands."""
    guide = Path(__file__).parents[4] / "docs" / "how-to" / "add-an-extractor.md"
    code = guide.read_text().partition("```python\n")[2].partition("```")[0]
    (tmp_path / "abc_reader.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_registered", {})

    register(".abc", "abc_reader:extract")

    parts = read("x.abc", b"Titel\na b\nc d\n")
    assert [part.data for part in parts] == ["Titel", "a,b\nc,d\n"]


def test_an_unknown_type_has_a_place_too() -> None:
    """It is named there, and lost nowhere."""
    assert place_of("application/x-unheard", ".unheard").endswith("unknown:extract")


@pytest.mark.parametrize("name", ["imageMaxPixels", "imageQuality", "maxSize"])
def test_an_option_that_nothing_follows_is_refused_by_name(name: str) -> None:
    """Documents are extracted whole; whoever asks for less is told."""
    with pytest.raises(ValueError, match=f"{name} is not supported"):
        ExtractContentParameters.model_validate({"extractionOptions": {name: 50}})
