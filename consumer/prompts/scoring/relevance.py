"""Relevance: the answer takes up what its prompt is about, in either of two languages."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from consumer.prompts.scoring.common_words import COMMON_WORDS, TASK_WORDS
from consumer.prompts.scoring.lexicon import lift, to_english, to_german
from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import is_content, ramp, shares, words

_SAME_LANGUAGE = (0.07, 0.2)  # coverage where relevance starts and is full
_OTHER_LANGUAGE = (0.08, 0.19)  # across languages only names, cognates and the lexicon meet
_EARLY = 0.007  # times the words there are: of a short prompt, little must be taken up
_BY_CHANCE = (0.125, 0.75)  # of what is covered, per word there is and at most: may be chance
_COMMON = 0.3  # the weight of an everyday word
_SHORT = 0.6  # the weight of a word of three or four letters
_UNKNOWN = 0.4  # the weight of a word that could hardly be recognised in the other language
_AGAIN = 0.3  # a word taken up again counts more, by the logarithm
_TOLD = (0.5, 1.5)  # with so little to recognise, being off topic cannot be told, or can be
_UNDECIDED = 0.5
_SAME_SUBJECT = 0.35  # the value of keeping to a short prompt's subject without naming it
_SHORT_PROMPT = (5.0, 3.0)  # of so many words to recognise, none or all may remain unnamed
_LIFTED = (1.5, 2.5)  # standard deviations from chance: hardly, and surely, the prompt's subject
_LEAST = 0.01
_MOST_WORDS = 400  # of a prompt; more tell nothing more
_VOCABULARY = 20_000  # words of a language recur from answer to answer
_ENDING = re.compile(
    r"(?:ungen|ung|lichen|licher|liche|lich|ischen|ische|ischer|isch|heiten|heit|keiten|keit|"
    r"ieren|iert|ation|tion|iker|ik|en|er|es|em|e|n|s|ing|ed|ly)$"
)
_PREFIX = re.compile(
    r"^(?:heraus|herum|hinaus|hin|her|auf|aus|ab|an|ein|vor|nach|zuruck|zu|um|mit|bei|weg|uber|unter|durch)?"
    r"(?:ge|be|ver|ent|er|zer|zu)?(?=[^aeiou])"
)
_VOWELS = re.compile(r"[aeiouy]")
_BONES = 4  # consonants that two words must share to count as forms of one
_SHORT_ENDINGS = ("", "s", "en", "ed", "ing", "e", "er", "es", "r", "y")
_COGNATE = str.maketrans({"k": "c", "z": "c", "y": "i"})


@dataclass(frozen=True, slots=True)
class _Said:
    """The content words of an answer, ready for looking up."""

    joined: str
    cognates: str
    words: frozenset[str]
    stems: frozenset[str]
    skeletons: frozenset[str]

    @classmethod
    def of(cls, found: list[str]) -> _Said:
        content = [word for word in found if is_content(word)]
        joined = f" {' '.join(content)} "
        stems = frozenset(_stem(word) for word in content)
        skeletons = frozenset(_skeleton(word) for word in content)
        return cls(joined, _cognate(joined), frozenset(content), stems, skeletons)


@dataclass(frozen=True, slots=True)
class _Found:
    """How well an answer takes up a word, by what, and how surely that would have been seen."""

    count: float
    by: str
    certain: float = 1.0


def relevance(material: Material) -> Part:
    """Score how much of what the prompt is about the fields take up, beyond chance."""
    asked = _topic_words(material.prompt_words)
    if not asked:
        return Part(1.0, "the prompt has no content words to compare with")
    if not any(is_content(word) for word in material.body_words):
        return Part(_LEAST, "the fields have no content words to compare with")
    spoken, heard = _language(material.prompt_words), _language(material.body_words)
    same = spoken == heard or spoken is None or heard is None
    said = _Said.of(material.body_words)
    met, told, taken_up = 0.0, 0.0, []
    used: Counter[str] = Counter()
    for word, weight in asked.items():
        found = _found(word, said, None if same else spoken)
        met += weight * found.count / (1 + used[found.by])
        told += weight * found.certain
        if found.count:
            taken_up.append(word)
            used[found.by] += 1
    covered = (met - _by_chance(told)) / max(1.0, told)
    start, full = _SAME_LANGUAGE if same else _OTHER_LANGUAGE
    doubt = _UNDECIDED * ramp(told, *reversed(_TOLD))
    value = max(_LEAST, doubt, ramp(covered, min(start, _EARLY * told), full))
    unsure = _SAME_SUBJECT * ramp(told, *_SHORT_PROMPT)
    if value < unsure:
        value = max(value, unsure * ramp(_lift(asked, material), *_LIFTED))
    reason = f"{len(taken_up)} of {len(asked)} words of the prompt's topic are taken up"
    if not same:
        reason += ", across languages"
    return Part(value, reason, {"coverage": round(covered, 3), "taken_up": taken_up[:20]})


def _lift(asked: dict[str, float], material: Material) -> float:
    return lift(
        (word for word, weight in asked.items() if weight >= _SHORT),
        (word for word in material.body_words if is_content(word)),
    )


def _by_chance(told: float) -> float:
    """Return what is covered by chance: the more words a prompt has, the likelier is a match."""
    share, most = _BY_CHANCE
    return min(most, share * told)


def _topic_words(prompt: list[str]) -> dict[str, float]:
    """Return what a prompt is about: one word per stem, with its weight."""
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for word in prompt:
        stem = _stem(word)
        if is_content(word) and stem not in _task_stems():
            counts[stem] += 1
            spelled[stem] = max(spelled.get(stem, ""), word, key=len)
    return {
        spelled[stem]: _weight(stem) * math.sqrt(count)
        for stem, count in counts.most_common(_MOST_WORDS)
    }


def _weight(stem: str) -> float:
    return (_COMMON if stem in _common_stems() else 1.0) * (_SHORT if len(stem) < 5 else 1.0)


def _found(word: str, said: _Said, spoken: str | None) -> _Found:
    """Look for a word of the prompt; `spoken` is its language when the answer's is another."""
    stem = _stem(word)
    times = said.joined.count(f" {stem}")
    if times:
        return _Found(1 + _AGAIN * math.log(times), stem)
    inside = stem if len(stem) >= 5 else f"{stem} "
    if len(stem) >= 4 and (times := said.joined.count(inside)):
        return _Found(0.8 * (1 + _AGAIN * math.log(times)), stem)
    if spoken is not None:
        return _translated(word, stem, said, spoken)
    skeleton = _skeleton(word)
    if len(skeleton) >= _BONES and skeleton in said.skeletons:
        return _Found(0.6, skeleton)
    part = _shared_part(word, said)
    return _Found(0.5 if part else 0.0, part)


