"""The text of a document that comes in several answers: taken in, joined, measured, kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from consumer.documents.generation.appending import Appended, append, in_question
from consumer.documents.generation.continuing import (
    CONTEXT_CHARACTERS,
    Conversation,
    OpenContainer,
    ask_to_append,
    ask_to_continue,
    without_progress,
)
from consumer.documents.generation.documents import sound
from consumer.documents.generation.first_answers import First, read_first
from consumer.documents.generation.frames import path_of
from consumer.documents.generation.kpis import Measured, measure, progression
from consumer.documents.generation.merging import join, take
from consumer.documents.generation.models import JsonAccumulationState, KpiDefinition
from consumer.documents.generation.pieces import Pieces
from consumer.documents.generation.prefixes import Reader
from consumer.documents.generation.spines import (
    closed_value,
    depth_to_append,
    open_container,
    whole_sections,
)

Asking = Literal["write", "continue", "append", "nothing"]
CLOSED = "closed at the end"
_REFUSALS = 2
"""Continuations in sequence that cannot be joined, after which only elements are asked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An answer; `cut` tells that it ended at a limit of length, `declined` that it reads so."""

    text: str
    cut: bool
    declined: bool = False


class Accumulation:
    """What was delivered so far and what to ask next."""

    def __init__(self, state: JsonAccumulationState, kpis: Sequence[KpiDefinition] = ()) -> None:
        self.asking: Asking = state.asking
        self.parts = state.parts
        self.complete = state.complete
        self.reason = state.reason
        self.changes = dict.fromkeys(state.changes)
        self.percents = list(state.said_percent)
        self.kpis = state.kpis if state.measured else tuple(kpis)
        self._measured = state.measured
        self._targets_met = state.targets_met
        self._climbing = state.climbing
        self._refusals = state.refusals
        self._appended_at = state.appended_at
        self._doubted = state.doubted
        self._text = Pieces(state.accumulated_json_string)
        self._reader = Reader(strict=state.strict)
        self._reader.feed(state.accumulated_json_string)

    @property
    def repaired(self) -> bool:
        """Whether the document may differ from what was meant."""
        return bool(self.changes)

    def question(self, order: str) -> Conversation:
        """Return the conversation to ask next; `order` is the write prompt."""
        if self.asking == "write":
            return (("user", order),)
        tail = self._text.tail(CONTEXT_CHARACTERS)
        if self.asking == "continue":
            return ask_to_continue(order, tail, len(self._text))
        if self._doubted:
            return self._question_again(order)
        depth = len(self._reader.frames) - 1
        return ask_to_append(order, tail, open_container(self._reader, depth))

    def _question_again(self, order: str) -> Conversation:
        """Ask for the last elements of the open list again, as if they had not been given."""
        frame = self._reader.frames[-1]
        kept = frame.container[: len(frame.container) - in_question(frame.container)]
        before = self._text.between(max(0, frame.start - CONTEXT_CHARACTERS), frame.start)
        tail = before + json.dumps(kept, ensure_ascii=False)[:-1]
        path = path_of(self._reader.frames, len(self._reader.frames) - 1)
        told = OpenContainer(path, len(kept), kept[-1] if kept else None)
        return ask_to_append(order, tail, told)

    def take(self, piece: Piece) -> None:
        """Take in the answer to the question."""
        before, length = self._reader.finished, len(self._text)
        self.parts += 1
        text = str(sound(piece.text))
        if self.asking == "write":
            self._take_first(read_first(text, cut=piece.cut))
        else:
            answer, percent = without_progress(text)
            self.percents += [] if percent is None else [percent]
            if self.asking == "continue":
                self._take_continuation(answer, cut=piece.cut)
            else:
                self._take_appended(
                    append(self._reader, answer, cut=piece.cut, again=self._doubted)
                )
        if self._reader.complete and self.asking != "nothing":
            self._end("the document is whole", complete=True)
        if self.asking != "append":  # else nothing was taken in, and nothing can be said yet
            grown = len(self._text) > length
            self._take_figures(max(self._reader.finished - before, int(grown)))

    def give_up(self, reason: str) -> None:
        """End with what there is, for a reason."""
        self._end(reason)

    def value(self) -> Any:
        """Return the document as far as it is whole."""
        return closed_value(self._reader)

    def state(self) -> JsonAccumulationState:
        """Return everything as a record."""
        value = sound(self.value())
        return JsonAccumulationState(
            accumulated_json_string=str(self._text),
            closed_json_string="" if value is None else json.dumps(value, ensure_ascii=False),
            is_accumulation_mode=self.asking in ("continue", "append"),
            last_parsed_result=value if isinstance(value, dict) else None,
            all_sections=tuple(sound(whole_sections(self._reader))),
            kpis=tuple(self.kpis),
            parts=self.parts,
            asking=self.asking,
            strict=self._reader.strict,
            climbing=self._climbing,
            refusals=self._refusals,
            measured=self._measured,
            targets_met=self._targets_met,
            appended_at=self._appended_at,
            doubted=self._doubted,
            complete=self.complete,
            reason=self.reason,
            changes=tuple(self.changes),
            said_percent=tuple(self.percents),
        )

    def _end(self, reason: str, *, complete: bool = False) -> None:
        self.asking, self.reason, self.complete = "nothing", reason, complete

    def _take_first(self, first: First) -> None:
        self.changes |= dict.fromkeys(first.changes)
        if first.reader is None:
            self._end("the answer holds no JSON")
            return
        self._reader, self._text = first.reader, Pieces(first.text)
        self.asking = "continue"

    def _take_continuation(self, answer: str, *, cut: bool) -> None:
        joint = join(self._reader, self._text, answer, cut=cut)
        if joint.way is not None:
            take(self._reader, self._text, joint.way)
            self._climbing, self._refusals = False, 0
            return
        self._refusals += joint.outcome == "refused"
        self._ask_to_append()

    def _ask_to_append(self) -> None:
        """Cut back to what is whole, and go on by elements."""
        climbing = self._climbing and not self._reader.pending
        depth = depth_to_append(self._reader, climbing=climbing)
        if depth < 1:
            self._end("there is nothing to continue")
            return
        self._text.cut(self._reader.cut_back(depth))
        if self._text.tail(1).isalnum():
            self._text.append(" ")  # a number read anew must not seem cut
            self._reader.feed(" ")
        if self._measured:  # what is dropped here to be given again is no fall
            self.kpis = tuple(one.kept() for one in measure(self.value(), self.kpis))
        told = open_container(self._reader, depth)
        place = f"{told.path} {told.count}"
        if place == self._appended_at:
            self._end("no progress")
            return
        self._appended_at = place
        self.asking = "append"

    def _take_appended(self, appended: Appended) -> None:
        self._doubted = appended.doubtful
        if self._doubted:  # from here on elements alone are asked for: they can be told apart
            self._refusals = _REFUSALS
            return
        self.changes |= dict.fromkeys(appended.changes)
        if appended.reader is None:
            self._end(appended.reason)
            return
        self._reader.adopt(appended.reader)
        self._text.append(appended.text)
        self._climbing = appended.closed
        self.asking = "continue"
        grown = appended.closed or appended.reader.finished > 0
        if grown and self._refusals >= _REFUSALS and not self._reader.complete:
            self._ask_to_append()

    def _take_figures(self, grown: int) -> None:
        """Measure, and end where the figures say so; a document that is whole stays whole."""
        if not self.kpis:
            return
        current = measure(self.value(), self.kpis)
        told = progression(self._known(), current, grown)
        risen = self._known() is not None and _sum(current) > _sum_known(self.kpis)
        self.kpis, self._measured = tuple(one.kept() for one in current), True
        met, self._targets_met = self._targets_met, told.status == "done"
        if self.asking == "nothing":
            return
        if told.status in ("error", "stalled"):
            self._end(told.reason)
        elif met and told.status == "done" and risen:
            self._end("all targets are met, and more than met")

    def _known(self) -> dict[str, int | float | str] | None:
        if not self._measured:
            return None
        return {kpi.id: kpi.current_value or 0 for kpi in self.kpis}


def _sum(figures: Sequence[Measured]) -> float:
    return sum(one.value for one in figures if not isinstance(one.value, str))


def _sum_known(kpis: Sequence[KpiDefinition]) -> float:
    values = [kpi.current_value for kpi in kpis]
    return sum(one for one in values if isinstance(one, (int, float)))
