"""Documents for the extraction benchmark: found on this machine, or made of words we know.

A found PDF's known text is what pypdf reads, a found page's what the standard library's parser
reads: third readers that neither side uses. Of a made document every word is known, those in
headers, notes, comments, hidden sheets and charts as well.
"""

from __future__ import annotations

import gzip
import importlib
import io
import random
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_DOCS = Path("/usr/share/doc")
_WORD = re.compile(r"\w+")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u00ad][ \t]*\n?(?=\w)")
_SYLLABLES = re.findall("..", "babebidadedifagekakolalelimameminanopararerirasasotatetewa")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Sample:
    """A document, the words in it, and how many pages it has (PDF only)."""

    name: str
    data: bytes
    known: Counter[str]
    pages: int = 0


def words(text: str) -> Counter[str]:
    """Return the words of a text, counted.

    A ligature is the letters it joins; a hyphen inside a word, at a line end too, joins its parts.
    """
    plain = unicodedata.normalize("NFKC", text).replace("\r", "")
    return Counter(_WORD.findall(_HYPHEN.sub("", plain)))


def found(most_pages: int, pages_of_html: int) -> Iterator[Sample]:
    """Yield PDFs and HTML of Debian's documentation."""
    for path in sorted([*_DOCS.glob("*/*.pdf"), *_DOCS.glob("*/*.pdf.gz")]):
        data = path.read_bytes()
        sample = _pdf(path.name, gzip.decompress(data) if path.suffix == ".gz" else data)
        if sample and sample.pages <= most_pages:
            yield sample
    pages = sorted(_DOCS.glob("*/**/*.htm*"), key=lambda path: (-path.stat().st_size, path))
    for path in [path for path in pages if path.suffix in {".html", ".htm"}][:pages_of_html]:
        page = path.read_bytes()
        yield Sample(path.name, page, words(_Reader.read(page.decode("utf-8", "replace"))))


def made(seed: int) -> Iterator[Sample]:
    """Yield one document of each kind, made on the spot."""
    chance = random.Random(seed)
    yield _made_pdf(chance)
    yield _made_docx(chance)
    yield _made_xlsx(chance)
    yield _made_pptx(chance)
    yield _made_mail(chance)


def _pdf(name: str, data: bytes) -> Sample | None:
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        told = "\n".join(page.extract_text() for page in reader.pages)
    except Exception:
        return None
    return Sample(name.removesuffix(".gz"), data, words(told), len(reader.pages))


class _Reader(HTMLParser):
    """What stands between tags, but for scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.silent = 0

    @classmethod
    def read(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        return "".join(reader.out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}
        self.out.append(" " if tag in {"td", "th", "li", "p", "div", "dt", "dd", "a"} else "")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(data)


class _Telling:
    """Sentences of made-up words, each remembered."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.known: Counter[str] = Counter()

    def say(self, count: int = 12) -> str:
        """Return so many words and remember them."""
        told = [self._word() for _ in range(count)]
        self.known.update(told)
        return " ".join(told)

    def _word(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.randint(2, 5)))


