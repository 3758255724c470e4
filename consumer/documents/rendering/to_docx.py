"""The document as a Word file, with real styles, so that a person can go on with it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from consumer.documents.rendering.blocks import (
    Block,
    Code,
    Heading,
    Image,
    Items,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from consumer.documents.rendering.cleaning import Notes
from consumer.documents.rendering.docx_parts import Body, Numbering, fill_table
from consumer.documents.rendering.models import Chapter, Manuscript, Rendered
from consumer.documents.rendering.pictures import picture_of
from consumer.documents.rendering.tables import bands
from consumer.documents.rendering.zipping import without_times

_MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CREATED = datetime(2000, 1, 1)
_MOST_COLUMNS = 12
_EMU_PER_PIXEL = 9525
_DEEPEST = 8


def render(manuscript: Manuscript) -> Rendered:
    """Write A4 pages with page numbers, headings and lists in Word's own styles."""
    notes = Notes()
    file = docx.Document()
    _set_up(file, manuscript)
    writer = _Writer(file, notes)
    if manuscript.title:
        writer.heading(manuscript.title, 0)
    for number, chapter in enumerate(manuscript.chapters):
        if number:
            writer.break_page()
        writer.chapter(chapter)
    target = BytesIO()
    file.save(target)
    told = (*manuscript.notes, *notes.told())
    return Rendered(without_times(target.getvalue()), _MIME_TYPE, ".docx", told)


class _Writer:
    """A Word file that blocks are appended to."""

    def __init__(self, file: Any, notes: Notes) -> None:
        self._file, self._notes = file, notes
        self._numbering = Numbering(file)
        self._body = Body(file)
        self._width = Mm(210 - 50)

    def chapter(self, chapter: Chapter) -> None:
        """Write one document of the manuscript."""
        if chapter.title:
            self.heading(chapter.title, 0)
        for block in chapter.blocks:
            self._block(block)

    def heading(self, text: str, level: int) -> None:
        """Write a heading; level 0 is the title."""
        self._body.append(text, f"Heading {level}" if level else "Title")

    def break_page(self) -> None:
        """Begin a new page; what is left of the paragraph there takes no room."""
        paragraph = self._file.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(1)
        paragraph.add_run().add_break(WD_BREAK.PAGE)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text=text, level=level):
                self.heading(text, level)
            case Paragraph(text=text):
                self._body.append(text, "Normal")
            case Table():
                self._table(block)
            case Items():
                self._items(block, 0)
            case Code(text=text):
                self._body.append(text, "Code")
            case Image():
                self._image(block)
            case Quote():
                source = f"\n— {block.source}" if block.source else ""
                self._body.append(block.text + source, "Intense Quote")
            case PageBreak():
                self.break_page()

    def _table(self, table: Table) -> None:
        if table.width > _MOST_COLUMNS:
            self._notes.add("a table too wide for a page was cut into several")
        for band in bands(table, _MOST_COLUMNS):
            if band.caption:
                self._file.add_paragraph(
                    band.caption, "Caption"
                ).paragraph_format.keep_with_next = True
            fill_table(self._file, band, self._width)
            self._body.append("", "Normal")

    def _items(self, items: Items, depth: int) -> None:
        number = self._numbering.start(items.ordered)
        for item in items.items:
            paragraph = self._body.append(item.text, "List Paragraph")
            self._numbering.apply(paragraph, number, min(depth, _DEEPEST))
            if item.below:
                self._items(item.below, depth + 1)

    def _image(self, image: Image) -> None:
        picture = picture_of(image, self._notes)
        if picture is None:
            self._body.append(image.words, "Normal")
            return
        width = min(picture.width * _EMU_PER_PIXEL, int(self._width))
        height = width * picture.height // picture.width
        most = Mm(220)
        if height > most:
            width, height = width * most // height, most
        drawn = self._file.add_picture(BytesIO(picture.data), Emu(width), Emu(height))
        drawn._inline.docPr.set("descr", image.alt)


def _set_up(file: Any, manuscript: Manuscript) -> None:
    told = file.core_properties
    told.title, told.author, told.language = (
        manuscript.title[:255],
        manuscript.author[:255],
        manuscript.language,
    )
    told.comments = told.last_modified_by = ""
    told.created = told.modified = _CREATED
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(22)
    _number_pages(section.footer.paragraphs[0])
    _add_code_style(file)
    if manuscript.language:
        for told_language in file.styles.element.iter(qn("w:lang")):
            told_language.set(qn("w:val"), manuscript.language)


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _add_code_style(file: Any) -> None:
    style = file.styles.add_style("Code", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = file.styles["Normal"]
    style.font.name, style.font.size = "Courier New", Pt(9)
    style.paragraph_format.left_indent = Mm(5)
