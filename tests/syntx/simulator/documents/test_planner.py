"""Playing the planner: tasks, the next action, its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from document_prompts import REQUEST, ROWS, asking, kpi

Read = Callable[..., Any]
PDF = "docItem:doc_1:Bericht.pdf"
DOCUMENTS = f"- {PDF} (application/pdf, 900 bytes) attachments"
NAMES = (
    "document.extractContent",
    "context.neutralizeData",
    "ai.analyse",
    "ai.generateDocument",
    "document.render",
    "document.validate",
)
SCHEMA = {
    "type": "object",
    "required": ["documentList", "outputFormat"],
    "properties": {
        "documentList": {"type": "array", "items": {"type": "string"}},
        "outputFormat": {"anyOf": [{"$ref": "#/$defs/Form"}, {"type": "null"}]},
        "pages": {"type": "integer", "default": 3},
    },
    "$defs": {"Form": {"type": "string", "enum": ["pdf", "docx"]}},
}
ACTIONS = [{"name": name, "description": "…", "parameters": SCHEMA} for name in NAMES]
TASK = {"id": "task_1", "objective": "Bericht", "successCriteria": ["x"], "format": "pdf"}


def selecting(*done: dict[str, Any], neutralize: bool = False, documents: str = DOCUMENTS) -> str:
    """Return the prompt for the next action after those done."""
    return asking(
        "planner",
        "select",
        wishes={"neutralize": neutralize},
        documents=documents,
        actions=ACTIONS,
        task=TASK,
        history=list(done),
    )


def did(action: str, success: bool = True, **more: Any) -> dict[str, Any]:
    """Return an observation."""
    word = action.partition(".")[2]
    return {"action": action, "success": success, "resultLabel": f"round1_task1_{word}", **more}


def test_the_tasks_come_from_the_request(read: Read) -> None:
    """One task per format that is asked for, each after the one before; measures pass through."""
    request = f"{REQUEST} Liefere ihn als PDF und als Excel-Tabelle."
    targets = [kpi(ROWS, 40)]
    found = read(asking("planner", "understand", request, wishes={}, targets=targets))

    assert [task["format"] for task in found["tasks"]] == ["pdf", "xlsx"]
    assert found["tasks"][1]["dependencies"] == [found["tasks"][0]["id"]]
    assert found["tasks"][0]["kpis"] == targets
    assert any("Risiken" in criterion for criterion in found["tasks"][0]["successCriteria"])
    assert found["language"] == "de"


@pytest.mark.parametrize(
    ("wishes", "formats"),
    [({"format": "docx"}, ["docx"]), ({"format": "md", "formats": ["md", "csv"]}, ["md", "csv"])],
)
def test_what_is_wished_for_rules(read: Read, wishes: dict[str, Any], formats: list[str]) -> None:
    """Formats that the request only mentions make no tasks of their own."""
    request = "Fasse die Zahlen aus umsatz.csv zusammen, wie in PDF und Excel."
    found = read(asking("planner", "understand", request, wishes=wishes))

    assert [task["format"] for task in found["tasks"]] == formats


def test_the_steps_follow_each_other_to_a_checked_document(read: Read) -> None:
    """Extract, neutralize, analyse, generate, render, validate, each once."""
    done: list[dict[str, Any]] = []
    for _ in NAMES:
        done.append(did(read(selecting(*done, neutralize=True))["action"]))

    assert [each["action"] for each in done] == list(NAMES)


def test_nothing_is_neutralized_that_nobody_wished_to_be(read: Read) -> None:
    """Without the wish the analysis follows the extraction."""
    assert read(selecting(did(NAMES[0])))["action"] == "ai.analyse"


def test_a_poor_verdict_leads_back_to_writing(read: Read) -> None:
    """Generate again, then render and validate again."""
    poor = did("document.validate", validation={"overallSuccess": False})
    done = [did(name) for name in (NAMES[0], *NAMES[2:5])] + [poor]
    for expected in NAMES[3:]:
        assert read(selecting(*done))["action"] == expected
        done.append(did(expected))


def test_a_step_that_keeps_failing_is_passed_over(read: Read) -> None:
    """Two failures of the analysis, and writing begins without it."""
    failed = did("ai.analyse", success=False)

    assert read(selecting(did(NAMES[0]), failed))["action"] == "ai.analyse"
    assert read(selecting(did(NAMES[0]), failed, failed))["action"] == "ai.generateDocument"


def test_a_later_task_uses_what_an_earlier_one_extracted(read: Read) -> None:
    """Nothing is extracted twice."""
    mime = "application/vnd.syntx.content+json"
    made = f"- docItem:doc_round1_task1_action1_1:Bericht.json ({mime}, 40 bytes) round1_task1"
    found = read(selecting(documents=f"{DOCUMENTS}\n{made}"))

    assert found["action"] == "ai.analyse"
    assert found["documentList"] == ["docItem:doc_round1_task1_action1_1:Bericht.json"]


def test_parameters_come_at_once_or_are_left_to_a_second_question(read: Read) -> None:
    """Which of both is a matter of chance; the documents are always named."""
    found = [read(selecting(), seed=seed) for seed in range(40)]
    given = [each["parameters"] for each in found]

    assert 4 <= given.count(None) <= 20
    assert all(each["documentList"] == [PDF] for each in found)
    assert {"documentList": [PDF], "outputFormat": "pdf"} in given


@pytest.mark.parametrize("name", NAMES)
def test_parameters_fit_the_schema(read: Read, name: str) -> None:
    """What is required is there, of a value that is allowed; defaults are left alone."""
    actions = [each for each in ACTIONS if each["name"] == name]
    history = [did(each) for each in NAMES[: NAMES.index(name)]]
    found = read(
        asking(
            "planner",
            "parameters",
            documents=DOCUMENTS,
            actions=actions,
            task=TASK,
            history=history,
        )
    )

    assert found["outputFormat"] == "pdf"
    assert found["documentList"]
    assert "pages" not in found


def test_a_broken_line_is_no_new_criterion(read: Read) -> None:
    """Sentences end at a stop, a paragraph or an item."""
    request = (
        "Er soll die Tabelle\nder Ausgaben enthalten.\n\nDazu bitte noch\n- einen kurzen Ausblick"
    )
    task = read(asking("planner", "understand", request))["tasks"][0]

    assert task["successCriteria"] == [
        "Er soll die Tabelle der Ausgaben enthalten.",
        "Dazu bitte noch",
        "- einen kurzen Ausblick",
    ]
