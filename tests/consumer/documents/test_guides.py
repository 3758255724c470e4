"""What the guides show is run here as it stands there."""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from document_work import ALWAYS, FILES, Player, Said, Work
from rendered_files import made

from consumer.documents.rendering import formats, registry, render
from consumer.documents.workflow import actions

GUIDES = Path(__file__).parents[3] / "docs" / "how-to"


def _examples(guide: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (GUIDES / guide).read_text(), re.DOTALL)


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the guide's action among the shipped ones."""
    folder = tmp_path / "more_actions"
    folder.mkdir()
    (example,) = _examples("add-an-action.md")
    (folder / "count_words.py").write_text(example)
    monkeypatch.setattr(actions, "__path__", [*actions.__path__, str(folder)])
    yield
    sys.modules.pop(f"{actions.__name__}.count_words", None)
    vars(actions).pop("count_words", None)


@pytest.mark.usefixtures("counting")
async def test_the_action_of_the_guide_is_offered_chosen_and_run(tmp_path: Path) -> None:
    """The planner reads its schema, and what it yields reaches the writer."""
    chosen = json.dumps({"action": "text.countWords", "parameters": {"shortest": "3"}})

    def script(name: str, times: int) -> Said:
        return chosen if name == "planner/select" and times == 1 else None

    work, player = Work(tmp_path, files=FILES), Player(script)
    await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    assert any("text.countWords" in text and "characters a word has at least" in text
               for text in asked)  # fmt: skip
    record = work.state.actions[1]
    assert (record.name, record.success) == ("text.countWords", True)
    assert record.result_label == "round1_task1_action2_count"
    writing = next(text for text in asked if "# Order\nwrite" in text)
    assert re.search(r"\b\d+ words\b", writing)


@pytest.fixture
def opml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the guide's renderer as the guide does."""
    monkeypatch.setattr(registry, "_registered", {})
    module = types.ModuleType("opml")
    renderer, registering = _examples("add-a-renderer.md")
    exec(renderer, vars(module))
    document = made({"id": "s", "content_type": "heading", "elements": [{"text": "A & B"}]})
    exec(registering, {"opml": module, "document": document})


@pytest.mark.usefixtures("opml")
def test_the_renderer_of_the_guide_writes_headings() -> None:
    """Registered as shown, it is listed and renders."""
    document = made({"id": "s", "content_type": "heading", "elements": [{"text": "A & B"}]})

    assert formats()[-1] == "opml"
    assert b'<outline text="A &amp; B"/>' in render(document, "opml").data


@pytest.mark.usefixtures("opml")
async def test_a_planner_may_choose_a_format_that_was_registered(tmp_path: Path) -> None:
    """Where the job names none; the file is delivered and passes the check of its format."""
    task = {"id": "t1", "objective": "o", "successCriteria": ["c"], "format": "opml"}
    plan = json.dumps({"intent": "i", "tasks": [task]})
    work = Work(tmp_path, files=FILES)

    verdict = await work.run(Player(lambda name, _: plan if name == "planner/understand" else None))

    assert verdict.outcome == "passed"
    (name,) = set(work.outputs) - ALWAYS
    assert name.endswith(".opml")
    assert work.outputs[name].startswith(b"<opml")
    assert json.loads(work.outputs["validation.json"])["formatMatch"]
