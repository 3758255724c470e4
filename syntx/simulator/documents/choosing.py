"""Playing the planner, then: the next action, from what was done and what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from syntx.simulator.documents.asked import Asked
from syntx.simulator.documents.parameters import Purpose, parameters_for

STAGE_TWO_SHARE = 0.25
"""How often the parameters are left to a second question."""
EXTRACT, NEUTRALIZE, ANALYSE = "document.extractContent", "context.neutralizeData", "ai.analyse"
GENERATE, RENDER, VALIDATE = "ai.generateDocument", "document.render", "document.validate"
SEARCH, CRAWL = "web.search", "web.crawl"
_TOLD = {
    EXTRACT: ("extract", "content+json"),
    NEUTRALIZE: ("neutral",),
    ANALYSE: ("analys", "markdown"),
    GENERATE: ("generat", "document+json"),
    RENDER: ("render",),
    SEARCH: ("search",),
    CRAWL: ("crawl",),
}
"""By which words what an action left is known, in a label, a file name or a MIME type."""
_DOCUMENT = re.compile(r"^(.+?) \(([^()]*), (\d+) bytes\)\s*(.*)$")
_MADE = re.compile(r"\bround\d+_task\d+")
_WEB = re.compile(r"\b(?:internet|im web|online|recherchier\w*|web search|search the web)\b", re.I)
_ADDRESS = re.compile(r"https?://\S+")
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What a planner sees: the actions there are, what was done, and the documents there are."""

    asked: Asked
    actions: tuple[str, ...]
    history: tuple[dict[str, Any], ...]
    documents: tuple[tuple[str, str], ...]
    """References, and what is told of each: MIME type and label."""

    def done(self, action: str) -> dict[str, Any] | None:
        """Return the last time an action succeeded in this task."""
        times = [each for each in self.history if each.get("action") == action]
        return next((each for each in reversed(times) if each.get("success")), None)

    def open(self, action: str) -> bool:
        """Return whether an action is there, is not done, and did not fail too often."""
        failed = [each for each in self.history if each.get("action") == action]
        return action in self.actions and not self.done(action) and len(failed) < _TRIES

    def attached(self) -> list[str]:
        """Return the references of the documents that came with the request."""
        return [ref for ref, told in self.documents if not _MADE.search(f"{ref} {told}")]

    def made(self, *words: str) -> list[str]:
        """Return the references of documents of earlier tasks that one of these words tells of."""
        names = ((ref, f"{ref} {told}".casefold()) for ref, told in self.documents)
        return [
            ref for ref, name in names if _MADE.search(name) and any(word in name for word in words)
        ]

    def after(self, *actions: str) -> list[dict[str, Any]]:
        """Return what was done since the last of these actions, beginning with it."""
        places = [at for at, each in enumerate(self.history) if each.get("action") in actions]
        return list(self.history[places[-1] :]) if places else []


def choose(asked: Asked, chance: Random) -> str:
    """Return the next action as JSON text, sometimes without its parameters."""
    known = read_known(asked)
    action = next_action(known)
    references = references_for(action, known)
    task = asked.json("Task")
    objective = task.get("objective", "") if isinstance(task, dict) else ""
    stage_two = chance.random() < STAGE_TWO_SHARE
    chosen = {
        "action": action,
        "actionObjective": f"{action}: {objective}" if objective else action,
        "parametersContext": objective or None,
        "learnings": _learnings(known),
        "documentList": references or None,
        "parameters": None if stage_two else _parameters(asked, action, references),
    }
    return json.dumps(chosen, ensure_ascii=False, indent=1)


def choose_parameters(asked: Asked) -> str:
    """Return the parameters of the chosen action as JSON text."""
    known = read_known(asked)
    selection = asked.json("Selection")
    told = selection.get("action") if isinstance(selection, dict) else None
    only = known.actions[0] if len(known.actions) == 1 else None
    action = told or only or next_action(known)
    found = _parameters(asked, action, references_for(action, known))
    return json.dumps(found, ensure_ascii=False, indent=1)


def read_known(asked: Asked) -> Known:
    """Return what a prompt tells the planner."""
    lines = [_DOCUMENT.match(line) for line in asked.lines("Documents")]
    return Known(
        asked=asked,
        actions=tuple(str(action.get("name")) for action in asked.objects("Actions")),
        history=tuple(asked.objects("History")),
        documents=tuple((found[1], f"{found[2]} {found[4]}") for found in lines if found),
    )


def next_action(known: Known) -> str:
    """Return the first step that is still to do; after a poor verdict, writing comes again."""
    for action in _preparing(known):
        if known.open(action):
            return action
    since = [str(each.get("action")) for each in known.after(GENERATE) if each.get("success")]
    if GENERATE not in since or _poor(known.history):
        return GENERATE
    for action in (RENDER, VALIDATE):
        if action in known.actions and action not in since:
            return action
    return VALIDATE if VALIDATE in known.actions else GENERATE


def references_for(action: str, known: Known) -> list[str]:
    """Return the documents an action works on: what the steps before it left."""
    extracted = _left(known, EXTRACT)
    neutral = _left(known, NEUTRALIZE)
    match action:
        case "document.extractContent":
            return known.attached()
        case "context.neutralizeData":
            return extracted
        case "document.render":
            return _left(known, GENERATE)
        case "document.validate":
            return [*_left(known, GENERATE), *_left(known, RENDER)]
        case "web.search" | "web.crawl":
            return []
        case _:
            found = neutral or extracted
            web = [*_left(known, SEARCH), *_left(known, CRAWL)]
            return [*found, *web, *([] if action == ANALYSE else _left(known, ANALYSE))]


def _preparing(known: Known) -> list[str]:
    """Return the steps before the writing, as far as the request needs them."""
    request = known.asked.request
    read_before = bool(known.made(*_TOLD[EXTRACT]))
    extracts = bool(known.attached()) and not read_before
    reads = extracts or read_before
    neutralizes = known.asked.wishes.get("neutralize") is True
    steps = {
        EXTRACT: extracts,
        NEUTRALIZE: reads and neutralizes and not known.made(*_TOLD[NEUTRALIZE]),
        SEARCH: bool(_WEB.search(request)),
        CRAWL: bool(_ADDRESS.search(request)),
        ANALYSE: reads and not known.made(*_TOLD[ANALYSE]),
    }
    return [action for action, needed in steps.items() if needed]


def _left(known: Known, action: str) -> list[str]:
    done = known.done(action)
    if done is None:
        return known.made(*_TOLD[action])
    label = done.get("resultLabel")
    return [f"docList:{label}"] if label else [str(ref) for ref in done.get("documents") or ()]


def _poor(history: Sequence[dict[str, Any]]) -> bool:
    verdict = history[-1].get("validation") if history else None
    return isinstance(verdict, dict) and not verdict.get("overallSuccess", True)


def _learnings(known: Known) -> list[str]:
    last = known.history[-1] if known.history else {}
    return [str(note) for note in last.get("notes") or () if note][:5]


def _parameters(asked: Asked, action: str, references: list[str]) -> dict[str, Any]:
    schemas = {each.get("name"): each.get("parameters") for each in asked.objects("Actions")}
    schema = schemas.get(action)
    address = _ADDRESS.search(asked.request)
    purpose = Purpose(asked, tuple(references), address.group().rstrip(".,)") if address else "")
    return parameters_for(schema if isinstance(schema, dict) else {}, purpose)