def _made_pdf(chance: random.Random) -> Sample:
    """Sixty pages of text, every tenth with a ruled table."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    telling, out = _Telling(chance), io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in range(60):
        for line in range(34):
            canvas.drawString(60, 780 - 15 * line, telling.say(9))
        if page % 10 == 0:
            canvas.grid([60, 180, 300, 420], [120, 140, 160, 180, 200, 220])
            for cell in range(15):
                x, y = 64 + 120 * (cell % 3), 205 - 20 * (cell // 3)
                canvas.drawString(x, y, telling.say(1))
        canvas.showPage()
    canvas.save()
    return Sample("made.pdf", out.getvalue(), telling.known, 60)


def _made_docx(chance: random.Random) -> Sample:
    """Headings, paragraphs, tables in tables, header, footer, comment and footnotes."""
    import docx

    telling, document = _Telling(chance), docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = telling.say()
    section.footer.paragraphs[0].text = telling.say()
    for _ in range(40):
        document.add_heading(telling.say(4), level=2)
        paragraph = document.add_paragraph(telling.say(80))
        document.add_comment(paragraph.runs, text=telling.say(), author="A")
        table = document.add_table(rows=4, cols=3)
        for row in table.rows:
            for cell in row.cells:
                cell.text = telling.say(3)
        inner = table.cell(0, 0).add_table(rows=2, cols=2)
        inner.cell(0, 0).text, inner.cell(1, 1).text = telling.say(2), telling.say(2)
    out = io.BytesIO()
    document.save(out)
    return Sample("made.docx", _with_footnote(out.getvalue(), telling.say()), telling.known)


def _with_footnote(data: bytes, note: str) -> bytes:
    """Add the member that python-docx cannot write."""
    relation = f'<Relationship Id="rIdN" Type="{_R}/footnotes" Target="footnotes.xml"/>'
    notes = (
        f'<w:footnotes xmlns:w="{_W}"><w:footnote w:id="2"><w:p><w:r><w:t>{note}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8") if name.endswith((".xml", ".rels")) else ""
            if name == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", relation + "</Relationships>")
            if name == "word/document.xml":
                mark = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p><w:sectPr'
                content = content.replace("<w:sectPr", mark)
            new.writestr(name, content or old.read(name))
        new.writestr("word/footnotes.xml", notes)
    return out.getvalue()


def _made_xlsx(chance: random.Random) -> Sample:
    """Three sheets of 300 rows, the last one hidden, a comment in each."""
    xlsxwriter: Any = importlib.import_module("xlsxwriter")
    telling, out = _Telling(chance), io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for number in range(3):
        sheet = book.add_worksheet()
        for row in range(300):
            sheet.write_row(row, 0, [telling.say(1) for _ in range(8)])
        sheet.write_comment("A1", telling.say())
        if number == 2:
            sheet.hide()
    book.close()
    return Sample("made.xlsx", out.getvalue(), telling.known)


def _made_pptx(chance: random.Random) -> Sample:
    """Twenty slides with notes, groups in groups, tables and charts."""
    import pptx

    telling, deck = _Telling(chance), pptx.Presentation()
    for _ in range(20):
        _add_slide(deck, telling)
    out = io.BytesIO()
    deck.save(out)
    return Sample("made.pptx", out.getvalue(), telling.known)


def _add_slide(deck: Any, telling: _Telling) -> None:
    charts: Any = importlib.import_module("pptx.chart.data")
    kinds: Any = importlib.import_module("pptx.enum.chart")
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = telling.say(5)
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 99, 99).text_frame.text = telling.say(30)
    inner = group.shapes.add_group_shape()
    inner.shapes.add_textbox(0, 0, 99, 99).text_frame.text = telling.say(10)
    table = slide.shapes.add_table(3, 2, 0, 0, 99, 99).table
    for cell in table.iter_cells():
        cell.text = telling.say(2)
    data = charts.CategoryChartData()
    data.categories = [telling.say(1) for _ in range(4)]
    data.add_series(telling.say(2), (1, 2, 3, 4))
    slide.shapes.add_chart(kinds.XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 99, 99, data)
    slide.notes_slide.notes_text_frame.text = telling.say(20)


def _made_mail(chance: random.Random) -> Sample:
    """A mail with a DOCX attached and a mail inside."""
    telling, message, inner = _Telling(chance), EmailMessage(), EmailMessage()
    message["Subject"], inner["Subject"] = telling.say(4), telling.say(4)
    inner.set_content(telling.say(60))
    message.set_content(telling.say(60))
    attached = _made_docx(chance)
    message.add_attachment(attached.data, maintype="application", subtype="x", filename="a.docx")
    message.add_attachment(inner)
    return Sample("made.eml", bytes(message), telling.known + attached.known)
