"""Ten thousand rows in every format."""

from __future__ import annotations

import pytest
from rendered_files import TEXTS, made

from consumer.documents.rendering import formats, render


@pytest.mark.slow
@pytest.mark.parametrize("format", formats())
def test_ten_thousand_rows_are_written(format: str) -> None:
    """The first and the last row are there."""
    rows = [[number, f"Müller {number}", "Köln", number * 1.25] for number in range(10_000)]
    element = {"headers": ["Nr", "Name", "Ort", "Betrag"], "rows": rows}

    data = render(made({"content_type": "table", "elements": [element]}), format).data

    text = TEXTS[format](data)
    assert all(f"Müller {number}" in text for number in (0, 4999, 9999))
