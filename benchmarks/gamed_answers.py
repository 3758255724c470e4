"""Ways to spoil or fake an answer: each turns a good one into one that must score below 60."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gamed_by_shape import SHAPES
from gamed_by_text import TEXTS
from gamed_by_words import WORDS
from good_answers import Good

CAUGHT_BELOW = 60
"""A spoilt answer that scores less than this is caught."""

Trick = Callable[[Good], str]
TRICKS: Mapping[str, Trick] = MappingProxyType({**SHAPES, **WORDS, **TEXTS})
"""Every trick by name; each is a pure function of the good answer."""
