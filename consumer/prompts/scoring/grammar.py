"""Word salad: neighbours that no German or English sentence has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from consumer.prompts.scoring.words import ramp
from syntx.wrappers import fold

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\n|\S")
_MOST = 40_000  # characters looked at
_FEWEST = 20  # with fewer cases a single slip would decide
_STRAY = (0.065, 0.03)  # shares of impossible neighbours: salad, and plain prose
_NOUNS = (0.14, 0.08)  # shares of nouns followed by nouns: salad, and plain prose
_STOPS = frozenset(".,;:!?\n")
_AFTER_STOP = frozenset('.!?:"„“»(-–*•/#\n')

_DE_VERBS = "ist sind war waren wird wurde hat hatte kann konnte muss soll sollte darf"
_DE_LINKS = "und oder aber wenn weil dass ob als wie sondern denn sowie dann"
_DE_PREPOSITIONS = "mit bei aus nach zu durch für gegen ohne um auf an in vor über unter"
_DE_PRONOUNS = "er es sie ich du wir man uns mir mich ihm ihn ihnen"
_DE_ARTICLES = "der die das dem den des ein eine einen einem einer eines im am zum zur vom beim ins"
_EN_VERBS = """is are was were has have had can could will would must should may might been does
    do did"""
_EN_LINKS = "and or but if because that than as not so then"
_EN_PREPOSITIONS = "of to in on at by for from with into about between through without"
_EN_PRONOUNS = "it he she they we you i them him us this these those its their his our your"

_RULES = (
    # words, and the words that never follow them
    (
        "ein eine einen einem einer eines kein keine keinen im am zum zur vom beim ins",
        f"{_DE_VERBS} {_DE_LINKS} {_DE_ARTICLES} {_DE_PREPOSITIONS} {_DE_PRONOUNS}",
    ),
    (
        "der dem den des die",
        f"{_DE_VERBS} {_DE_LINKS} {_DE_PRONOUNS} die das dem den im am zum zur",
    ),
    (
        "für durch gegen ohne von",
        f"{_DE_VERBS} und oder aber wenn weil ob sondern denn er ich du wir man",
    ),
    (_DE_VERBS, _DE_VERBS),
    ("und oder", "und oder aber sondern"),
    (
        "the a an their our your every",
        f"{_EN_VERBS} {_EN_LINKS} {_EN_PREPOSITIONS} {_EN_PRONOUNS} the a an",
    ),
    ("of into from with", f"{_EN_VERBS} and or but because of to with into he she they we"),
    ("to", "is are was were has had can could will would must should may might of to and or"),
    (
        "can could will would must should may might",
        "is are was were has had of can could will would must should may might to and or",
    ),
    ("is are were has", "is are was were has have had can could will would must should may might"),
    ("and or but", "and or but of"),
)
_NEVER = {
    word: frozenset(fold(never).split()) for words, never in _RULES for word in fold(words).split()
}
_NEVER_LAST = frozenset(
    fold("eine einen einem im am zum zur vom beim ins dem des und oder the a an of and").split()
)
_RELATIVE = frozenset({"der", "dem", "den", "die"})  # after a comma they begin a clause


def grammar(text: str, *, is_german: bool) -> float:
    """Return 1 for prose, falling to 0 for words in an order that no sentence has."""
    text = text[:_MOST]
    stray = ramp(_stray(_TOKEN.findall(fold(text))), *_STRAY)
    if not is_german:
        return stray
    return stray * ramp(_crowded(_TOKEN.findall(text)), *_NOUNS)


def _stray(tokens: Sequence[str]) -> float:
    """Return the share of small words with an impossible right neighbour, one slip excused."""
    judged = wrong = 0
    for place, (word, following) in enumerate(pairwise(tokens)):
        never = _NEVER.get(word)
        clause = word in _RELATIVE and "," in tokens[max(0, place - 2) : place]
        if never is not None and not clause:
            judged += 1
            wrong += following in never or (following in _STOPS and word in _NEVER_LAST)
    return max(0, wrong - 1) / max(_FEWEST, judged)


def _crowded(tokens: Sequence[str]) -> float:
    """Return the share of German nouns with another right behind them, one slip excused."""
    judged = wrong = 0
    for before, word, following in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before not in _AFTER_STOP and _is_noun(word):
            judged += 1
            wrong += _is_noun(following)
    return max(0, wrong - 1) / max(_FEWEST, judged)


def _is_noun(token: str) -> bool:
    return len(token) > 3 and token[0].isupper() and not token.isupper()
