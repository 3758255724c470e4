"""Bytes of unknown encoding become text."""

from __future__ import annotations

import re

from consumer.documents.needing import need

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000
_LETTERS = b"\xe4\xf6\xfc\xc4\xd6\xdc\xdf\xe9\xe8\xe0\xe7"
_SIGNS = b"\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa7\xab\xb0\xb2\xb3\xb5\xbb"
_SIGN_IN_WORD = re.compile(rb"(?<=[A-Za-z])[\x80\x82\x84\x85\x93\x94\x99](?=[A-Za-z])")
_CONTROLS = frozenset(range(32)) - {8, 9, 10, 12, 13, 27}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and its encoding: by its mark, as UTF-8, or by what is most likely."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    unmarked = _unmarked(data)
    if unmarked:
        return data.decode(unmarked, "replace"), unmarked
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 3:
            return data.decode("utf-8", "replace"), "utf-8"
    encoding = _likely(data)
    return data.decode(encoding, "replace"), encoding


def is_text(data: bytes) -> bool:
    """Whether bytes look like text: a mark of Unicode, or hardly any control characters."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _unmarked(data):
        return True
    return not _has_controls(data[:8192])


def _has_controls(head: bytes) -> bool:
    return sum(byte in _CONTROLS for byte in head) > max(1, len(head) // 100)


def _unmarked(data: bytes) -> str | None:
    """Tell the encoding of text that tells itself by its bytes: UTF-16, or escapes to Japanese."""
    if b"\x1b$" in data[:_SAMPLE] and data[:_SAMPLE].isascii():
        return "iso2022_jp"
    head = data[:8192]
    for encoding, high, low in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if high.count(0) * 2 <= len(high) or low.count(0):
            continue
        if not _has_controls(
            bytes(one for one, above in zip(low, high, strict=False) if not above)
        ):
            return encoding
    return None


def _likely(data: bytes) -> str:
    """Western text is by far the likeliest; detection decides only where that cannot be."""
    if _is_western(data[:_SAMPLE]):
        return "cp1252"
    found = (
        need("charset_normalizer", "reading text of unknown encoding")
        .from_bytes(data[:_SAMPLE])
        .best()
    )
    return str(found.encoding) if found else "cp1252"


def _is_western(sample: bytes) -> bool:
    """Whether the bytes above ASCII are letters and signs of CP1252, the signs not inside words."""
    high = sum(byte >= 0x80 for byte in sample)
    known = sum(byte in _LETTERS or byte in _SIGNS for byte in sample)
    return bool(high) and (known - len(_SIGN_IN_WORD.findall(sample))) * 10 >= high * 9
