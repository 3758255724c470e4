"""CSV and TSV: one table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from consumer.documents.extraction.decoding import decode
from consumer.documents.extraction.finding import Finding, Source, Trouble, table, text

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_MAX_FIELD = 2**31 - 1


def extract(source: Source) -> Iterator[Finding]:
    """Yield the table; its delimiter is the one that gives the steadiest columns."""
    data, encoding = decode(source.data)
    csv.field_size_limit(_MAX_FIELD)
    data = data.replace("\0", "")
    named, data = _named_delimiter(data)
    delimiter = named or ("\t" if source.suffix in {".tsv", ".tab"} else sniff(data))
    try:
        rows = list(_rows(data, delimiter))
    except csv.Error as error:
        yield from text("text", data, encoding=encoding)
        yield Trouble("unreadable", f"not valid CSV ({error}); given as text")
        return
    if named is None and _unclosed(data):
        yield Trouble("truncated", "a quoted cell is not closed")
    yield from table("table", rows, delimiter=delimiter, encoding=encoding)


def sniff(data: str) -> str:
    """Return the delimiter under which most rows have the same number of columns, above one."""
    return max(_DELIMITERS, key=lambda one: (_steadiness(data, one), -_DELIMITERS.index(one)))


def _steadiness(data: str, delimiter: str) -> float:
    """Rows of the commonest width, as a share, more when they are wide; 0 for one column."""
    try:
        widths = [
            len(row) for row, _ in zip(_rows(data, delimiter), range(_SAMPLE_ROWS), strict=False)
        ]
    except csv.Error:
        return 0.0
    counted = Counter(width for width in widths if width)
    if not counted:
        return 0.0
    width, count = max(counted.items(), key=lambda item: (item[1], item[0]))
    return 0.0 if width < 2 else count / len(widths) + min(width, 50) / 1000


def _rows(data: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(data, newline=""), delimiter=delimiter)


def _named_delimiter(data: str) -> tuple[str | None, str]:
    """Take off the line `sep=;` that spreadsheets write and read."""
    first, _, rest = data.partition("\n")
    line = first.strip("\r")
    if len(line) == 5 and line.lower().startswith("sep="):
        return line[4], rest
    return None, data


def _unclosed(data: str) -> bool:
    return data.count('"') % 2 == 1 and data.rstrip("\r\n")[-1:] != '"'
