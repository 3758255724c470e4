from __future__ import annotations

from producer.remarks import remarks
from syntx.job import Score


def test_the_weakest_parts_are_named_first() -> None:
    """At most two weak parts are put into words, the weakest first."""
    said = remarks(Score(total=50, parts={"relevance": 0.5, "substance": 0.2, "wording": 0.7}))
    assert ["dünn" in said[0], "Thema" in said[1], len(said)] == [True, True, 2]


def test_a_missing_field_is_told() -> None:
    """A field without text is told before all else."""
    said = remarks(Score(total=50, parts={"substance": 0.2}, fields={"a": True, "b": False}))
    assert "fehlte" in said[0]


def test_a_good_answer_is_praised() -> None:
    """Where nothing is weak, that is said."""
    assert "gehaltvoll" in remarks(Score(total=99, parts={"substance": 1.0, "answered": 1.0}))[0]


def test_without_a_score_nothing_is_said() -> None:
    """A job that was never scored has no remark; a part nobody knows has none either."""
    assert remarks(None) == ()
    assert len(remarks(Score(total=5, parts={"unheard_of": 0.0}))) == 1
