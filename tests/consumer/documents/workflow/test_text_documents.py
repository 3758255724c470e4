from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consumer.documents.workflow.text_documents import document_of, title_of

TEXT = """# Wale

Wale sind **groß**.
Sie atmen Luft.

- Blauwal
- Pottwal

1. erstens
2. zweitens

| Art | Länge |
|-----|------:|
| Blauwal | 33 |

```python
print("wal")
```
"""


def test_headings_lists_tables_and_code_are_recognised() -> None:
    """What Markdown marks becomes the element it stands for."""
    (document,) = document_of(TEXT, "Wale", "de").documents

    assert [(one.content_type, *one.elements) for one in document.sections] == [
        ("heading", {"text": "Wale", "level": 1}),
        ("paragraph", {"text": "Wale sind groß. Sie atmen Luft."}),
        ("list", {"items": ["Blauwal", "Pottwal"], "ordered": False}),
        ("list", {"items": ["erstens", "zweitens"], "ordered": True}),
        ("table", {"headers": ["Art", "Länge"], "rows": [["Blauwal", "33"]]}),
        ("code", {"code": 'print("wal")', "language": "python"}),
    ]


MARKED = ["eins", "# zwei", "- drei", "1. vier", "| fünf |", "|-|-|", "```", "", "sechs | sieben"]


@given(st.lists(st.sampled_from(MARKED)))
def test_no_word_of_an_answer_is_lost(lines: list[str]) -> None:
    """However the marks are mixed up, every word is in the document."""
    text = "\n".join(lines)

    wire = document_of(text, "t", "de").model_dump_json()

    for word in ("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben"):
        assert wire.count(word) == text.count(word)


def test_the_title_is_the_answers_first_heading_else_the_requests_beginning() -> None:
    """A long request is cut after ten words."""
    assert title_of(TEXT, "Was?") == "Wale"
    assert title_of("Ja.", "a b c d e f g h i j k") == "a b c d e f g h i j …"
