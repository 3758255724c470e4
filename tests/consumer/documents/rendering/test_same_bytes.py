"""The same document gives the same bytes, whenever, wherever and in whatever process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rendered_files import made

from consumer.documents.rendering import formats, render

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
DOCUMENT = made(
    {
        "content_type": "paragraph",
        "title": "Größe",
        "elements": [{"text": "Äpfel 中", "k": {"b": 1}}],
    },
    {"content_type": "table", "elements": [{"rows": [{"b": 1, "a": "=x", "c": None}], "z": "y"}]},
    {"content_type": "list", "elements": [{"items": ["a", {"text": "b", "items": ["c"]}]}]},
    {"content_type": "image", "elements": [{"altText": "Punkt", "base64": PNG}]},
    title="Prüfung",
    language="de",
    author="Jörg",
)
SCRIPT = """
import sys
from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.rendering import formats, render
document = UnifiedJsonDocument.model_validate_json(sys.stdin.buffer.read())
sys.stdout.buffer.write(b"".join(render(document, format).data for format in formats()))
"""


def test_every_format_has_the_same_bytes_in_another_process() -> None:
    """Neither the order of hashes nor the clock of the place leaves a trace in any file."""
    here = b"".join(render(DOCUMENT, format).data for format in formats())

    root = str(Path(__file__).parents[4])
    there = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=DOCUMENT.to_wire(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "PYTHONPATH": root},
    )

    assert there.stdout == here
