"""Chance that can be repeated: the same seed and words always roll the same dice."""

from __future__ import annotations

import random
from collections import OrderedDict
from hashlib import blake2b


def digest(*parts: object) -> int:
    """Return a 64-bit number that depends on nothing but the parts."""
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest())


def dice(*parts: object) -> random.Random:
    """Return a random generator seeded by the parts."""
    return random.Random(digest(*parts))


class Occurrences:
    """Counts how often a text was seen, and forgets the oldest texts beyond `limit`."""

    def __init__(self, limit: int = 100_000) -> None:
        self._limit = limit
        self._seen: OrderedDict[int, int] = OrderedDict()

    def count(self, text: str) -> int:
        """Return how often the text was seen before, and count this time."""
        key = digest(text)
        before = self._seen.pop(key, 0)
        self._seen[key] = before + 1
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
        return before
