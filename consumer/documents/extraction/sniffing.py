"""What a file is: by its content first, by its suffix where the content leaves it open."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

from consumer.documents.extraction.decoding import decode, is_text

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = OFFICE + "wordprocessingml.document"
XLSX = OFFICE + "spreadsheetml.sheet"
PPTX = OFFICE + "presentationml.presentation"
XLS = "application/vnd.ms-excel"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
LOCKED = "application/x-encrypted-office"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
BINARY = "application/octet-stream"

SUFFIXES = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".dotx": DOCX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xltx": XLSX,
    ".xlsb": XLSB,
    ".xls": XLS,
    ".ods": ODS,
    ".pptx": PPTX,
    ".pptm": PPTX,
    ".ppsx": PPTX,
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".eml": "message/rfc822",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.S | re.I
)
_XML = re.compile(r"\s*<(?:\?xml\b|!DOCTYPE\b|[A-Za-z_][\w:.-]*[\s>/])")
_MAIL = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_MAIL_SIGN = re.compile(r"^(?:From|Received|Return-Path|MIME-Version|Message-ID):", re.M | re.I)
_FREE = frozenset({"text/plain", "text/markdown", "text/csv", "text/tab-separated-values"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A MIME type, and the one its suffix promises where that is another."""

    mime_type: str
    promised: str | None = None


def sniff(data: bytes, suffix: str) -> Kind:
    """Tell the type of a file."""
    promised = SUFFIXES.get(suffix)
    found = _of_content(data, promised)
    if found is None:
        text = is_text(data)
        # What is no text may still begin with the headers of a mail, which are ASCII.
        head = decode(data[:8192])[0] if text else data[:8192].decode("latin-1")
        found = _of_text(head, promised) if text or _is_mail(head) else BINARY
    return Kind(found, promised if promised and not _agrees(found, promised) else None)


def _agrees(found: str, promised: str) -> bool:
    return found == promised or (found in {LOCKED, OLE} and promised in {DOCX, XLSX, PPTX, XLS})


def _of_content(data: bytes, promised: str | None) -> str | None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:2] == b"BM" and not is_text(data):
        return "image/bmp"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:64].lstrip()[:5] == b"%PDF-" or (promised == PDF and b"%PDF-" in data[:1024]):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _of_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _of_ole(data)
    return None


def _of_zip(data: bytes) -> str | None:
    """Tell office files by their members; a broken archive is what its suffix says."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except Exception:  # a damaged archive fails in many ways
        return _of_broken_zip(data)
    if "xl/workbook.bin" in names:
        return XLSB
    return _by_folder(names)


def _by_folder(names: set[str]) -> str:
    for folder, kind in (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)):
        if any(name.startswith(folder) for name in names):
            return kind
    return ZIP


def _of_broken_zip(data: bytes) -> str:
    for mark, kind in ((b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX)):
        if mark in data:
            return kind
    return ZIP


def _of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return LOCKED
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return XLS
    return OLE


def _of_text(head: str, promised: str | None) -> str:
    """Markup is recognised; among the other text types the suffix decides."""
    if promised == "message/rfc822" or (promised is None and _is_mail(head)):
        return "message/rfc822"
    if promised == "text/markdown":
        return promised
    if _HTML.match(head):
        return "text/html"
    if promised in {"text/html", "application/xml", "image/svg+xml"} and "<" in head:
        return promised
    if promised == "application/json":
        return promised
    if _XML.match(head) and promised not in _FREE:
        return "application/xml"
    if head.lstrip()[:1] in {"{", "["} and promised is None:
        return "application/json"
    return promised if promised in _FREE else "text/plain"


def _is_mail(head: str) -> bool:
    start = _MAIL.match(head.replace("\r\n", "\n"))
    return bool(start and _MAIL_SIGN.search(start[0]))