def _translated(word: str, stem: str, said: _Said, spoken: str) -> _Found:
    meanings = to_german(word) if spoken == "en" else to_english(word)
    times = [_times(meaning, said) for meaning in meanings]
    if any(times):
        best = meanings[times.index(max(times))]
        return _Found(0.8 * (1 + _AGAIN * math.log(sum(times))), best)
    alike = _cognate(stem)
    if len(alike) >= 5 and (often := said.cognates.count(f" {alike}")):
        return _Found(1 + _AGAIN * math.log(often), alike)
    return _Found(0.0, "", 1.0 if meanings else _UNKNOWN)


def _times(meaning: str, said: _Said) -> int:
    """Count the words that begin with `meaning`; a short one must be the whole word."""
    if len(meaning) > 4:
        return said.joined.count(f" {meaning}")
    return sum(said.joined.count(f" {meaning}{ending} ") for ending in _SHORT_ENDINGS)


def _shared_part(word: str, said: _Said) -> str:
    """Return what a long compound shares with a word of the answer, or ""."""
    if len(word) < 8:
        return ""
    for size in range(min(len(word) - 3, 20), 3, -1):
        for start in (0, len(word) - size):
            part = word[start : start + size]
            told = part in said.words or (size >= 5 and start == 0 and part in said.stems)
            if told and _stem(part) not in _common_stems():
                return part
    middles = (word[at : at + size] for size in (6, 5, 4) for at in range(3, len(word) - size - 2))
    return next((part for part in middles if part in said.words), "")


@lru_cache(maxsize=_VOCABULARY)
def _stem(word: str) -> str:
    short = _ENDING.sub("", word)
    return (short if len(short) >= 4 else word)[:7]


@lru_cache(maxsize=_VOCABULARY)
def _skeleton(word: str) -> str:
    """Return the consonants of a word's core: `aufschieben` and `verschobene` have the same."""
    core = _PREFIX.sub("", word)
    return _VOWELS.sub("", _ENDING.sub("", core if len(core) >= 4 else word))


def _cognate(text: str) -> str:
    return text.translate(_COGNATE).replace("sch", "sh").replace("ph", "f")


@lru_cache(maxsize=1)
def _task_stems() -> frozenset[str]:
    return frozenset(_stem(word) for word in words(TASK_WORDS))


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(_stem(word) for word in words(COMMON_WORDS))


def _language(found: list[str]) -> str | None:
    """Return the language with most function words, or None when there are hardly any."""
    share = shares(found)
    best = max(share, key=lambda language: share[language])
    return best if share[best] >= 0.08 else None
