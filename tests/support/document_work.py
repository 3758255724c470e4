"""Document jobs worked in this process: a folder, a catalogue, and a model that plays all parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consumer.documents import path
from consumer.documents.workflow.models import ChatWorkflow
from consumer.documents.workflow.progress import Where
from syntx.job import Job, Verdict
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Answer, Request, Usage
from syntx.llm.refusals import is_refusal
from syntx.settings.models import Documents
from syntx.simulator.documents.playing import play, read_part

CSV = "Filiale;Umsatz\nKöln;1200\nBonn;900\nUlm;700\n".encode()
TEXT = "Die Filiale Köln wuchs um 12,5 Prozent. Risiken bestehen beim Einkauf.\n".encode()
FILES = {"zahlen.csv": CSV}
TWO_FILES = {**FILES, "lage.txt": TEXT}
ALWAYS = {"document.json", "validation.json", "workflow.json"}
ROWS = {"id": "rows", "jsonPath": "$..rows", "targetValue": 500}
SHORT = {
    "metadata": {"title": "Umsätze"},
    "documents": [
        {
            "sections": [
                {
                    "id": "s1",
                    "content_type": "table",
                    "title": "Umsätze",
                    "order": 1,
                    "elements": [{"headers": ["Filiale"], "rows": [["Köln"], ["Bonn"], ["Ulm"]]}],
                }
            ]
        }
    ],
}
REFUSAL = "Es tut mir leid, aber dabei kann ich nicht helfen."

JOB_ID = "20261121T100000.000000Z-7f3a-bericht"
CATALOGUE = """
kind: simulator
base_url: http://127.0.0.1:9/v1
models:
  - {name: player, context: 32000, max_output: 4096}
"""
REMOTE = """
kind: openai
base_url: http://127.0.0.1:9/v1
models:
  - {name: player, context: 32000, max_output: 4096}
"""
CHARACTERS_PER_TOKEN = 4

Said = str | BaseException | None


class Player:
    """A gateway whose one model plays planner, analyst, writer and judge.

    `script` may answer a call in the model's place: it gets the name of the part (`planner/select`)
    and how often that was asked before. `asked` keeps every request.
    """

    def __init__(self, script: Callable[[str, int], Said] | None = None, seed: int = 1) -> None:
        self.asked: list[Request] = []
        self.parts: Counter[str] = Counter()
        self._script = script
        self._seed = seed

    async def ask(self, request: Request) -> Answer:
        """Return what the part says, cut at the request's longest answer."""
        self.asked.append(request)
        part = read_part([(message.role, message.content) for message in request.messages])
        name = part.name if part else "plain"
        said = self._script(name, self.parts[name]) if self._script else None
        self.parts[name] += 1
        if isinstance(said, BaseException):
            raise said
        if said is None:
            assert part is not None, request.messages[-1].content
            said = play(part, self._seed, flawless=True).text
        return self._answer(request, said)

    def _answer(self, request: Request, said: str) -> Answer:
        most = (request.limits.max_tokens or 4096) * CHARACTERS_PER_TOKEN
        whole = len(said) <= most
        return Answer(
            text=said[:most],
            model=request.model or "player",
            endpoint="player",
            finish_reason="stop" if whole else "length",
            refused=is_refusal(said),
            usage=Usage(100, len(said[:most]) // CHARACTERS_PER_TOKEN),
            cost=0.001,
            simulated=True,
        )


@dataclass
class Heard:
    """Progress as it was told: ("start" or "finish", where, success, message)."""

    lines: list[tuple[str, Where, bool | None, str]] = field(default_factory=list)

    def started(self, where: Where, message: str) -> None:
        """Note it."""
        self.lines.append(("start", where, None, message))

    def finished(self, where: Where, *, success: bool, message: str) -> None:
        """Note it."""
        self.lines.append(("finish", where, success, message))


@dataclass
class Work:
    """One document job in a folder of its own; `run` works it, as often as is wanted."""

    root: Path
    request: str = "Schreibe einen Bericht über die Umsätze der Filialen."
    options: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    settings: Documents = field(default_factory=lambda: Documents(format="md"))
    catalogue: str = CATALOGUE
    heard: Heard = field(default_factory=Heard)

    def __post_init__(self) -> None:
        for name in ("attachments", "outputs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            target = self.folder / "attachments" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (self.root / "models").mkdir(exist_ok=True)
        (self.root / "models" / "player.yaml").write_text(self.catalogue)

    @property
    def folder(self) -> Path:
        """The job's folder."""
        return self.root / JOB_ID

    @property
    def outputs(self) -> dict[str, bytes]:
        """What was delivered, by name."""
        return {one.name: one.read_bytes() for one in sorted((self.folder / "outputs").iterdir())}

    @property
    def state(self) -> ChatWorkflow:
        """The saved state."""
        return ChatWorkflow.model_validate_json((self.folder / "workflow/state.json").read_bytes())

    async def run(self, gateway: Any) -> Verdict:
        """Work the job with a gateway."""
        job = Job(
            id=JOB_ID,
            kind="document",
            created_at=datetime(2026, 11, 21, tzinfo=UTC),
            prompt=self.request,
            metadata={"options": dict(self.options)},
        )
        means = path.Means(
            gateway=gateway,
            catalogue=lambda: Catalogue.load(self.root / "models"),
            progress=self.heard,
            settings=self.settings,
            home=self.root,
        )
        return await path.run(job, self.folder, means)
