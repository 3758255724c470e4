"""Programs as data: a process is a place in a program, reached by the answers it was given.

A program is a generator that yields calls and is given their answers; an answer may be an
error, which is raised inside it. A program that yields another one waits for what it returns,
and forgets how that came about: fewer states differ.
"""

from __future__ import annotations

import errno
import functools
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

from model_tree import DIRTY, Failed, File, Op

Steps = Generator["Op | Call", Any, Any]
Body = Callable[..., Steps]

PROTOCOL: dict[str, Body] = {}
"""Every program by name; a broken protocol replaces some of them."""


class Call(NamedTuple):
    """One program waiting for another."""

    name: str
    arguments: tuple[Any, ...]


def program(body: Body) -> Callable[..., Call]:
    """Make a generator function a program of the protocol."""
    PROTOCOL[body.__name__] = body

    @functools.wraps(body)
    def call(*arguments: Any) -> Call:
        return Call(body.__name__, arguments)

    return call


class Frame(NamedTuple):
    """A program that runs: what it was called with, and all answers so far."""

    call: Call
    answers: tuple[Any, ...] = ()

    def answered(self, answer: Any) -> Frame:
        """Return the frame with one more answer."""
        return Frame(self.call, (*self.answers, answer))


class Place:
    """Where a process stands: the call it makes next, or None at its end."""

    __slots__ = ("frames", "next", "op")

    def __init__(self, frames: tuple[Frame, ...], op: Op | None) -> None:
        self.frames = frames
        self.op = op
        self.next: dict[Any, Place] = {}


class Processes:
    """Runs programs; equal places are one object."""

    def __init__(self, changed: Mapping[str, Body] | None = None) -> None:
        self._programs = {**PROTOCOL, **(changed or {})}
        self._places: dict[tuple[Frame, ...], Place] = {}

    def start(self, call: Call) -> Place:
        """Return the first place of a process."""
        return self._run((Frame(call),))

    def after(self, place: Place, answer: Any) -> Place:
        """Return where a process stands once its call was answered."""
        known = place.next.get(answer)
        if known is None:
            *below, top = place.frames
            known = place.next[answer] = self._run((*below, top.answered(answer)))
        return known

    def _run(self, frames: tuple[Frame, ...]) -> Place:
        op: Op | None = None
        while frames:
            yielded = self._yielded(frames[-1])
            if isinstance(yielded, Op):
                op = yielded
                break
            if isinstance(yielded, Call):
                frames = (*frames, Frame(yielded))
            else:
                frames = _returned(frames[:-1], yielded)
        if frames not in self._places:
            self._places[frames] = Place(frames, op)
        return self._places[frames]

    def _yielded(self, frame: Frame) -> Op | Call | _Returned:
        steps = self._programs[frame.call.name](*frame.call.arguments)
        try:
            item = next(steps)
            for answer in frame.answers:
                item = steps.throw(_error(answer)) if _is_error(answer) else steps.send(answer)
        except StopIteration as stop:
            return _Returned(stop.value)
        except OSError as error:
            return _Returned(Failed(errno.errorcode[error.errno or 0]))
        return item


class _Returned(NamedTuple):
    answer: Any


def _returned(below: tuple[Frame, ...], returned: Op | Call | _Returned) -> tuple[Frame, ...]:
    assert isinstance(returned, _Returned)
    if below:
        return (*below[:-1], below[-1].answered(returned.answer))
    if isinstance(returned.answer, Failed):
        raise ProgramFailed(returned.answer.error)
    return ()


class ProgramFailed(Exception):
    """A process ended with an error nobody caught."""


def _is_error(answer: Any) -> bool:
    return isinstance(answer, Failed)


def _error(answer: Failed) -> OSError:
    number = getattr(errno, answer.error)
    return OSError(number, answer.error)


def names(path: str) -> Op:
    """List a folder; empty where it is missing."""
    return Op("names", path)


def exists(path: str) -> Op:
    """Ask whether a name is there."""
    return Op("exists", path)


def read(path: str) -> Op:
    """Read a file's content."""
    return Op("read", path)


def write(path: str, content: Any) -> Op:
    """Create a file that must not be there; a power cut may take its bytes until `flush`."""
    return Op("write", path, File(content, DIRTY))


def flush(path: str) -> Op:
    """Flush a file's bytes."""
    return Op("flush", path)


def fsync(path: str) -> Op:
    """Flush the names in a folder."""
    return Op("fsync", path)


def syncfs() -> Op:
    """Flush the whole file system."""
    return Op("syncfs")


def mkdir(path: str) -> Op:
    """Make a folder."""
    return Op("mkdir", path)


def rmdir(path: str) -> Op:
    """Remove an empty folder."""
    return Op("rmdir", path)


def unlink(path: str) -> Op:
    """Remove a file's name."""
    return Op("unlink", path)


def remove_tree(path: str) -> Op:
    """Remove all of what lies there, in one step: nobody reads what is being thrown away."""
    return Op("remove_tree", path)


def rename(source: str, target: str) -> Op:
    """Move a name, replacing a file."""
    return Op("rename", source, target)


def rename_new(source: str, target: str) -> Op:
    """Move a name; raises FileExistsError rather than replace."""
    return Op("rename_new", source, target)


def open_folder(path: str) -> Op:
    """Open a folder; its inode is the answer."""
    return Op("open", path)


def is_same(path: str, inode: str) -> Op:
    """Ask whether a path still leads to what was opened."""
    return Op("is_same", path, inode)


def lock(inode: str) -> Op:
    """Lock a folder for life; False when another holds it."""
    return Op("lock", inode)


def close(inode: str) -> Op:
    """Close a folder, which frees its lock."""
    return Op("close", inode)


def choose(*options: Any) -> Op:
    """Let the search try each of the options."""
    return Op("choose", "", options)


def tell(event: str, *details: Any) -> Op:
    """Say what was promised or done; the promises are judged by it."""
    return Op("tell", event, details)
