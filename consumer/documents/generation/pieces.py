"""A long text that grows at its end, or is cut back there, without being copied each time."""

from __future__ import annotations

from bisect import bisect_right


class Pieces:
    """Text in pieces, oldest first."""

    def __init__(self, text: str = "") -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._length = 0
        self.append(text)

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        return "".join(self._pieces)

    def append(self, text: str) -> None:
        """Add text at the end."""
        if text:
            self._pieces.append(text)
            self._starts.append(self._length)
            self._length += len(text)

    def cut(self, length: int) -> None:
        """Keep the first `length` characters."""
        while self._length > length:
            last = self._pieces.pop()
            self._length = self._starts.pop()
            if self._length < length:
                self.append(last[: length - self._length])

    def between(self, start: int, end: int) -> str:
        """Return the characters from `start` up to `end`."""
        first = max(0, bisect_right(self._starts, start) - 1)
        parts: list[str] = []
        for number in range(first, len(self._pieces)):
            position = self._starts[number]
            if position >= end:
                break
            parts.append(self._pieces[number][max(0, start - position) : end - position])
        return "".join(parts)

    def since(self, start: int) -> str:
        """Return the text from the character `start` on."""
        return self.between(start, self._length)

    def tail(self, count: int) -> str:
        """Return the last `count` characters."""
        return self.since(max(0, self._length - count))
