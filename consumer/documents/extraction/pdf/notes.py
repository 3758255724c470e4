"""What lies upon a page: form fields, comments and links."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from consumer.documents.needing import need

_LINK = 2
_WIDGET = 20
_POPUP = 16


def notes(pdf: Any, page: Any) -> tuple[list[str], list[str]]:
    """Return one line for each filled field, comment and link of a page, and who commented."""
    raw = need("pypdfium2.raw", "reading PDF")
    said: dict[str, str] = {}
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            said.update(_said(raw, pdf, annotation))
            raw.FPDFPage_CloseAnnot(annotation)
    return list(said), list(dict.fromkeys(filter(None, said.values())))


def _said(raw: Any, pdf: Any, annotation: Any) -> Iterator[tuple[str, str]]:
    """Yield a line and who said it."""
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind == _LINK:
        link = _uri(raw, pdf, annotation)
        if link:
            yield f"link: {link}", ""
    elif kind == _WIDGET:
        yield from _field(raw, pdf, annotation)
    elif kind != _POPUP:
        comment = _string(raw, annotation, b"Contents")
        author = _string(raw, annotation, b"T")
        if comment:
            yield f"comment{f' by {author}' if author else ''}: {comment}", author


def _field(raw: Any, pdf: Any, annotation: Any) -> Iterator[tuple[str, str]]:
    if pdf.formenv is None:
        return
    form = pdf.formenv

    def ask(call: Callable[..., int]) -> str:
        return _utf16(lambda buffer, size: call(form, annotation, buffer, size))

    name = ask(raw.FPDFAnnot_GetFormFieldAlternateName) or ask(raw.FPDFAnnot_GetFormFieldName)
    value = ask(raw.FPDFAnnot_GetFormFieldValue)
    if value and value != "Off":
        yield f"{name}: {value}", ""


def _string(raw: Any, annotation: Any, key: bytes) -> str:
    return _utf16(
        lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    ).strip()


def _utf16(call: Callable[[Any, int], int]) -> str:
    """Ask for the size, then for the text: pdfium writes UTF-16 with a NUL at its end."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    call(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace").replace("\r", "\n")


def _uri(raw: Any, pdf: Any, annotation: Any) -> str:
    link = raw.FPDFAnnot_GetLink(annotation)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = raw.FPDFAction_GetURIPath(pdf, action, None, 0)
    if size <= 1:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(pdf, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")
