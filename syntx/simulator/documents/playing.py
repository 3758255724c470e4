"""The part a conversation asks for, played: every answer depends on its prompt and the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syntx.simulator.dice import dice
from syntx.simulator.documents.analysing import analyse, answer
from syntx.simulator.documents.appraising import appraise
from syntx.simulator.documents.asked import Asked, read_asked
from syntx.simulator.documents.choosing import choose, choose_parameters
from syntx.simulator.documents.composing import write
from syntx.simulator.documents.continuing import (
    Continuation,
    add_members,
    append,
    go_on,
)
from syntx.simulator.documents.understanding import understand
from syntx.simulator.replies import Reply

Turn = tuple[str, str]
"""Who said it (user or assistant), and what."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be played: the first order, and how the conversation went on."""

    first: Asked
    text: str
    said: str | None = None
    then: Asked | None = None

    @property
    def name(self) -> str:
        """The role and the last order, as they are counted."""
        return f"{self.first.role}/{self._order}"

    @property
    def _order(self) -> str:
        if self.said is None:
            return self.first.order
        return self.then.order if self.then else "continue"


def read_part(turns: Sequence[Turn]) -> Part | None:
    """Return the part a conversation asks for, or None if it is none of a document job."""
    asked = [text for role, text in turns if role == "user"]
    first = read_asked(asked[0]) if asked else None
    if first is None:
        return None
    said = "".join(text for role, text in turns if role == "assistant")
    if len(asked) == 1 and not said:
        return Part(first, asked[0])
    return Part(first, asked[0], said, read_asked(asked[-1]) if len(asked) > 1 else None)


def play(part: Part, seed: object, *, flawless: bool = False) -> Reply:
    """Return the reply; asked again, a model that is mid-way through a job says the same."""
    whole = _whole(part, seed, flawless)
    as_json = part.first.order not in ("analyse", "answer")
    if part.said is None:
        return Reply(whole, as_json=as_json)
    rest = _rest(part, whole, part.said)
    return Reply(rest.text, as_json=as_json, before=rest.before)


def _whole(part: Part, seed: object, flawless: bool) -> str:
    asked, chance = part.first, dice(seed, part.text)
    match asked.order:
        case "understand":
            return understand(asked)
        case "select":
            return choose(asked, chance)
        case "parameters":
            return choose_parameters(asked)
        case "write":
            return write(asked, chance, flawless=flawless)
        case "judge":
            return appraise(asked)
        case "answer":
            return answer(asked, chance)
        case _:
            return analyse(asked)


def _rest(part: Part, whole: str, said: str) -> Continuation:
    told = part.then.json("Delivered") if part.then else None
    told = told if isinstance(told, dict) else {}
    count, keys, path = told.get("count"), told.get("keys"), str(told.get("path", "$"))
    if part.then and part.then.order == "append" and isinstance(keys, list):
        return add_members(whole, path, keys)
    if part.then and part.then.order == "append" and isinstance(count, int):
        return append(whole, path, count, told.get("last"))
    characters = told.get("characters")
    tail = said or str(told.get("tail", ""))
    return go_on(whole, tail, characters if isinstance(characters, int) else None)
