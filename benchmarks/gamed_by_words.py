"""Tricks with words: the answer's or the prompt's own words in an order that says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random
from types import MappingProxyType

from good_answers import Good, good_answers

from consumer.prompts.scoring.words import is_content
from syntx.wrappers import fold

_DIGITS = str.maketrans("aeio", "4310")
_SIGN = re.compile(r"[^\w\s]")


def _shuffled(text: str, seed: str) -> str:
    found = text.split()
    Random(seed).shuffle(found)
    return " ".join(found)


def _tidily_shuffled(text: str, seed: str) -> str:
    """Shuffle words inside each sentence, keep capitals and full stops where they belong."""
    lines = []
    for line in re.split(r"(?<=[.!?])\s+", text):
        found = _SIGN.sub(" ", line).split()
        Random(seed + line).shuffle(found)
        lines.append(" ".join(found).capitalize() if not found else _sentence(found))
    return " ".join(lines)


def _sentence(found: list[str]) -> str:
    joined = " ".join(found)
    return f"{joined[:1].upper()}{joined[1:]}."


def _reversed(text: str) -> str:
    return " ".join(
        _sentence(_SIGN.sub(" ", line).split()[::-1]) for line in re.split(r"(?<=[.!?])\s+", text)
    )


def _content_only(text: str) -> str:
    found = [word for word in _SIGN.sub(" ", text).split() if is_content(fold(word))]
    return ". ".join(" ".join(found[at : at + 9]) for at in range(0, len(found), 9)) + "."


def _all_shuffled(good: Good) -> str:
    found = " ".join(good.texts).split()
    Random(good.name).shuffle(found)
    count = len(good.spans)
    return good.rewritten(
        lambda place, _: _sentence(
            found[len(found) * place // count : len(found) * (place + 1) // count]
        )
    )


def _chained(good: Good, seed: str) -> str:
    """Walk at random from word to word, each of which did follow the other somewhere."""
    found = " ".join(text for one in good_answers() for text in one.texts).split()
    following: dict[str, list[str]] = {}
    for word, after in pairwise(found):
        following.setdefault(word, []).append(after)
    chance = Random(seed)
    word, said = chance.choice(found), []
    for _ in range(len(good.answer.split()) // len(good.spans)):
        said.append(word)
        word = chance.choice(following.get(word) or found)
    return _sentence(said)


def _garbage(text: str, seed: str) -> str:
    chance = Random(seed)
    return "".join(
        chance.choice("abcdefghijklmnopqrstuvwxyz") if sign.isalpha() else sign for sign in text
    )


def _about(good: Good, place: int) -> str:
    """Put words of the prompt into phrases that fit every prompt."""
    found = _keywords(good.prompt)
    first, second, third = (found[(3 * place + step) % len(found)] for step in range(3))
    phrases = (
        f"Was {first} betrifft, so ist {second} hier wichtig, und {third} ist es auch.",
        f"Bei {first} geht es um {second}, denn {third} gehört dazu.",
        f"Auch {first} spielt eine Rolle, ebenso wie {second} und {third}.",
    )
    return phrases[place % 3]


def _keywords(prompt: str) -> list[str]:
    return [word for word in _SIGN.sub(" ", prompt).split() if is_content(fold(word))]


def _pieces(good: Good) -> tuple[str, ...]:
    found = good.prompt.split()
    count = len(good.spans)
    return tuple(
        " ".join(found[len(found) * place // count : len(found) * (place + 1) // count]) + "."
        for place in range(count)
    )


WORDS: Mapping[str, Callable[[Good], str]] = MappingProxyType(
    {
        "words shuffled": lambda g: g.rewritten(lambda _, t: _shuffled(t, g.name)),
        "words shuffled tidily": lambda g: g.rewritten(lambda _, t: _tidily_shuffled(t, g.name)),
        "keyword stuffing": lambda g: g.rewritten(
            lambda place, _: _shuffled(" ".join(_keywords(g.prompt) * 3), f"{g.name}{place}") + "."
        ),
        "sentences backwards": lambda g: g.rewritten(lambda _, t: _reversed(t)),
        "content words only": lambda g: g.rewritten(lambda _, t: _content_only(t)),
        "all words shuffled": _all_shuffled,
        "words chained at random": lambda g: g.rewritten(lambda p, _: _chained(g, f"{g.name}{p}")),
        "random letters": lambda g: g.rewritten(lambda p, t: _garbage(t, f"{g.name}{p}")),
        "digits for letters": lambda g: g.rewritten(lambda _, t: t.translate(_DIGITS)),
        "letters backwards": lambda g: g.rewritten(lambda _, t: t[::-1]),
        "one letter repeated": lambda g: g.rewritten(lambda _, t: re.sub(r"\w", "a", t)),
        "prompt words in stock phrases": lambda g: g.rewritten(lambda p, _: _about(g, p)),
        "prompt cut into the fields": lambda g: g.filled(_pieces(g)),
        "prompt in each field": lambda g: g.rewritten(lambda _, __: g.prompt),
    }
)
"""Tricks with words, by name."""
