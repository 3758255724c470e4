"""Whether an answer goes on where the text was cut, and where exactly: decided, or left open.

Models asked to go on repeat some characters, begin the innermost list or everything anew, or put
prose and a fence around. Every way to join is tried; one counts if the whole is JSON, has grown and
fits its surroundings. No length of overlap is proof by itself: where two ways lead to different
documents, nothing is joined (`ambiguous`), and the model is asked for elements instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from consumer.documents.generation.agreeing import begun_anew, extends, has_evidence, opened_alike
from consumer.documents.generation.pieces import Pieces
from consumer.documents.generation.prefixes import Broken, Reader
from consumer.documents.generation.shapes import fits, impossible
from consumer.documents.generation.wrapping import ends_well, readings

WINDOW = 4_096
_PLAIN = 16
"""Characters from which on a repetition inside one string is no chance."""
_LETTERS = 8
"""Different characters of such a repetition, at least: few make chance repeat them."""
_ALIKE = 6
"""Characters that a container begun anew has in common with what it was, at least."""
_MANY = 12

Outcome = Literal["joined", "ambiguous", "refused"]


@dataclass(slots=True)
class Way:
    """A way to join: `keep` characters of the old text, then `added`; `reader` has read it."""

    reader: Reader
    keep: int
    added: str
    repeated: int = 0
    depth: int | None = None

    @property
    def complete(self) -> bool:
        """Whether the document is whole this way."""
        return self.reader.complete


@dataclass(frozen=True, slots=True)
class Joint:
    """What came of it, and the way taken."""

    outcome: Outcome
    way: Way | None = None
    reason: str = ""


def join(before: Reader, text: Pieces, answer: str, *, cut: bool) -> Joint:
    """Find how an answer continues the text; neither is changed.

    `cut` tells that the answer itself was cut; else a way that completes the document is expected.
    """
    for reading in readings(answer):
        overlaps = _overlaps(before, text, reading)
        if len(overlaps) > _MANY:
            return Joint("ambiguous", reason="the answer repeats what repeats itself")
        ways = _ways(before, text, reading, overlaps)
        if ways:
            anew = begun_anew(before, text, reading)
            return _decided(before, text, ways, anew, cut=cut)
    return Joint("refused", reason="the answer does not continue the text")


def take(before: Reader, text: Pieces, way: Way) -> None:
    """Join in the way that was decided on."""
    before.adopt(way.reader)
    text.cut(way.keep)
    text.append(way.added)


def _ways(before: Reader, text: Pieces, answer: str, overlaps: list[int]) -> list[Way]:
    if not answer.strip():
        return []
    found: list[Way] = []
    for repeated in (0, *overlaps):
        way = _continued(before, text, answer[repeated:])
        if way:
            way.repeated = repeated
            found.append(way)
    found += _restarts(before, text, answer)
    distinct: list[Way] = []
    for way in found:
        if not any(_same(way, other) for other in distinct):
            distinct.append(way)
    return distinct


def _continued(before: Reader, text: Pieces, added: str) -> Way | None:
    trial = before.trial()
    try:
        rest = trial.feed(added)
    except Broken:
        return None
    if not ends_well(rest):
        return None
    taken = added[: len(added) - len(rest)]
    grown = bool(taken.strip()) if not before.in_string else bool(taken)
    return Way(trial, len(text), taken) if grown else None


def _restarts(before: Reader, text: Pieces, answer: str) -> list[Way]:
    """Return the ways that begin an open container anew and get further than before."""
    bare = answer.lstrip()
    found: list[Way] = []
    for depth in opened_alike(before, text, bare, _ALIKE):
        frame = before.frames[depth]
        trial = before.trial(depth)
        try:
            rest = trial.feed(bare)
        except Broken:
            continue
        if ends_well(rest) and extends(before, depth, trial):
            added = bare[: len(bare) - len(rest)]
            found.append(Way(trial, frame.start, added, depth=depth))
    return found


def _overlaps(before: Reader, text: Pieces, answer: str) -> list[int]:
    """Return how many characters of the text's end the answer may repeat, few first."""
    window = text.tail(WINDOW)
    near = [n for n in range(1, min(len(window), len(answer), 8)) if window.endswith(answer[:n])]
    at = window.find(answer[:8])
    while at >= 0 and len(answer) >= 8:
        if answer.startswith(window[at:]):
            near.append(len(window) - at)
        at = window.find(answer[:8], at + 1)
    for frame in before.frames[1:]:
        size = len(text) - frame.start
        head = min(32, len(answer), size)
        if (
            WINDOW < size < len(answer)
            and text.between(frame.start, frame.start + head) == answer[:head]
            and answer.startswith(text.since(frame.start))
        ):
            near.append(size)
    if not before.in_string:  # space between values makes no difference
        near = [size for size in near if answer[:size].strip()]
    return sorted(set(near))


def _decided(
    before: Reader, text: Pieces, ways: list[Way], anew: int | None, *, cut: bool
) -> Joint:
    whole = [way for way in ways if way.complete]
    if not cut:
        ways = whole or [way for way in ways if way.reader.finished > 0]
    possible = [way for way in ways if way.depth or not impossible(before, way.reader)]
    if len(possible) == 1 and (possible[0].depth or fits(before, possible[0].reader)):
        return _alone(before, text, possible[0], anew)
    if len(possible) < 2:
        return Joint("refused", reason="what was answered does not fit what it would continue")
    plain = _plainly_repeated(before, text, possible)
    if plain is not None:
        return Joint("joined", plain)
    return Joint("ambiguous", reason=f"{len(possible)} ways to join the answer")


def _alone(before: Reader, text: Pieces, way: Way, anew: int | None) -> Joint:
    """Take the only way, unless the answer opens like a container that it does not continue."""
    if way.depth is not None:
        sure = has_evidence(before, way.depth) and way.depth == (anew or way.depth)
    else:
        begins = before.frames[anew].start if anew is not None else len(text)
        sure = anew is None or way.repeated >= len(text) - begins
    if sure:
        return Joint("joined", way)
    return Joint("refused", reason="the answer begins anew, and not as it did before")


def _plainly_repeated(before: Reader, text: Pieces, ways: list[Way]) -> Way | None:
    """Return the way that repeats a good part of one string, begun inside a word.

    Writers double sentences and words, never what begins inside a word and stands nowhere else;
    what repeats with a period goes on so at one of its ends.
    """
    longest = max(ways, key=lambda way: way.repeated)
    size = longest.repeated
    inside = before.in_string and size + 1 < len(before.pending)
    if size < _PLAIN or not inside or any(way.depth is not None for way in ways):
        return None
    window = text.tail(2 * WINDOW)
    repeated = window[-size:]
    seam = window[-size - 1 : -size + 1]
    elsewhere = window.find(repeated) < len(window) - size or repeated in longest.added
    periodic = seam[:1] == window[-1:] or longest.added[:1] == repeated[:1]
    few = len(set(repeated)) < _LETTERS
    return longest if seam.isalpha() and not (elsewhere or periodic or few) else None


def _same(one: Way, other: Way) -> bool:
    """Say whether two ways lead to the same document so far."""
    if one.depth is not None and other.depth is None:
        return other.keep - one.keep == other.repeated
    if other.depth is not None:
        return one.depth is None and one.keep - other.keep == one.repeated
    return _sum(one.reader) == _sum(other.reader)


def _sum(trial: Reader) -> tuple[Any, ...]:
    states = [(frame.expects, frame.key, frame.count) for frame in trial.frames]
    grown = [overlay.container for overlay in trial.overlays]
    return (states, trial.pending, grown, trial.doubled)
