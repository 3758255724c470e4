"""A reader of JSON that comes in parts: what was read is never read again.

`value` holds at any time what is whole so far; half a string, number or word at the end of the
text is kept aside until the rest comes. A trial reads on without touching what there is, and is
adopted or forgotten.
"""

from __future__ import annotations

import json
import re
from typing import Any

from consumer.documents.generation.frames import Expects, Frame

_MAX_DEPTH = 200
_SPACE = re.compile(r"[ \t\n\r]*")
_STRICT = re.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_LOOSE = re.compile(r'(?:[^"\\]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_HALF_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_RUN = re.compile(r"[-+.0-9a-zA-Z]+")
_SCALAR = re.compile(r"(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\Z")
_HALF = re.compile(
    r"(?:-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?"
    r"|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?)?)\Z"
)


class Broken(ValueError):
    """The text is no JSON; `at` is the character, from the beginning, where it ceases to be."""

    def __init__(self, at: int) -> None:
        super().__init__(f"no JSON from character {at} on")
        self.at = at


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


class Reader:
    """What was read so far: the open containers, outermost first, and a token that is not whole."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict
        self.frames = [Frame([], -1, 0, Expects.VALUE)]
        self.overlays: list[Frame] = []
        self.pending = ""
        self.at = 0
        self.finished = 0
        self.doubled = 0
        self._scanned = 0
        self._decoder = json.JSONDecoder(
            parse_constant=_refuse, strict=strict, object_pairs_hook=self._object
        )
        self._body = _STRICT if strict else _LOOSE

    @property
    def complete(self) -> bool:
        """Whether the outermost value is whole."""
        return self.frames[0].expects is Expects.NOTHING

    @property
    def value(self) -> Any:
        """What was read, without what is half; None where there is nothing. Not to be changed."""
        container = self.frames[0].container
        return container[0] if container else None

    @property
    def in_string(self) -> bool:
        """Whether the text ends inside a string."""
        return self.pending.startswith('"')

    def feed(self, text: str, floor: int = 0) -> str:
        """Read on; returns what follows the whole value, or the container deeper than `floor`.

        Raises Broken, after which the reader must not be used, except as `at` and frames tell.
        """
        buffer = self.pending + text
        first = self.at - len(self.pending)
        position = 0
        while len(self.frames) > floor and not self.complete:
            if not self.pending:
                position = _SPACE.match(buffer, position).end()  # type: ignore[union-attr]
                self._scanned = 0
            if position >= len(buffer):
                break
            after = self._step(buffer, position, first)
            if after is None:
                self.pending = buffer[position:]
                self.at = first + len(buffer)
                return ""
            self.pending, self._scanned, position = "", 0, after
            self.at = first + position
        self.pending, self.at = "", first + position
        return buffer[position:]

    def trial(self, depth: int | None = None) -> Reader:
        """Return a reader that goes on from here, or anew from the container at `depth`."""
        other = Reader(strict=self.strict)
        other.overlays = [frame.trial() for frame in self.frames[:depth]]
        other.frames = list(other.overlays)
        if depth is None:
            other.pending, other._scanned, other.at = self.pending, self._scanned, self.at
        else:
            other.at = self.frames[depth].start
            top = other.frames[-1]
            top.expects, top.holds_open = Expects.VALUE, False
        return other

    def adopt(self, trial: Reader) -> None:
        """Take over what a trial of this reader read."""
        anew = len(trial.overlays) < len(self.frames)
        if anew and trial.overlays[-1].is_list:
            self.frames[len(trial.overlays) - 1].container.pop()
        for frame, overlay in zip(self.frames, trial.overlays, strict=False):
            frame.adopt(overlay)
        self.frames = [frame.base or frame for frame in trial.frames]
        self.pending, self._scanned, self.at = trial.pending, trial._scanned, trial.at
        self.finished += trial.finished

    def cut_back(self, depth: int) -> int:
        """Close all below the container at `depth`, drop what is half; returns where it ends."""
        del self.frames[depth + 1 :]
        top = self.frames[-1]
        top.take_back()
        self.pending, self._scanned, self.at = "", 0, top.end
        return top.end

    def _step(self, buffer: str, at: int, first: int) -> int | None:
        """Read one token or whole value; returns where it ends, None when it is not whole."""
        frame, here = self.frames[-1], buffer[at]
        expects = frame.expects
        closing = "]" if frame.is_list else "}"
        if here == closing and expects in (Expects.FIRST, Expects.COMMA) and frame.start >= 0:
            return self._close(at + 1, first)
        if expects is Expects.COMMA:
            frame.expects = Expects.VALUE if frame.is_list else Expects.KEY
            return self._sign(here, ",", at, first)
        if expects is Expects.COLON:
            frame.expects = Expects.VALUE
            return self._sign(here, ":", at, first)
        if expects is Expects.KEY or (expects is Expects.FIRST and not frame.is_list):
            return self._key(buffer, at, first)
        return self._value(buffer, at, first)

    def _sign(self, here: str, wanted: str, at: int, first: int) -> int:
        if here != wanted:
            raise Broken(first + at)
        return at + 1

    def _key(self, buffer: str, at: int, first: int) -> int | None:
        end = self._string_end(buffer, at, first)
        if end is not None:
            frame = self.frames[-1]
            frame.key = json.loads(buffer[at:end], strict=self.strict)
            frame.expects = Expects.COLON
            self.doubled += frame.has(frame.key)
        return end

    def _value(self, buffer: str, at: int, first: int) -> int | None:
        here = buffer[at]
        if here in "{[":
            return self._container(buffer, at, first)
        if here == '"':
            end = self._string_end(buffer, at, first)
        else:
            end = self._scalar_end(buffer, at, first)
        if end is None:
            return None
        try:
            self._add(json.loads(buffer[at:end], strict=self.strict), first + end)
        except ValueError as error:
            raise Broken(first + at) from error
        return end

    def _container(self, buffer: str, at: int, first: int) -> int:
        """Read a container in one go where it is whole, else open it."""
        try:
            value, end = self._decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError):
            self._open(buffer[at], first + at)
            return at + 1
        self._add(value, first + end)
        return end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        self.doubled += len(pairs) - len(made)
        return made

    def _open(self, bracket: str, start: int) -> None:
        if len(self.frames) >= _MAX_DEPTH:
            raise Broken(start)
        container: Any = [] if bracket == "[" else {}
        parent = self.frames[-1]
        parent.add(container)
        parent.holds_open = True
        self.frames.append(Frame(container, start, start + 1))

    def _close(self, end: int, first: int) -> int:
        self.frames.pop()
        self._done(first + end)
        return end

    def _add(self, value: Any, end: int) -> None:
        self.frames[-1].add(value)
        self._done(end)

    def _done(self, end: int) -> None:
        """Note that a child of the innermost container is whole."""
        frame = self.frames[-1]
        frame.holds_open, frame.end = False, end
        frame.expects = Expects.COMMA if len(self.frames) > 1 else Expects.NOTHING
        self.finished += 1

    def _string_end(self, buffer: str, at: int, first: int) -> int | None:
        if buffer[at] != '"':
            raise Broken(first + at)
        scanned = self._body.match(buffer, at + max(1, self._scanned))
        end = scanned.end() if scanned else at
        if buffer[end : end + 1] == '"':
            return end + 1
        if end < len(buffer) and not _HALF_ESCAPE.match(buffer, end):
            raise Broken(first + end)
        self._scanned = end - at
        return None

    def _scalar_end(self, buffer: str, at: int, first: int) -> int | None:
        """Return where a number or word ends; None at the end of the text, as more may come."""
        run = _RUN.match(buffer, at)
        if run is None:
            raise Broken(first + at)
        if run.end() == len(buffer) and _HALF.match(run[0]):
            return None
        if not _SCALAR.match(run[0]):
            raise Broken(first + at)
        return run.end()
