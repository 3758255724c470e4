from __future__ import annotations

import json
from pathlib import Path

import pytest
from document_work import CATALOGUE, Player, Said, Work

REQUEST = "Schreibe einen Bericht über Wale."
ABLE = CATALOGUE.replace(
    "max_output: 4096}", "max_output: 4096, operations: [plan, dataGenerate, webSearch, webCrawl]}"
)
SEARCH = json.dumps({"action": "web.search", "parameters": {"query": "Wale"}})
CRAWL = json.dumps({"action": "web.crawl", "parameters": {"url": "https://example.org/wale"}})


def _first(choice: str, found: str) -> Player:
    def script(name: str, times: int) -> Said:
        if name == "planner/select" and times == 0:
            return choice
        return found if name == "analyst/answer" else None

    return Player(script)


@pytest.mark.parametrize("choice", [SEARCH, CRAWL])
async def test_what_a_model_finds_on_the_web_reaches_the_writer(
    tmp_path: Path, choice: str
) -> None:
    """A model that lists the operation is asked; its findings are content."""
    work = Work(tmp_path, request=REQUEST, catalogue=ABLE)
    player = _first(choice, "Blauwale werden 33 Meter lang.")

    await work.run(player)

    assert work.state.actions[0].success
    writing = [one for one in player.asked if "# Order\nwrite" in one.messages[0].content]
    assert "33 Meter" in writing[0].messages[0].content


async def test_without_a_model_for_the_web_its_actions_are_not_offered_and_say_what_is_missing(
    tmp_path: Path,
) -> None:
    """A planner that chooses one even so is told; the job goes on."""
    work = Work(tmp_path, request=REQUEST)
    player = _first(SEARCH, "")

    verdict = await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    selects = [text for text in asked if "# Order\nselect" in text]
    assert '"web.search"' not in selects[0]
    told = "no model does the operation webSearch; list webSearch under `operations` of a model"
    assert told in selects[1]
    assert told in " ".join(work.state.observations[0].notes)
    assert verdict.outcome == "passed"
