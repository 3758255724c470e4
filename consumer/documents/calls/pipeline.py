"""Reading content of any length: cut for the model about to read it, journaled piece by piece."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from consumer.documents.calls.asking import Caller, usable
from consumer.documents.calls.budget import content_tokens, estimated_tokens
from consumer.documents.calls.contents import (
    Piece,
    Position,
    Taken,
    by_document,
    laid_out,
    readable,
    take,
)
from consumer.documents.calls.models import AiCallOptions
from consumer.documents.calls.sending import Call, refuse_unknown
from consumer.documents.extraction.models import ContentPart, TypeGroup
from consumer.documents.wording import prompt as lay_out
from consumer.documents.wording import tagged
from syntx.errors import ContextExceeded, Temporary
from syntx.llm.catalogue import Target
from syntx.llm.contract import Answer, Message
from syntx.llm.failover import first_of, tries_of

UNKNOWN_CONTEXT = 8_192
"""Tokens; what a model is given whose file does not say how much it reads."""

_HALVINGS = 6
_MOST_LEVELS = 6
_SEPARATOR = "\n\n"
_FIND = "What the content says about the request, as text: facts, numbers, names. Invent nothing."
_BRING_TOGETHER = (
    "The content is what was found piece by piece. Bring it together as one text, lose no fact and "
    "no number, invent nothing."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of content: the request, further sections of the prompt, and how."""

    request: str
    options: AiCallOptions
    sections: tuple[tuple[str, str], ...] = ()
    max_tokens: int | None = None
    models: tuple[str, ...] = ()
    answer: str = _FIND

    def call(self, contents: str) -> Call:
        """Return the call that asks it of some content."""
        text = lay_out(
            "analyst",
            "analyse",
            [("Request", tagged("request", self.request)), *self.sections, ("Content", contents)],
            self.answer,
        )
        messages = (Message("user", text),)
        return Call("analyse", messages, self.options, self.max_tokens, self.models)


async def read_parts(caller: Caller, parts: Sequence[ContentPart], question: Question) -> str:
    """Return what the models say about the parts, in the parts' order.

    `process_documents_individually` reads each document apart; `compress_context` brings what was
    found in several pieces together in one more call, else every piece's findings stand in a row.
    The content is cut for the model about to read it, and what remains is cut anew for the next
    one when that stays unreachable. Raises what `Caller.ask` raises, and ContextExceeded when no
    model has room for any content.
    """
    refuse_unknown(question.options)
    spoken = await _spoken(caller, parts)
    individually = question.options.process_documents_individually
    groups = by_document(spoken) if individually else [spoken]
    asked = replace(question, request=_squeezed(question))
    found = [await _read(caller, group, asked, 1) for group in groups if group]
    return _SEPARATOR.join(found)


async def _read(
    caller: Caller, parts: Sequence[ContentPart], question: Question, level: int
) -> str:
    found = await _Reading(caller, parts, question).all()
    together = question.options.compress_context and len(found) > 1
    if not together or level >= _MOST_LEVELS or sum(map(len, found)) >= _length(parts):
        return _SEPARATOR.join(found)
    findings = [
        ContentPart(
            id=f"findings-{number:04d}",
            label=f"findings {number} of {len(found)}",
            type_group=TypeGroup.TEXT,
            mime_type="text/plain",
            data=text,
        )
        for number, text in enumerate(found, 1)
    ]
    clean = await _spoken(caller, findings)
    return await _read(caller, clean, replace(question, answer=_BRING_TOGETHER), level + 1)


async def _spoken(caller: Caller, parts: Sequence[ContentPart]) -> list[ContentPart]:
    """Return the parts as they may be sent to anybody; a cut must not part what is replaced."""
    guard = caller.sender.guard
    return await asyncio.to_thread(readable, parts, None if guard is None else guard.clean)


class _Reading:
    """One pass over parts; models that failed come last for the rest of it."""

    def __init__(self, caller: Caller, parts: Sequence[ContentPart], question: Question) -> None:
        self._caller = caller
        self._parts = parts
        self._question = question
        self._chain = list(caller.chain(question.call("")))
        self._halved: dict[str, int] = {}
        self._digest = _digest(parts, question)

    async def all(self) -> list[str]:
        """Return the findings of every piece in order."""
        found: list[str] = []
        at = Position()
        while at.part < len(self._parts):
            answer, taken = await self._step(at)
            call = self._call(taken.pieces)
            whole = await self._caller.complete(call, usable(answer))
            found.append(whole.text.strip())
            at = taken.then
        return found

    async def _step(self, at: Position) -> tuple[Answer, Taken]:
        """Return the answer about the next piece, and which one that was."""
        ledger = self._caller.ledger
        key = ledger.key({"reading": self._digest, "from": asdict(at)})
        kept = ledger.find(key)
        if kept is not None:
            return kept.answer, _taken(kept.note)
        (answer, taken), passed = await first_of(
            self._chain,
            lambda target: self._ask(target, at),
            over=self._caller.sender.time_is_up,
            passing=(Temporary, ContextExceeded),
        )
        for one in passed:
            self._chain.remove(one.target)
            self._chain.append(one.target)
        if passed:
            answer = replace(answer, tries=(*tries_of(passed), *answer.tries))
        note = asdict(taken)
        return await self._caller.keep(key, self._call(taken.pieces), answer, note), taken

    async def _ask(self, target: Target, at: Position) -> tuple[Answer, Taken]:
        """Ask one model, with half as much content whenever it says that it was too much."""
        while True:
            halvings = self._halved.get(target.name, 0)
            taken = self._take(target, at, halvings)
            try:
                return await self._caller.sender.send(self._call(taken.pieces), target), taken
            except ContextExceeded:
                if halvings >= _HALVINGS:
                    raise
                self._halved[target.name] = halvings + 1

    def _take(self, target: Target, at: Position, halvings: int) -> Taken:
        correction = self._caller.sender.correction(target)

        def tokens(text: str) -> int:
            return correction.tokens(estimated_tokens(text + _SEPARATOR))

        limit = content_tokens(
            target.context or UNKNOWN_CONTEXT,
            tokens(self._question.call("").messages[0].content),
            self._question.max_tokens or target.max_output,
            self._question.options.safety_margin,
        )
        return take(self._parts, at, limit >> halvings, tokens)

    def _call(self, pieces: Sequence[Piece]) -> Call:
        contents = _SEPARATOR.join(laid_out(self._parts, piece) for piece in pieces)
        return self._question.call(contents)


def _digest(parts: Sequence[ContentPart], question: Question) -> str:
    told = [
        question.call("").subject(),
        [[part.id, part.label, part.type_group.value, part.data] for part in parts],
    ]
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _taken(note: Any) -> Taken:
    return Taken(tuple(Piece(**piece) for piece in note["pieces"]), Position(**note["then"]))


def _squeezed(question: Question) -> str:
    """Return the request, without blanks at line ends and rows of empty lines if so wished."""
    if not question.options.compress_prompt:
        return question.request
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", question.request, flags=re.MULTILINE))


def _length(parts: Sequence[ContentPart]) -> int:
    return sum(len(part.data) for part in parts)
