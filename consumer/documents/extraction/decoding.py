"""Bytes of unknown encoding become text."""

from __future__ import annotations

from consumer.documents.needing import need

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000
_CONTROLS = frozenset(range(32)) - {8, 9, 10, 12, 13, 27}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and its encoding: by its mark, as UTF-8, or by what is most likely."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 3:
            return data.decode("utf-8", "replace"), "utf-8"
    encoding = _likely(data)
    return data.decode(encoding, "replace"), encoding


def is_text(data: bytes) -> bool:
    """Whether bytes look like text: a mark of Unicode, or hardly any control characters."""
    if any(data.startswith(mark) for mark, _ in _MARKS):
        return True
    head = data[:8192]
    return sum(byte in _CONTROLS for byte in head) <= max(1, len(head) // 100)


def _likely(data: bytes) -> str:
    """Western text is by far the likeliest; detection decides only where that cannot be."""
    if not any(0x80 <= byte <= 0x9F for byte in data[:_SAMPLE]) and _is_western(data):
        return "cp1252"
    found = (
        need("charset_normalizer", "reading text of unknown encoding")
        .from_bytes(data[:_SAMPLE])
        .best()
    )
    return str(found.encoding) if found else "cp1252"


def _is_western(data: bytes) -> bool:
    high = [byte for byte in data[:_SAMPLE] if byte >= 0x80]
    letters = sum(byte in b"\xe4\xf6\xfc\xc4\xd6\xdc\xdf\xe9\xe8\xe0\xe7\xa7\xb0" for byte in high)
    return bool(high) and letters * 10 >= len(high) * 9
