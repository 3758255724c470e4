"""Office files, PDFs and mails made on the spot, with the places where readers lose words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx
import pptx
import xlsxwriter
from docx.oxml import parse_xml
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OUT = 'Target="https://example.org/x" TargetMode="External"'
FOOTNOTES = f"""<?xml version="1.0" encoding="UTF-8"?><w:footnotes {W}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>Fußnotentext</w:t></w:r></w:p></w:footnote></w:footnotes>"""
TRACKED = f"""<w:p {W}><w:r><w:t>Vorher </w:t></w:r><w:ins w:id="1" w:author="A"><w:r><w:t>Eingefügt
</w:t></w:r></w:ins><w:del w:id="2" w:author="A"><w:r><w:delText>Gelöscht</w:delText></w:r></w:del>
<w:r><w:footnoteReference w:id="2"/></w:r></w:p>"""
BOX = f"""<w:p {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox>
<w:txbxContent><w:p><w:r><w:t>Kastentext</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>
</w:pict></w:r></w:p>"""


def saved(document: object) -> bytes:
    """What a document of python-docx or python-pptx writes."""
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Change the members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def word_file() -> bytes:
    """A DOCX with words in every corner."""
    document = docx.Document()
    document.core_properties.author = "Erika Musterfrau"
    document.core_properties.title = "Jahresbericht"
    section = document.sections[0]
    section.header.paragraphs[0].text = "Kopfzeile"
    section.footer.paragraphs[0].text = "Fußzeile"
    document.add_heading("Überschrift", level=1)
    marked = document.add_paragraph("Erster Absatz")
    document.add_comment(marked.runs, text="Anmerkung", author="Prüfer")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("Name", "Wert", "Äpfel", "3"), strict=True):
        cell.text = words
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "innen", "tief"
    document.add_paragraph("Nach der Tabelle")
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(TRACKED))
    body.insert(len(body) - 1, parse_xml(BOX))
    return repacked(saved(document), _add_footnotes)


def _add_footnotes(members: dict[str, bytes]) -> None:
    members["word/footnotes.xml"] = FOOTNOTES.encode()
    relation = f'<Relationship Id="rIdF" Type="{RELATIONS}/footnotes" Target="footnotes.xml"/>'
    link = f'<Relationship Id="rIdL" Type="{RELATIONS}/hyperlink" {OUT}/>'
    name = "word/_rels/document.xml.rels"
    members[name] = members[name].replace(
        b"</Relationships>", f"{relation}{link}</Relationships>".encode()
    )
    words = "<w:r><w:t>Verweis</w:t></w:r>"
    text = f'<w:hyperlink xmlns:r="{RELATIONS}" r:id="rIdL">{words}</w:hyperlink>'
    document = members["word/document.xml"].decode()
    members["word/document.xml"] = document.replace(
        "</w:p><w:sectPr", f"{text}</w:p><w:sectPr"
    ).encode()


def sheet_file() -> bytes:
    """An XLSX with a hidden sheet, a formula, a date, a comment and a chart."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.set_properties({"title": "Zahlen", "author": "Erika Musterfrau"})
    sheet = book.add_worksheet("Umsatz")
    for row, cells in enumerate((("Monat", "Euro"), ("Januar", 1200), ("Februar", 1300.5))):
        sheet.write_row(row, 0, cells)
    sheet.write_formula("B4", "=B2+B3", None, 2500.5)
    sheet.write_datetime("A5", _day(), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_comment("A1", "Zellenkommentar", {"author": "Prüfer"})
    sheet.insert_textbox("D2", "Textfeld")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "Reihe", "values": "=Umsatz!$B$2:$B$3"})
    chart.set_title({"name": "Diagrammtitel"})
    sheet.insert_chart("D8", chart)
    hidden = book.add_worksheet("Geheim")
    hidden.write("A1", "Verborgen")
    hidden.hide()
    book.close()
    return out.getvalue()


def _day() -> object:
    from datetime import datetime

    return datetime(2026, 3, 1)


def slide_file() -> bytes:
    """A PPTX with notes, a group, a table, a chart and a hidden slide."""
    deck = pptx.Presentation()
    deck.core_properties.author = "Erika Musterfrau"
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Folientitel"
    box = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = "Textfeld"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 99, 99).text_frame.text = "In der Gruppe"
    inner = group.shapes.add_group_shape()
    inner.shapes.add_textbox(0, 0, 99, 99).text_frame.text = "Tief in der Gruppe"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for index, words in enumerate(("Land", "Stadt", "Österreich", "Wien")):
        table.cell(index // 2, index % 2).text = words
    data = CategoryChartData()
    data.categories = ["Nord", "Süd"]
    data.add_series("Absatz", (12, 34.5))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(3), Inches(3), data)
    slide.notes_slide.notes_text_frame.text = "Sprechernotiz"
    other = deck.slides.add_slide(deck.slide_layouts[5])
    other.shapes.title.text = "Zweite Folie"
    other._element.set("show", "0")
    return saved(deck)


def pdf_file(pages: list[list[str]] | None = None, **options: object) -> bytes:
    """A PDF with the lines given on each page; `encrypt` is a password."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, **options)  # type: ignore[arg-type]
    canvas.setTitle("Prüfbericht")
    canvas.setAuthor("Erika Musterfrau")
    for lines in pages if pages is not None else [["Erste Seite äöüß"], ["Zweite Seite"]]:
        for number, line in enumerate(lines):
            canvas.drawString(72, 780 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pdf_with_table() -> bytes:
    """A PDF with a ruled table between two lines, a form field, a link and a comment."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawString(72, 760, "Vor der Tabelle")
    canvas.grid([72, 172, 272], [680, 700, 720, 740])
    for row, cells in enumerate((("Posten", "Betrag"), ("Miete", "900"), ("Strom", "80"))):
        for column, words in enumerate(cells):
            canvas.drawString(76 + 100 * column, 725 - 20 * row, words)
    canvas.drawString(300, 705, "Neben der Tabelle")
    canvas.drawString(72, 640, "Nach der Tabelle")
    canvas.acroForm.textfield(name="kunde", value="Feldwert", x=72, y=500, relative=False)
    canvas.linkURL("https://example.org/ziel", (72, 400, 100, 420))
    canvas.textAnnotation("Randbemerkung", Rect=[200, 400, 220, 420])
    canvas.save()
    return out.getvalue()


def scanned_pdf() -> bytes:
    """A PDF whose one page is a picture."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(Image.new("L", (200, 200), 128)), 0, 0, 500, 700)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def mail() -> EmailMessage:
    """A mail with both kinds of body, and a CSV attached."""
    message = EmailMessage()
    message["From"] = "Jörg Müller <joerg@example.org>"
    message["To"] = "a@example.org, Berta <b@example.org>"
    message["Subject"] = "Angebot für März"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content("Guten Tag, das Angebot liegt bei.\n")
    message.add_alternative("<p>Guten Tag, <b>HTML</b></p>", subtype="html")
    message.add_attachment(b"a;b\n1;2\n", maintype="text", subtype="csv", filename="z.csv")
    return message
