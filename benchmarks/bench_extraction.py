"""What extraction finds and how long it takes, beside markitdown and docling where installed.

Recall is the share of a document's known words (as a multiset) that come out. Our time includes
the start of the reading process; theirs is that of the call alone, after their imports, warmed up
on a small text. `speedup` is their time by ours, over all PDFs of more than 50 pages. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extraction_corpus import Sample, found, made, words

from consumer.documents.extraction.extracting import extract
from consumer.documents.extraction.models import ExtractionOptions
from syntx.settings.documents import Extraction

LONG = 50
Reader = Callable[[Path], str]


def ours(file: Path) -> str:
    """Extract as a job does, in a process of its own."""
    done = extract(
        file,
        name=file.name,
        document_id="bench",
        options=ExtractionOptions(),
        limits=Extraction(ocr="off"),
    )
    return "\n".join(part.data for part in asyncio.run(done).parts)


def rivals() -> dict[str, Reader]:
    """Return the rivals that can be imported."""
    there: dict[str, Reader] = {}
    with contextlib.suppress(ImportError):
        there["markitdown"] = _markitdown()
    with contextlib.suppress(ImportError):
        there["docling"] = _docling()
    return there


def _markitdown() -> Reader:
    from markitdown import MarkItDown

    reader = MarkItDown()
    return lambda file: str(reader.convert(file).text_content)


def _docling() -> Reader:
    from docling.document_converter import DocumentConverter

    reader = DocumentConverter()
    return lambda file: str(reader.convert(file).document.export_to_markdown())


def measure(reader: Reader, file: Path, known: Counter[str]) -> dict[str, float]:
    """Return recall and seconds; a reader that fails has found nothing."""
    began = time.perf_counter()
    try:
        told = words(reader(file))
    except Exception as error:
        print(f"{file.name}: {type(error).__name__}", file=sys.stderr)
        told = Counter()
    seconds = time.perf_counter() - began
    return {"recall": (told & known).total() / max(known.total(), 1), "seconds": seconds}


def run(samples: list[Sample], readers: dict[str, Reader]) -> list[dict[str, Any]]:
    """Measure every reader on every sample, side by side."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for sample in samples:
            file = Path(folder) / sample.name
            file.write_bytes(sample.data)
            row: dict[str, Any] = {"name": sample.name, "pages": sample.pages}
            for name, reader in readers.items():
                row[name] = measure(reader, file, sample.known)
            rows.append(row)
            print(_line(row, list(readers)))
    return rows


def _line(row: dict[str, Any], names: list[str]) -> str:
    told = (f"{row[name]['recall']:9.4f} {row[name]['seconds']:8.2f} s" for name in names)
    return f"{row['name'][:34]:34} {row['pages'] or '':>4}" + "".join(told)


def figures(rows: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    """Return means, the worst difference in recall, and the speed on long PDFs."""
    told: dict[str, Any] = {"samples": len(rows)}
    for name in names:
        told[f"recall_{name}"] = round(statistics.fmean(row[name]["recall"] for row in rows), 4)
    long = [row for row in rows if row["pages"] > LONG]
    for name in names[1:]:
        told[f"worst_difference_{name}"] = round(
            min(row["ours"]["recall"] - row[name]["recall"] for row in rows), 4
        )
        seconds = [sum(row[one]["seconds"] for row in long) for one in (name, "ours")]
        told[f"speedup_{name}"] = round(seconds[0] / seconds[1], 1) if long else None
        told[f"least_speedup_{name}"] = round(
            min((row[name]["seconds"] / row["ours"]["seconds"] for row in long), default=0), 1
        )
    return {**told, "long_pdfs": len(long), "rows": rows}


def main() -> None:
    """Run on found and made documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the last line is JSON (it always is)")
    parser.add_argument("--pages", type=int, default=500, help="leave out longer PDFs")
    parser.add_argument("--html", type=int, default=20, help="so many found HTML pages")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.ERROR)
    readers: dict[str, Reader] = {"ours": ours, **rivals()}
    for name in ("markitdown", "docling"):
        if name not in readers:
            print(f"{name} is not installed: pip install 'syntx[bench]'", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "a.html"
        small.write_text("<p>warm")
        for reader in readers.values():
            reader(small)
    samples = [*made(asked.seed), *found(asked.pages, asked.html)]
    rows = run(samples, readers)
    print(json.dumps(figures(rows, list(readers))))


if __name__ == "__main__":
    main()
