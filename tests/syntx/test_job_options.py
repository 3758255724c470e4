from __future__ import annotations

from typing import Any

import pytest

from syntx.job_options import BadOptions, read_job_options
from syntx.settings.models import DocumentModels


def test_every_key_is_read_under_its_documented_name() -> None:
    """A full job.yaml, as the reference shows it, says what it says."""
    found = read_job_options(
        {
            "formats": ["docx", "PDF"],
            "title": 2026,
            "language": "en",
            "neutralize": True,
            "models": {"plan": "a", "write": ["b", "c"]},
            "kpis": [{"id": "rows", "jsonPath": "$..rows", "targetValue": 12, "tolerance": 0.1}],
            "complexity": "complex",
            "kind": "data",
            "max_steps": 5,
            "names": ["Erika Mustermann"],
            "max_cost": 1.5,
            "deadline": 60,
        }
    )
    assert found.asked_formats("md") == ("docx", "pdf")
    assert (found.title, found.language, found.neutralize) == ("2026", "en", True)
    assert found.models.plan == ("a",)
    assert (found.kpis[0].json_path, found.kpis[0].target_value) == ("$..rows", 12)
    assert (found.kind, found.max_steps, found.names) == ("data", 5, ("Erika Mustermann",))


def test_without_options_the_settings_decide() -> None:
    """What is not said is None, and the default format is asked for."""
    found = read_job_options({})
    assert found.asked_formats("md") == ("md",)
    assert found.neutralize is None
    settings = DocumentModels(write=("x",))
    assert found.models.over(settings) == settings


def test_own_models_replace_those_of_the_settings_chain_by_chain() -> None:
    """A job that names its writer keeps the configured planner."""
    found = read_job_options({"models": {"write": ["own"]}})
    chains = found.models.over(DocumentModels(plan=("planner",), write=("x", "y")))
    assert (chains.plan, chains.write) == (("planner",), ("own",))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"fromat": "pdf"}, "fromat is unknown"),
        ({"format": "odt"}, "format: should be 'docx'"),
        ({"format": "pdf", "formats": ["md"]}, "not both"),
        ({"formats": ["md", "MD"]}, "twice"),
        ({"language": False}, "language: "),
        ({"neutralize": "maybe"}, "neutralize: "),
        ({"kpis": [{"id": "a", "jsonPath": "$"}]}, "kpis.0.targetValue: field required"),
        ({"kpis": [{"id": "a", "jsonPath": "$", "targetValue": 1}] * 2}, "same id"),
        ({"models": {"writer": "x"}}, "models.writer is unknown"),
        ({"max_steps": 0}, "max_steps: "),
        ({"max_cost": float("inf")}, "max_cost: "),
        ({"title": " "}, "title: "),
    ],
)
def test_what_cannot_be_followed_is_told(options: dict[str, Any], told: str) -> None:
    """The message names the key and what is wrong, the fix all keys there are."""
    with pytest.raises(BadOptions, match=r"job\.yaml: ") as caught:
        read_job_options(options)
    assert told in caught.value.message
    assert "max_steps" in str(caught.value.fix)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Three mistakes need one try to be mended."""
    with pytest.raises(BadOptions) as caught:
        read_job_options({"a": 1, "b": 2, "format": 3})
    assert all(key in caught.value.message for key in ("a is unknown", "b is unknown", "format"))
