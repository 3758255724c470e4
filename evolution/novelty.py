"""How alike two prompts are: the share of character 5-grams they have in common.

A sketch stands for a text where the text itself is too much to keep or to read: 128 bytes that
agree, byte by byte, as often as the 5-grams of their texts do (MinHash). It is the same in
every process and on every machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SKETCH_BYTES = 128
"""The length of a sketch; a similarity read off two of them errs by 0.045 at most, usually."""

_GRAM = 5
_AT_ONCE = 1 << 14
_KINDS = 256
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

Words = NDArray[np.uint64]
Shares = NDArray[np.float64]


def folded(text: str) -> str:
    """Return a text without case, without runs of blanks, and with one form of each letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def jaccard(one: str, other: str) -> float:
    """Return the share of 5-grams that two texts have in common, 0..1; 0 if one is empty."""
    grams, others = _grams(one), _grams(other)
    both = len(np.intersect1d(grams, others, assume_unique=True))
    together = len(grams) + len(others) - both
    return both / together if together and len(grams) and len(others) else 0.0


def sketch(text: str) -> bytes:
    """Return the sketch of a text: `SKETCH_BYTES` bytes, all zero for an empty one."""
    grams = _grams(text)
    if not len(grams):
        return bytes(SKETCH_BYTES)
    least = np.full(SKETCH_BYTES, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(grams), _AT_ONCE):
        some = grams[start : start + _AT_ONCE]
        for at, (factor, shift) in enumerate(zip(_FACTORS, _SHIFTS, strict=True)):
            least[at] = min(least[at], ((some ^ shift) * factor).min())
    return (_mixed(least) >> np.uint64(56)).astype(np.uint8).tobytes()


def similarity(one: bytes, many: Sequence[bytes] | bytes) -> Shares:
    """Estimate how alike a sketch is to each of many, 0..1; `many` may be joined to one text."""
    joined = many if isinstance(many, bytes) else b"".join(many)
    others = np.frombuffer(joined, np.uint8).reshape(-1, SKETCH_BYTES)
    equal = (others == np.frombuffer(one, np.uint8)).sum(axis=1, dtype=np.uint16) / SKETCH_BYTES
    # Bytes of unlike minima agree by chance, one in 256.
    chance = 1 / _KINDS
    return np.asarray(np.clip((equal - chance) / (1 - chance), 0.0, 1.0))


def _grams(text: str) -> Words:
    """Return the hashes of a folded text's 5-grams, each once; a shorter text is one gram."""
    plain = folded(text)
    if not plain:
        return np.empty(0, np.uint64)
    # A lone surrogate is no character, but a prompt may hold one.
    raw = plain.ljust(_GRAM).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(raw, "<u4").astype(np.uint64)
    count = len(letters) - _GRAM + 1
    hashes = np.zeros(count, np.uint64)
    for at in range(_GRAM):
        hashes = _mixed(hashes * np.uint64(_FIRST) + letters[at : at + count])
    return np.unique(hashes)


def _mixed(values: Words) -> Words:
    """Spread every bit over all of them (the finaliser of splitmix64)."""
    values = values + np.uint64(_GOLDEN)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FIRST)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_SECOND)
    return np.asarray(values ^ (values >> np.uint64(31)))


_FACTORS: Words = _mixed(np.arange(SKETCH_BYTES, dtype=np.uint64)) | np.uint64(1)
_SHIFTS: Words = _mixed(np.arange(SKETCH_BYTES, 2 * SKETCH_BYTES, dtype=np.uint64))
