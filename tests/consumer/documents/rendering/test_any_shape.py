"""Whatever shape a model gives its elements, every format is written and nothing is dropped."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rendered_files import TEXTS, made, md_text

from consumer.documents.generation.models import CONTENT_TYPES, UnifiedJsonDocument
from consumer.documents.rendering import formats, render

WORDS = st.integers(0, 9999).map(lambda number: f"w{number}x")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
SHOWN_KEYS = st.sampled_from(
    ["text", "rows", "headers", "items", "code", "caption", "source", "altText", "weird", "cells"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SHOWN_KEYS, inner, max_size=3),
    max_leaves=12,
)
ELEMENTS = st.dictionaries(SHOWN_KEYS, VALUES, max_size=4)
SECTIONS = st.fixed_dictionaries(
    {
        "content_type": st.sampled_from([*CONTENT_TYPES, "mixed", ""]),
        "title": st.none() | WORDS,
        "order": st.integers(-3, 3),
        "elements": st.lists(ELEMENTS, max_size=4),
    }
)
HOSTILE = st.text(
    st.characters() | st.sampled_from("\x00\x0b\x1f\r\n\t\ud800\udfff\ufffe\u202e<>&|`*_#=+-@'\"")
)
RELAXED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@pytest.mark.parametrize("format", formats())
@RELAXED
@given(sections=st.lists(SECTIONS, max_size=3), title=st.none() | WORDS)
def test_elements_of_any_shape_are_written_whole(
    format: str, sections: list[dict[str, Any]], title: str | None
) -> None:
    """Every word is in the file, or the notes name the heading that is not."""
    rendered = render(made(*sections, title=title), format)

    told = re.sub(r"\s", "", TEXTS[format](rendered.data)) + "".join(rendered.notes)
    words = set(re.findall(r"w\d+x", json.dumps([sections, title])))
    assert {word for word in words if word not in told} == set()


@pytest.mark.parametrize("format", formats())
@RELAXED
@given(text=HOSTILE, key=HOSTILE, cell=HOSTILE)
def test_texts_of_any_characters_are_written(format: str, text: str, key: str, cell: str) -> None:
    """Control characters, half surrogates and marks of every format leave a file that opens."""
    document = made(
        {"content_type": "paragraph", "title": text, "elements": [{"text": text, key: cell}]},
        {"content_type": "table", "elements": [{"headers": [key], "rows": [[cell], [text]]}]},
        {"content_type": "list", "elements": [{"items": [text, {"text": cell, "items": [key]}]}]},
        {"content_type": "code", "elements": [{"code": text, "language": key}]},
        {"content_type": "quote", "elements": [{"text": text, "source": cell}]},
        {"content_type": "image", "elements": [{"altText": text, "base64": cell}]},
        title=text,
        language=key,
        author=cell,
    )

    assert isinstance(TEXTS[format](render(document, format).data), str)


@settings(RELAXED, max_examples=100)
@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["C"])))
def test_markdown_reads_as_the_text_it_was_written_from(text: str) -> None:
    """No character of a text is taken for a mark, at the start of a line or within it."""
    document = made({"content_type": "paragraph", "elements": [{"text": f"a {text}\n{text} b"}]})

    read = md_text(render(document, "md").data)

    assert "".join(read.split()) == "".join(f"a{text}{text}b".split())


def test_a_document_of_nothing_is_written() -> None:
    """No documents, no sections, no metadata: still a file that opens."""
    for format in formats():
        for document in (UnifiedJsonDocument(), made()):
            assert isinstance(TEXTS[format](render(document, format).data), str)


def test_a_row_far_wider_than_the_rest_does_not_blow_the_table_up() -> None:
    """Padding a hundred thousand rows to the width of one is refused; the words are kept."""
    rows = [["w1x"] * 50_000, *([["w2x"]] * 5_000)]

    rendered = render(made({"content_type": "table", "elements": [{"rows": rows}]}), "csv")

    assert len(rendered.data) < 1_000_000
    assert "very unequal width" in rendered.notes[0]


def test_what_is_nested_endlessly_is_cut_and_noted() -> None:
    """A nesting that no format can show does not end the work."""
    value: Any = "deep"
    for _ in range(150):
        value = [value]

    rendered = render(made({"content_type": "box", "elements": [{"value": value}]}), "txt")

    assert "nested more than" in rendered.notes[0]
