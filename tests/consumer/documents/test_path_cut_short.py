"""Jobs whose model does not say the rest of an answer, or says nothing within its limit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from document_work import FILES, REFUSAL, Player, Said, Work

from syntx.errors import BadAnswer, ContextExceeded
from syntx.llm.contract import Answer, Request
from syntx.settings.models import Documents

MOST_TOKENS = 500
GOING_ON = ("writer/continue", "writer/append")
SIMPLE = "Was ist ein Haushalt?"


def _long(last: str = "Ende.") -> str:
    texts = [*(f"Abschnitt {number} nennt {number * 37} Euro." for number in range(40)), last]
    sections = [
        {"id": f"s{n}", "content_type": "paragraph", "order": n, "elements": [{"text": text}]}
        for n, text in enumerate(texts, 1)
    ]
    return json.dumps({"metadata": {"title": "Lage"}, "documents": [{"sections": sections}]})


def _work(root: Path) -> Work:
    return Work(root, files=FILES, settings=Documents(format="md", max_new_tokens=MOST_TOKENS))


@pytest.mark.parametrize("said", [ContextExceeded("no room"), BadAnswer("no text")])
async def test_what_was_written_is_delivered_where_the_model_does_not_go_on(
    tmp_path: Path, said: Said
) -> None:
    """A document that was begun is not thrown away for its end; it is marked as incomplete."""
    work = _work(tmp_path)

    def script(name: str, _: int) -> Said:
        return _long() if name == "writer/write" else said if name in GOING_ON else None

    await work.run(Player(script))

    assert b"Abschnitt 1 nennt 37 Euro." in work.outputs["document.json"]
    assert json.loads(work.outputs["validation.json"])["gapType"] == "incomplete_data"
    notes = [note for one in work.state.observations for note in one.notes]
    assert any("incomplete: the model did not go on" in note for note in notes)


async def test_a_refusal_to_go_on_is_final(tmp_path: Path) -> None:
    """It ends the job as refused; nothing is asked after it, and nothing is made of it."""
    work = _work(tmp_path)

    def script(name: str, _: int) -> Said:
        return _long() if name == "writer/write" else REFUSAL if name in GOING_ON else None

    player = Player(script)
    verdict = await work.run(player)

    assert verdict.outcome == "refused"
    assert player.parts["writer/continue"] == 1
    assert "# Order\ncontinue" in player.asked[-1].messages[-1].content
    assert not any(REFUSAL.encode() in data for data in work.outputs.values())


async def test_the_rest_of_a_text_that_reads_like_a_refusal_is_part_of_it(tmp_path: Path) -> None:
    """A continuation begins anywhere, also at a sentence of the document's own."""
    text = _long(REFUSAL)
    start = text.index(REFUSAL)
    work = _work(tmp_path)

    class Exactly(Player):
        async def ask(self, request: Request) -> Answer:
            answer = await super().ask(request)
            if "# Order\nwrite" not in request.messages[-1].content:
                return answer
            return replace(answer, text=text[:start], finish_reason="length")

    def script(name: str, _: int) -> Said:
        return text if name == "writer/write" else text[start:] if name in GOING_ON else None

    player = Exactly(script)
    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    assert REFUSAL in work.outputs["document.json"].decode()
    assert player.parts["writer/append"] == 0


@pytest.mark.parametrize(("request_", "part"), [(SIMPLE, "answer"), ("", "write")])
async def test_a_limit_that_is_reached_before_the_first_word_is_told_with_its_remedy(
    tmp_path: Path, request_: str, part: str
) -> None:
    """A model that spends its tokens on thinking is not asked to go on with nothing."""

    class Thinking(Player):
        async def ask(self, request: Request) -> Answer:
            answer = await super().ask(request)
            if f"# Order\n{part}" not in request.messages[0].content:
                return answer
            limits = replace(answer.limits, max_tokens=request.limits.max_tokens)
            return replace(answer, text="", finish_reason="length", limits=limits)

    work = replace(_work(tmp_path), request=request_ or _work(tmp_path).request)
    if part == "answer":
        (work.folder / "attachments" / "zahlen.csv").unlink()
    player = Thinking()
    with pytest.raises(BadAnswer, match="player reached its limit of 500 tokens") as told:
        await work.run(player)

    assert "documents.max_new_tokens" in (told.value.fix or "")
    assert (player.parts[f"writer/{part}"], player.parts["writer/continue"]) == (1, 0)
