"""Answers in every terminology, written for one prompt, and the ways models spoil them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syntx.terminologies import TERMINOLOGIES
from syntx.wrapper_folder import WrapperFolder
from syntx.wrappers import Wrapper

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))  # its answers are tested as well

PROMPT = (
    "Erkläre, warum viele Nachbarschaften ihre gemeinsamen Gärten nach wenigen Jahren wieder "
    "aufgeben, und was ein Gartenverein dagegen tun kann."
)
SIX = (
    "Am Anfang graben alle mit, doch schon im zweiten Sommer kippt die Stimmung. Die Beete der "
    "Nachbarschaft verwildern langsam, und niemand mag es laut aussprechen.",
    "Unter der Oberfläche wiederholt sich ein stilles Muster: Wenige schleppen Wasser, viele "
    "ernten Tomaten. Wer gibt, zählt irgendwann mit und fühlt sich ausgenutzt.",
    "Trockene Wochen, steigende Pacht und fehlende Schlüssel für den Schuppen belasten den "
    "Verein. Dazu kommen Umzüge, kleine Kinder und lange Arbeitstage der Mitglieder.",
    "Das reicht tiefer als ein Streit um Unkraut. Es geht um Vertrauen zwischen Fremden, die "
    "Tür an Tür wohnen und kaum miteinander sprechen.",
    "Die Fleißigen ziehen sich gekränkt zurück und schließen ihr Tor ab. Die "
    "Gelegenheitsgärtner spüren den Vorwurf, bleiben weg und kaufen Salat wieder im Supermarkt.",
    "Ein gemeinsamer Garten überlebt nur mit klaren Regeln. Feste Gießdienste, ein kleiner "
    "Beitrag und jährliche Feste helfen dem Gartenverein mehr als jede Ermahnung.",
)
THREE = (f"{SIX[0]} {SIX[1]}", f"{SIX[2]} {SIX[3]}", f"{SIX[4]} {SIX[5]}")
TWELVE = (
    *SIX,
    "Als Messlatte dient den meisten Gartenvereinen die Ernte im August. Körbe voller Zucchini "
    "gelten als Erfolg, leere Kisten als Scheitern der ganzen Nachbarschaft.",
    "Verfehlt wird dieser Maßstab fast überall im dritten Jahr. Dann sind die Samen verbraucht, "
    "und der Kompost reicht nicht für alle Parzellen.",
    "Die Ernte eines Gartens misst nämlich Wetter und Boden, aber keine Beziehungen. Ein nasser "
    "Juli verdirbt Kartoffeln, obwohl alle zuverlässig gehackt haben.",
    "Besser taugt die Zahl der Menschen, die freiwillig wiederkommen. Sie lässt sich im "
    "Kalender am Schuppen ablesen und ehrlich besprechen.",
    "Sichtbar sind Hausverwaltung, Stadtplanung und benachbarte Hunde. Jede dieser Seiten "
    "stellt Forderungen, und manche widersprechen einander offen.",
    "Über mehrere Jahre verstärken sich Müdigkeit und Bürokratie gegenseitig. Anträge bleiben "
    "liegen, Zuschüsse verfallen, und neue Familien erfahren nie von gemeinsamen Gärten.",
)


@dataclass(frozen=True)
class Example:
    """A good answer: its wrapper, its prompt, and the texts of its fields."""

    wrapper: Wrapper
    prompt: str
    texts: tuple[str, ...]

    def answer(self, form: str = "{number}. {heading}\n{text}", gap: str = "\n\n") -> str:
        """Write the answer with its headings formed as `form` says."""
        pairs = zip(self.wrapper.fields, self.texts, strict=True)
        return gap.join(
            form.format(number=number, heading=field.heading, text=text)
            for number, (field, text) in enumerate(pairs, 1)
        )


@pytest.fixture(scope="session")
def wrappers() -> WrapperFolder:
    """The shipped wrappers."""
    return WrapperFolder(Path(__file__).parents[3] / "wrappers")


@pytest.fixture
def human(wrappers: WrapperFolder) -> Example:
    """A good answer under the six human headings."""
    return Example(wrappers.get("human"), PROMPT, SIX)


@pytest.fixture(params=["human", "sigma", "syntex_system", "deepsweep"])
def example(request: pytest.FixtureRequest, wrappers: WrapperFolder) -> Example:
    """A good answer in each terminology in turn."""
    name = str(request.param)
    texts = {"syntex_system": THREE, "deepsweep": _deep()}.get(name, SIX)
    return Example(wrappers.get(name), PROMPT, texts)


def _deep() -> tuple[str, ...]:
    parts = TERMINOLOGIES["deepsweep"][0].parts
    levels = [f"#### {parts[index % 4]}\n{text}" for index, text in enumerate(TWELVE)]
    return tuple("\n\n".join(levels[start : start + 4]) for start in (0, 4, 8))


@dataclass(frozen=True)
class Labelled:
    """A real answer with what a careful reader found in it."""

    answer: str
    prompt: str
    label: dict[str, Any]


@pytest.fixture(scope="session")
def labelled() -> list[Labelled]:
    """The labelled real answers; skips where the records are not at hand."""
    named = os.environ.get("SYNTX_REAL_RECORDS")
    if not named:
        pytest.skip("SYNTX_REAL_RECORDS does not name a folder of real records")
    folder = Path(named)
    labels = json.loads((folder / "gold_labels.json").read_text("utf-8"))["labels"]
    lines = (folder / "calibrations.jsonl").read_text("utf-8").splitlines()
    records = {record["index"]: record for record in map(json.loads, lines)}
    return [
        Labelled(records[label["index"]]["response"], records[label["index"]]["meta_prompt"], label)
        for label in labels
    ]
