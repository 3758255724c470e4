"""How a model is asked to go on with a document it did not finish.

A continuation is a conversation: the write prompt (user), the end of what was delivered
(assistant), and one of two questions (user). `continue`: go on with the text, exactly after its
tail. `append`: return what follows in one container that is named by its path::

    Delivered: {"characters": 51234, "tail": "…the last 200 characters…"}        continue
    Delivered: {"path": "$.documents[0].sections", "count": 4, "last": {…}}      append, a list
    Delivered: {"path": "$.documents[0]", "keys": ["title", "sections"]}         append, an object

The answer to `append` is a JSON array of the elements after the first `count`, or a JSON object
of the members besides `keys`; `[]` or `{}` when nothing is missing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from consumer.documents.generation.kpis import said_percent
from consumer.documents.wording import as_json, prompt

Turn = tuple[Literal["user", "assistant"], str]
Conversation = tuple[Turn, ...]

CONTEXT_CHARACTERS = 8_000
TAIL_CHARACTERS = 200
_LAST_CHARACTERS = 2_000
_PROGRESS_LINE = re.compile(r"\A\s*progress\s*:([^\n{}\[\]\"]*)\n", re.IGNORECASE)

PROGRESS = (
    "About what percentage of everything that is wanted has been delivered so far? You may put one "
    "line `Progress: N %` before your answer, N a whole number from 0 to 100."
)
CONTINUE = (
    "The document above is cut. Go on exactly after the tail, with the very next character: repeat "
    "nothing, leave nothing out, start nothing anew, put no other words and no fence around it."
)
APPEND_LIST = (
    "The document above is cut. Return a JSON array of the elements that follow in the list at "
    "`path`, after the first `count` (`last` is the last of these; one that was begun after it is "
    "dropped: give it again, whole), or [] when nothing is missing. JSON alone."
)
APPEND_OBJECT = (
    "The document above is cut. Return a JSON object of the members that the object at `path` "
    "lacks besides `keys`, or {} when nothing is missing. JSON alone."
)


@dataclass(frozen=True, slots=True)
class OpenContainer:
    """A container that may lack something: a list (`keys` is None), or an object with its keys."""

    path: str
    count: int
    last: Any = None
    keys: tuple[str, ...] | None = None


def ask_to_continue(order: str, tail: str, characters: int) -> Conversation:
    """Return the conversation that asks for the text after `tail`, the end of what there is."""
    told = as_json({"characters": characters, "tail": tail[-TAIL_CHARACTERS:]})
    sections = [("Delivered", told), ("Progress", PROGRESS)]
    return _conversation(order, tail, prompt("writer", "continue", sections, CONTINUE))


def ask_to_append(order: str, tail: str, container: OpenContainer) -> Conversation:
    """Return the conversation that asks for what follows in a container."""
    if container.keys is not None:
        told = as_json({"path": container.path, "keys": list(container.keys)})
        asked = prompt("writer", "append", [("Delivered", told)], APPEND_OBJECT)
        return _conversation(order, tail, asked)
    last = _shortened(container.last)
    told = as_json({"path": container.path, "count": container.count, "last": last})
    return _conversation(
        order, tail, prompt("writer", "append", [("Delivered", told)], APPEND_LIST)
    )


def without_progress(text: str) -> tuple[str, int | None]:
    """Return an answer without the line about progress, and the percentage that it says."""
    line = _PROGRESS_LINE.match(text)
    if line is None:
        return text, None
    return text[line.end() :], said_percent(line[1])


def _conversation(order: str, tail: str, question: str) -> Conversation:
    delivered: Conversation = (("assistant", tail[-CONTEXT_CHARACTERS:]),) if tail.strip() else ()
    return (("user", order), *delivered, ("user", question))


def _shortened(value: Any) -> Any:
    """Return a value as it stands in a prompt: the beginning of a text where it is long."""
    laid = json.dumps(value, ensure_ascii=False)
    return value if len(laid) <= _LAST_CHARACTERS else laid[:_LAST_CHARACTERS] + "…"
