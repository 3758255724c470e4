"""What the checks of each content type report, and where."""

from __future__ import annotations

from typing import Any

import pytest

from consumer.documents.generation.models import UnifiedJsonDocument
from consumer.documents.validation.content import validate
from consumer.documents.validation.places import Findings
from consumer.documents.validation.registry import CHECKS
from consumer.documents.validation.visiting import Element, Visitor
from consumer.documents.validation.wishes import Wish

LONG = "Dieser Absatz sagt so viel, dass ihn niemand zweimal in einem Bericht lesen möchte."


def issues(document: UnifiedJsonDocument) -> list[str]:
    """Return all that is reported."""
    found = validate(document, Wish()).validation_details
    return [issue for each in found for issue in each.issues]


def test_a_sound_document_has_no_findings(sound: UnifiedJsonDocument) -> None:
    """Nothing is reported that is not wrong."""
    assert issues(sound) == []


@pytest.mark.parametrize(
    ("kind", "element", "expected"),
    [
        (
            "table",
            {"headers": ["a", "b"], "rows": [["1", "2"], ["1"], ["1", "2", "3"]]},
            ["row 2 with 1 of 2 cells", "row 3 with 3 of 2 cells"],
        ),
        ("table", {"headers": [], "rows": [["1", "2"], ["1", "2"], ["3"]]}, ["row 3 with 1 of 2"]),
        ("table", {"headers": ["a"], "rows": []}, ["table without rows"]),
        ("table", {"headers": ["a", "a"], "rows": [["1", "2"]]}, ["'a' stands there twice"]),
        ("table", {"headers": ["a", ""], "rows": [["1", "2"]]}, ["header 2 is empty"]),
        ("table", {"headers": ["a"], "rows": ["1"]}, ["row 1: no list of cells"]),
        ("table", {"headers": ["a"], "rows": {"x": 1}}, ["rows are no list"]),
        ("table", {"headers": ["a", "b"], "rows": [["", None], ["1", "2"]]}, ["row 1: empty"]),
        ("table", {"headers": ["a"], "rows": [["siehe TODO"]]}, ["placeholder 'TODO'"]),
        ("table", {"text": "keine"}, ["no rows"]),
        ("list", {"items": []}, ["list without items"]),
        ("list", {"items": ["a", "  "]}, ["item 2 is empty"]),
        ("list", {"items": [{"text": ""}, {"text": "", "items": ["x"]}]}, ["item 1 is empty"]),
        ("list", {"items": [["x"]]}, ["item 1 is neither text nor an object"]),
        ("list", {"items": ["Ein langer Punkt", "Ein langer Punkt"]}, ["item 2 repeats"]),
        ("list", {"items": ["[[PERSON_1]] kam"]}, ["placeholder '[[PERSON_1]]'"]),
        ("heading", {"text": " ", "level": 1}, ["heading without text", "nothing stands below"]),
        ("heading", {"text": "Ende"}, ["nothing stands below the heading 'Ende'"]),
        ("paragraph", {"text": "Lorem ipsum dolor."}, ["placeholder 'Lorem ipsum'"]),
        ("paragraph", {"text": "Hier {{name}} rein."}, ["placeholder '{{name}}'"]),
        ("paragraph", {"text": "[Bitte ergänzen]"}, ["placeholder '[Bitte ergänzen]'"]),
        ("paragraph", [{"text": LONG}, {"text": LONG}], ["stands there twice"]),
        (
            "paragraph",
            {"text": "Die Umsätze stiegen im letzten Jahr vor allem in der"},
            ["the last sentence is cut"],
        ),
        (
            "paragraph",
            {"text": "Die Umsätze stiegen im letzten Jahr vor allem im Rhein"},
            ["the last sentence is cut"],
        ),
        ("paragraph", [], ["section without content"]),
        ("dance", {"text": "Ein Satz."}, ["unknown content type 'dance'"]),
    ],
)
def test_faults_are_reported_with_their_place(
    make: Any, kind: str, element: Any, expected: list[str]
) -> None:
    """Each fault names document, section and what is wrong; nothing else is reported."""
    found = issues(make(("paragraph", {"text": "Ein Satz."}), (kind, element)))

    assert len(found) == len(expected)
    for issue, said in zip(found, expected, strict=True):
        assert said in issue
        assert issue.startswith("document 1, section 2 'Teil 2'")


@pytest.mark.parametrize(
    "text",
    ["Todos Santos ist ein Ort.", "Das Array a[0] und {x} sind Code.", "Er sagt: „Ja.“", "Kurz"],
)
def test_ordinary_texts_are_no_placeholders(make: Any, text: str) -> None:
    """Words that only look like placeholders, and short texts without a full stop, are fine."""
    assert issues(make(("paragraph", {"text": text}))) == []


def test_ids_and_orders_stand_once(make: Any) -> None:
    """A second one names the section that had it before; 0 is no order."""
    value = make(("paragraph", {"text": "A."}), ("paragraph", {"text": "B."})).to_wire()
    twice = value.replace(b'"id":"s2"', b'"id":"s1"').replace(b'"order":2', b'"order":1')
    none = value.replace(b'"order":1', b'"order":0').replace(b'"order":2', b'"order":0')
    found = issues(UnifiedJsonDocument.model_validate_json(twice))

    assert "id 's1' stands in section 1 already" in found[0]
    assert "order 1 stands in section 1 already" in found[1]
    assert issues(UnifiedJsonDocument.model_validate_json(none)) == []


def test_ids_may_come_again_in_another_document(make: Any) -> None:
    """Each document numbers its own sections."""
    one = make(("paragraph", {"text": "A."}))
    both = one.model_copy(update={"documents": (*one.documents, *one.documents)})

    assert issues(both) == []


def test_levels_of_headings_follow_each_other(make: Any) -> None:
    """A level that is left out is reported, going back up is not."""
    text = ("paragraph", {"text": "Ein Satz."})
    levels = (1, 3, 2, 3, 1)
    found = issues(
        make(*(each for n in levels for each in (("heading", {"text": "H", "level": n}), text)))
    )

    assert [issue.partition(": ")[2] for issue in found] == ["heading level jumps from 1 to 3"]


def test_a_heading_above_a_deeper_one_is_not_hollow(make: Any) -> None:
    """Only a heading of the same or a higher level right after it makes it so."""
    found = issues(
        make(
            ("heading", {"text": "A", "level": 1}),
            ("heading", {"text": "B", "level": 2}),
            ("heading", {"text": "C", "level": 2}),
            ("paragraph", {"text": "Ein Satz."}),
        )
    )

    assert len(found) == 1
    assert "nothing stands below the heading 'B'" in found[0]


def test_many_faults_of_a_kind_are_counted(make: Any) -> None:
    """Twenty are told, the others are counted: a verdict stays readable."""
    found = issues(make(("list", {"items": [""] * 5_000})))

    assert len(found) == Findings.MOST + 1
    assert "this and 4979 more like it" in found[-1]


def test_an_own_check_is_one_more_line(sound: UnifiedJsonDocument) -> None:
    """Checks are given, not hard-wired: one for pictures of one's own."""
    seen: list[int | None] = []

    class Rows(Visitor):
        def __init__(self, findings: Findings) -> None:
            self.findings = findings

        def element(self, place: Any, element: Element) -> None:
            seen.append(element.rows)

    validate(sound, Wish(), checks={**CHECKS, "image": Rows})

    assert seen.count(2) == 1
