"""What a prompt is like, inferred from nothing but its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from syntx.simulator.dice import digest
from syntx.simulator.domains import DOMAINS
from syntx.simulator.words import listed

STYLES = ("technisch", "kreativ", "akademisch", "casual")
PATTERNS = ("question", "scenario", "comparison", "instruction", "thesis", "dialogue")

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:„“\"»\n])[^\w.!?:„“\"»\n]*(\w+)")
_CLAUSE = re.compile(r"[.,;:?!()\n„“\"»«–]+")
_STEM_OF = {stem: name for name, domain in DOMAINS.items() for stem in domain.stems}
_STEMS = re.compile(rf"\b(?:{'|'.join(sorted(_STEM_OF, key=len, reverse=True))})", re.IGNORECASE)
_DOMAIN_OF = {
    word: name for name, domain in DOMAINS.items() for word in domain.things + domain.groups
}
_STYLE_MARKERS = {
    "technisch": "spezifikation|parameter|toleranz|kenngröße|eingangsgröße|funktionsprinzip|"
    "technisch|präzise|schrittfolge|grenzwert|systematisch|messgröße",
    "kreativ": "stell dir vor|traum|träum|fantasie|erfinde|male |als wäre|märchen|flüster|"
    "poetisch|kreativ|zauber|bildern|klingt wie|duftet",
    "akademisch": "erörter|diskurs|forschungsstand|methodisch|kritisch|theoretisch|begründen sie|"
    "wissenschaftlich|argumentation|begrifflich|differenziert",
    "casual": r"\bhey\b|mal ehrlich|locker|quatsch|krass|\becht\b|na ja|sag mal|kumpel|"
    r"klartext reden|easy|\bmal\b",
}
_STYLE_OF = {name: re.compile(markers, re.IGNORECASE) for name, markers in _STYLE_MARKERS.items()}
_PATTERN_OF = {
    "dialogue": re.compile(r"(?:^|\n)[ \t]*[A-ZÄÖÜ]\w{0,15}: .*\s[A-ZÄÖÜ]\w{0,15}: ", re.S),
    "thesis": re.compile(r"\bThesis?:|\bThese\b|\bBehauptung\b"),
    "scenario": re.compile(r"\bAngenommen\b|\bSzenario\b|\bSuppose\b"),
    "comparison": re.compile(r"\bVergleich|\bGegenüberstellung|\bCompare\b", re.IGNORECASE),
    "question": re.compile(
        r"\?(?s:.*)\?|^[^.!]{0,200}\?|[.:!] (?:W[aeio]\w*|Inwiefern|Unter welch\w+) [^.!]*\?"
    ),
}
_PLAIN = frozenset(
    listed(
        "Der Die Das Ein Eine Einen Einer Eines Dem Den Des Und Oder Aber Wie Was Wer Wo Warum "
        "Wann Welche Welcher Welches Du Ihr Sie Ich Wir Dein Deine Ihre Ihren Ihrer Bitte Dabei "
        "The This That What How Why When Which And You Your Thema Titel"
    )
)


@dataclass(frozen=True, slots=True)
class Traits:
    """A prompt's category, style and phrasing pattern, and its length in words."""

    category: str
    style: str
    pattern: str
    length: int


def read_traits(prompt: str) -> Traits:
    """Infer the traits of a prompt."""
    return Traits(
        category=category_of(prompt),
        style=style_of(prompt),
        pattern=pattern_of(prompt),
        length=len(prompt.split()),
    )


def category_of(text: str) -> str:
    """Return the domain most of whose words occur; unknown words fall into a fixed one."""
    votes = dict.fromkeys(DOMAINS, 0)
    for stem in _STEMS.findall(text):
        votes[_STEM_OF[stem.casefold()]] += 1
    for word in _WORD.findall(text):
        if (domain := _DOMAIN_OF.get(word)) is not None:
            votes[domain] += 1
    if any(votes.values()):
        return max(votes, key=votes.__getitem__)
    return tuple(DOMAINS)[digest(*subject_words(text)[:1]) % len(DOMAINS)]


def style_of(text: str) -> str:
    """Return the style whose markers occur most often, or "neutral"."""
    votes = {name: len(markers.findall(text)) for name, markers in _STYLE_OF.items()}
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] else "neutral"


def pattern_of(text: str) -> str:
    """Return the phrasing pattern; what has no mark of another one is an instruction."""
    return next((name for name, mark in _PATTERN_OF.items() if mark.search(text)), "instruction")


def subject_words(text: str) -> tuple[str, ...]:
    """Return the nouns of a text, or its longest words, each once, in order."""
    starts = set(_SENTENCE_START.findall(text))
    words = dict.fromkeys(_WORD.findall(text))
    nouns = [word for word in words if word[0].isupper() and len(word) > 3]
    inside = [word for word in nouns if word not in starts and word not in _PLAIN]
    return tuple(inside or sorted(words, key=len, reverse=True)[:5])


def fragments(text: str) -> tuple[str, ...]:
    """Return runs of three to six words of a text, none across a punctuation mark."""
    runs = []
    for clause in _CLAUSE.split(text):
        words = clause.split()
        runs += [" ".join(words[start : start + 6]) for start in range(0, len(words) - 2, 6)]
    return tuple(runs)
