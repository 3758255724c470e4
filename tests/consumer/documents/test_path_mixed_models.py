"""Models on this machine and remote ones in one job whose personal data is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from document_work import FILES, REMOTE, Player, Work

from syntx.errors import ModelUnavailable
from syntx.llm.contract import Answer, Request
from syntx.settings.models import Documents

HERE = "kind: simulator\nbase_url: http://127.0.0.1:9/v1\nmodels: [{name: here, context: 32000}]\n"
LETTER = "Herr Max Mustermann zahlt an DE89370400440532013000, Tel. 0171 2345678.\n"
PERSONAL = ("Mustermann", "max@mustermann.de", "DE89370400440532013000", "2345678", "otto@bei.de")
FOUND = "Max Mustermann zahlt 1200 Euro, sagt Otto Bei (otto@bei.de)."
BOTH = ("here", "player")


class Mixed(Player):
    """Two models, of which the one on this machine may be down; it says what is personal."""

    def __init__(self, is_down: Callable[[int], bool]) -> None:
        super().__init__(lambda name, _: FOUND if name == "analyst/analyse" else None)
        self.remote: list[str] = []
        self._is_down = is_down

    async def ask(self, request: Request) -> Answer:
        """Answer, or be down."""
        if request.model == "here" and self._is_down(len(self.asked)):
            self.asked.append(request)
            raise ModelUnavailable("here is down")
        if request.model == "player":
            self.remote += [message.content for message in request.messages]
        return await super().ask(request)


@pytest.mark.parametrize(
    ("write", "is_down"),
    [
        (("player",), lambda _: False),
        (BOTH, lambda _: True),
        (BOTH, lambda asked: asked % 3 == 0),
    ],
    ids=["writes remotely", "local one down", "local one flickers"],
)
async def test_no_remote_model_reads_what_is_personal_whoever_was_asked_before(
    tmp_path: Path, write: tuple[str, ...], is_down: Callable[[int], bool]
) -> None:
    """Neither after a failover, nor in what a local model said; the result has it all."""
    chains = {"plan": BOTH, "analyse": BOTH, "write": write, "judge": ("player",)}
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Max Mustermann (max@mustermann.de).",
        options={"neutralize": True, "names": ["Max Mustermann"], "models": chains},
        files={"Max Mustermann.txt": LETTER.encode()},
        catalogue=REMOTE,
        settings=Documents(format="md", debug_files=True),
    )
    (tmp_path / "models" / "here.yaml").write_text(HERE)
    player = Mixed(is_down)

    verdict = await work.run(player)

    assert verdict.outcome in ("passed", "low_score")
    assert player.remote
    told = [message for *_, message in work.heard.lines]
    shown = [one.read_text() for one in (work.folder / "workflow" / "debug").iterdir()]
    for text in (*player.remote, *told, *shown, verdict.model_dump_json()):
        assert not [one for one in PERSONAL if one in text]
    assert b"Max Mustermann" in work.outputs["document.json"]
    assert b"[[" not in work.outputs["document.json"]


async def test_without_neutralizing_remote_and_local_models_read_the_very_same(
    tmp_path: Path,
) -> None:
    """Every request carries what was given, byte for byte, placeholders of others included."""
    given = f"{LETTER}[[PERSON_1]] [ [person_2] ]\n"

    async def sent(root: Path, catalogue: str) -> list[object]:
        root.mkdir()
        files = {**FILES, "Max Mustermann.txt": given.encode()}
        request = "Schreibe einen Bericht über Max Mustermann und [[MAIL_1]]."
        work = Work(root, request, {"neutralize": False}, files, catalogue=catalogue)
        player = Player()
        await work.run(player)
        assert not (work.folder / "workflow" / "mapping.json").exists()
        return [(one.messages, one.limits.max_tokens, one.prompt_tokens) for one in player.asked]

    remote = await sent(tmp_path / "remote", REMOTE)
    local = await sent(tmp_path / "local", f"{REMOTE}local: true\n")

    assert remote == local
    assert any(given.strip() in str(one).replace("\\n", "\n") for one in remote)
