"""The document as a PDF: A4, an outline of its headings, page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Image as Drawn
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Text

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
from consumer.documents.rendering.fonts import printable
from consumer.documents.rendering.models import Manuscript, Rendered
from consumer.documents.rendering.pdf_cells import portions
from consumer.documents.rendering.pdf_styles import Styles, heading_style, indented, styles
from consumer.documents.rendering.pdf_tables import ruled
from consumer.documents.rendering.pictures import picture_of
from consumer.documents.rendering.tables import bands

_MARGIN = 22 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_HEIGHT = A4[1] - 2 * _MARGIN
_MOST_COLUMNS = 12
_PIXEL = 0.75
_LONG = 4000


def render(manuscript: Manuscript) -> Rendered:
    """Write the pages; a character the font lacks is spelled out and noted."""
    notes = Notes()
    target = BytesIO()
    template = _Template(
        target,
        pagesize=A4,
        invariant=1,
        title=manuscript.title,
        author=manuscript.author,
        lang=manuscript.language or None,
        creator="syntx",
        producer="syntx",
        subject="",
        keywords="",
    )
    template.build(list(_Story(notes).told(manuscript)) or [Spacer(0, 0)])
    told = (*manuscript.notes, *notes.told())
    return Rendered(target.getvalue(), "application/pdf", ".pdf", told)


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """Pages with a number at the foot; headings go to the outline."""

    def __init__(self, target: BytesIO, **told: Any) -> None:
        super().__init__(target, **told)
        frame = Frame(_MARGIN, _MARGIN, _WIDTH, _HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPageEnd=_number_page))
        self._level = -1

    def afterFlowable(self, flowable: Any) -> None:
        """Mark a heading in the outline; a level is at most one below the last."""
        level = getattr(flowable, "outline", None)
        if level is None:
            return
        self._level = min(level, self._level + 1)
        key = f"h{self.seq.nextf('heading')}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, self._level)


def _number_page(canvas: Any, template: Any) -> None:
    canvas.setFont(styles().text.fontName, 9)
    canvas.drawCentredString(A4[0] / 2, 12 * mm, str(template.page))


class _Story:
    """The blocks of a manuscript as what the library sets on pages."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._styles: Styles = styles()

    def told(self, manuscript: Manuscript) -> Iterator[Any]:
        """Yield everything, a page break between documents."""
        if manuscript.title:
            yield self._heading(manuscript.title, 0)
        for number, chapter in enumerate(manuscript.chapters):
            if number:
                yield NewPage()
            if chapter.title:
                yield self._heading(chapter.title, 0)
            for block in chapter.blocks:
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Any]:
        match block:
            case Heading(text=text, level=level):
                yield self._heading(text, level)
            case Paragraph(text=text):
                yield from self._texts(text, self._styles.text)
            case Table():
                yield from self._table(block)
            case Items():
                yield from self._items(block, 1)
                yield Spacer(0, 2 * mm)
            case Code(text=text):
                yield from self._texts(text, self._styles.code)
            case Image():
                yield self._image(block)
            case Quote():
                source = f"\n— {block.source}" if block.source else ""
                yield from self._texts(block.text + source, self._styles.quote)
            case PageBreak():
                yield NewPage()

    def _texts(self, text: str, style: Any) -> Iterator[Any]:
        return (self._text(part, style) for part in portions(text, _LONG))

    def _text(self, text: str, style: Any, bullet: str | None = None) -> Any:
        return Text(self._markup(text, style), style, bulletText=bullet)

    def _markup(self, text: str, style: Any) -> str:
        """Return a text as the library's markup: nothing of it is a tag, line breaks are kept."""
        shown = printable(text, style.fontName, self._notes)
        told = escape(shown, quote=False).replace("\t", "    ")
        if style.name == "code":
            told = told.replace(" ", "\u00a0")
        return told.replace("\n", "<br/>")

    def _heading(self, text: str, level: int) -> Any:
        made = self._text(text, heading_style(level))
        made.outline = level
        return made

    def _table(self, table: Table) -> Iterator[Any]:
        if table.width > _MOST_COLUMNS:
            self._notes.add("a table too wide for a page was cut into several")
        for band in bands(table, _MOST_COLUMNS):
            if band.caption:
                yield self._text(band.caption, self._styles.caption)
            yield from ruled(band, self._markup, (_WIDTH, _HEIGHT))
            yield Spacer(0, 4 * mm)

    def _items(self, items: Items, depth: int) -> Iterator[Any]:
        for number, item in enumerate(items.items, 1):
            mark = f"{number}." if items.ordered else "•"
            first, *more = portions(item.text or "\u00a0", _LONG)
            yield self._text(first, indented(depth), mark)
            yield from (self._text(part, indented(depth)) for part in more)
            if item.below:
                yield from self._items(item.below, depth + 1)

    def _image(self, image: Image) -> Any:
        picture = picture_of(image, self._notes)
        if picture is None:
            return self._text(image.words, self._styles.text)
        scale = min(_PIXEL, _WIDTH / picture.width, (_HEIGHT - 10) / picture.height)
        size = picture.width * scale, picture.height * scale
        return Drawn(BytesIO(picture.data), *size, hAlign="LEFT")
