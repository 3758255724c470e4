"""The containers that are open where a JSON text is cut, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Expects(Enum):
    """What may come next in a container."""

    FIRST = auto()
    """A first element or key, or the end."""
    KEY = auto()
    COLON = auto()
    VALUE = auto()
    COMMA = auto()
    """A comma, or the end."""
    NOTHING = auto()
    """The outermost value is whole."""


@dataclass(slots=True)
class Frame:
    """An open container: `start` is where its bracket stands, `end` where what is whole ends.

    Of a trial, `container` holds only what the trial adds, and `base` is the frame it adds to.
    """

    container: Any
    start: int
    end: int
    expects: Expects = Expects.FIRST
    key: str = ""
    holds_open: bool = False
    """Whether the last child is open as well."""
    base: Frame | None = None

    @property
    def is_list(self) -> bool:
        """Whether it is a list, not an object."""
        return isinstance(self.container, list)

    @property
    def count(self) -> int:
        """How many children there are, an open one included."""
        known = len(self.base.container) if self.base is not None else 0
        return known + len(self.container)

    @property
    def whole(self) -> int:
        """How many children are whole."""
        return self.count - self.holds_open

    def has(self, key: str) -> bool:
        """Say whether an object has a key already."""
        return key in self.container or (self.base is not None and key in self.base.container)

    def add(self, value: Any) -> None:
        """Add an element, or the value of the key that stands before it."""
        if isinstance(self.container, list):
            self.container.append(value)
        else:
            self.container[self.key] = value

    def take_back(self) -> None:
        """Take off the child that is open."""
        if self.holds_open:
            if isinstance(self.container, list):
                self.container.pop()
            else:
                self.container.pop(self.key, None)
        self.holds_open = False
        self.expects = Expects.COMMA if self.container else Expects.FIRST

    def trial(self) -> Frame:
        """Return a frame that adds to this one without touching it."""
        empty: Any = [] if self.is_list else {}
        return Frame(
            empty, self.start, self.end, self.expects, self.key, self.holds_open, base=self
        )

    def adopt(self, trial: Frame) -> None:
        """Take over what a trial added."""
        if isinstance(self.container, list):
            self.container.extend(trial.container)
        else:
            self.container.update(trial.container)
        self.end, self.expects, self.key = trial.end, trial.expects, trial.key
        self.holds_open = trial.holds_open


def path_of(frames: list[Frame], depth: int) -> str:
    """Return the JSONPath of the container at `depth`; 1 is the outermost value, `$`."""
    steps = ["$"]
    for frame in frames[1:depth]:
        plain = frame.key.isidentifier() and frame.key.isascii()
        quoted = frame.key.replace("\\", "\\\\").replace("'", "\\'")
        named = f".{frame.key}" if plain else f"['{quoted}']"
        steps.append(f"[{frame.count - 1}]" if frame.is_list else named)
    return "".join(steps)
