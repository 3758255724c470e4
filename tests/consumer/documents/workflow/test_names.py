from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.documents.workflow.names import MOST_BYTES, safe_name, unique, with_suffix


@pytest.mark.parametrize(
    ("wanted", "safe"),
    [
        ("Bericht.docx", "Bericht.docx"),
        ("../../etc/passwd", "etc passwd"),
        ("Umsätze Q1/Q2: Überblick.pdf", "Umsätze Q1 Q2 Überblick.pdf"),
        ("a\x00b\nc.txt", "a b c.txt"),
        (".hidden", "hidden"),
        ("", "document"),
        ("...", "document"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_a_name_is_made_safe(wanted: str, safe: str) -> None:
    """No path, no control character, no hidden file; umlauts stay."""
    assert safe_name(wanted) == safe


@given(st.text(), st.sampled_from(["docx", "json"]), st.lists(st.text(max_size=20), max_size=5))
def test_any_name_becomes_one_that_every_file_system_takes(
    wanted: str, suffix: str, others: list[str]
) -> None:
    """At most 120 bytes, not empty, no separator, its suffix whole, unlike the others."""
    taken = [safe_name(other) for other in others]
    name = unique(with_suffix(wanted, suffix), taken)

    assert 0 < len(name.encode()) <= MOST_BYTES
    assert name.endswith(f".{suffix}")
    assert not name.startswith(".")
    assert not set(name) & set("/\\\0\n:")
    assert name not in taken


def test_a_known_ending_is_replaced_and_any_other_dot_kept() -> None:
    """`report.docx` as PDF is `report.pdf`, and a version number is no ending."""
    assert with_suffix("report.docx", "pdf") == "report.pdf"
    assert with_suffix("Version 1.2", "pdf") == "Version 1.2.pdf"


def test_taken_names_are_numbered_whatever_their_case() -> None:
    """Files of one folder must not collide on any system."""
    assert unique("A.pdf", ["a.pdf", "A-2.pdf"]) == "A-3.pdf"
