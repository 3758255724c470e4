"""Zip archives without the time they were written."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_times(data: bytes) -> bytes:
    """Return the same archive with every entry dated 1980, the earliest a zip can say."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(ZipInfo(name, _EPOCH), source.read(name), ZIP_DEFLATED)
    return target.getvalue()
