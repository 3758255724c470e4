"""Gates: what makes an answer worth little whatever else it has."""

from __future__ import annotations

import re
from collections import Counter

from consumer.prompts.scoring.part import Material, Part
from consumer.prompts.scoring.words import (
    FUNCTION_WORDS,
    is_content,
    is_dangling,
    sentences,
    shares,
    words,
)

_REFUSAL = re.compile(
    r"(?:es tut mir (?:sehr )?leid|tut mir leid|entschuldigung|i(?:'|’)?m (?:really |very )?sorry|"
    r"i apologi[sz]e|sorry)[^.!?]{0,40}[,.]?[^.!?]{0,80}"
    r"(?:kann|darf|werde|can(?:no|'|’)?t|unable|not able)|"
    r"(?:ich kann|ich darf) (?:dir |ihnen |dabei |hierbei |dazu |diese[rnms]? )[^.!?]{0,60}nicht|"
    r"i (?:cannot|can(?:'|’)t|won(?:'|’)t|am unable to) (?:help|assist|provide|comply|fulfil)|"
    r"als (?:ki|ai|sprachmodell|künstliche)[^.!?]{0,60}(?:kann|darf)|as an ai\b",
    re.IGNORECASE,
)
_HTML = re.compile(
    r"\s*(?:<!doctype html|<html\b|<\?xml[^>]*>\s*<(?:!doctype )?html)", re.IGNORECASE
)
_HTML_TAGS = re.compile(
    r"<(?:html|head|body|title|h1|hr|center|div|p|script)\b[^>]*>", re.IGNORECASE
)
_END = re.compile(r"[.!?…][\"'“”»)\]*_`]*$|[\"“”»)\]}|`]$")
_CUT_WRONG, _CUT_OFF = 0.3, 0.5
_MOST_PARAGRAPHS = 200
_JUDGED_WORDS = 10  # shorter paragraphs say too little about their language
_REFUSED_BY = 400  # a refusal comes first; keeps the search bounded
_LABEL = 4  # words of a closing label without a full stop
_FORMULA = re.compile(r"[=→⇒]|\+\s")
_BULLETS = "-*•–+"
_ODD = re.compile(r"[\ufffd\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_LETTERS = re.compile(r"[^\W\d_]")


def unusable(text: str) -> str | None:
    """Say why a text is no answer at all: empty_answer, html_page or binary_answer; else None."""
    if not text or not _visible(text):
        return "empty_answer"
    head = text[:4000]
    if _HTML.match(head) or len(_HTML_TAGS.findall(head)) >= 3:
        return "html_page"
    odd = len(_ODD.findall(text))
    letters = len(_LETTERS.findall(head))
    if odd > max(2, 0.02 * len(text)) or (len(head) >= 20 and letters < 0.2 * len(head.strip())):
        return "binary_answer"
    return None


def _visible(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def answered(material: Material) -> Part:
    """Close when no field has text or the model refused."""
    if not material.texts:
        return Part(0.0, "no field was answered")
    refusing = sum(
        _REFUSAL.search(text[:_REFUSED_BY]) is not None for text in material.texts.values()
    )
    outside = _REFUSAL.search(material.parsed.preamble[:_REFUSED_BY]) is not None
    missing = len(material.parsed.missing)
    if refusing * 2 >= len(material.texts) or (outside and missing * 2 >= len(material.texts)):
        return Part(0.0, "the model refused")
    return Part(1.0, "the fields were answered")


def right_language(material: Material, languages: tuple[str, ...]) -> Part:
    """Lower the score of an answer in a language that nobody asked for."""
    found = material.body_words
    share = shares(found)
    asked = shares(material.prompt_words)
    spoken = max(asked, key=lambda language: asked[language])
    allowed = {*languages, material.wrapper.language} | ({spoken} if asked[spoken] > 0.1 else set())
    best = max(share, key=lambda language: share[language])
    own = max((share.get(language, 0.0) for language in allowed), default=0.0)
    known = any(language in FUNCTION_WORDS for language in allowed)
    foreign = best not in allowed and share[best] > 0.12 and share[best] > 1.5 * own
    other_script = known and own < 0.02 and _other_script(material)
    if foreign or other_script:
        return Part(_CUT_WRONG, f"the language is {best if foreign else 'another'}, not asked for")
    if _is_mixed(material):
        return Part(_CUT_WRONG, "the fields are not in one language")
    return Part(1.0, "the language fits")


def _is_mixed(material: Material) -> bool:
    """Whether a third of the paragraphs or more are clearly in another language than the rest."""
    spoken: Counter[str] = Counter()
    for paragraph in "\n".join(material.texts.values()).splitlines()[:_MOST_PARAGRAPHS]:
        found = words(paragraph)
        share = shares(found)
        best, second = sorted(share, key=lambda language: -share[language])[:2]
        if len(found) >= _JUDGED_WORDS and share[best] > max(0.2, 2.5 * share[second]):
            spoken[best] += 1
    total = sum(spoken.values())
    return total >= 3 and (total - max(spoken.values())) * 3 >= total


def _other_script(material: Material) -> bool:
    text = " ".join(material.texts.values())
    letters = [sign for sign in text[:4000] if sign.isalpha()]
    return sum(sign > "\u036f" for sign in letters) * 2 > len(letters)


def complete(material: Material) -> Part:
    """Lower the score of an answer that breaks off inside a field."""
    fields = [found for found in material.parsed.fields if found.text]
    if not fields or material.parsed.trailing:
        return Part(1.0, "the last field is complete", {"truncated": material.truncated})
    *earlier, last = (found.text for found in fields)
    ended = sum(_ended(text) for text in earlier)
    breaks_off = (not earlier or ended * 2 > len(earlier)) and _breaks_off(last)
    hangs = last.rstrip().endswith((",", ";", ":", "-", "–"))
    if material.truncated or breaks_off or (hangs and len(fields) > 1):
        why = "the model ran out of tokens" if material.truncated else "it breaks off"
        return Part(_CUT_OFF, f"the answer is cut: {why}", {"truncated": True})
    return Part(1.0, "the answer ends properly", {"truncated": False})


def _breaks_off(text: str) -> bool:
    """Whether a text stops inside a sentence; formulas, labels and lists end without a dot."""
    if _ended(text):
        return False
    *before, line = [line.strip() for line in text.splitlines() if line.strip()]
    pieces = sentences(line)
    last = words(pieces[-1]) if pieces else []
    if not last or is_dangling(last[-1]):
        return bool(last)
    listed = line[0] in _BULLETS
    alike = [one for one in before if one[0] in _BULLETS] if listed else []
    open_list = bool(alike) and not any(_END.search(one) for one in alike)
    return not (open_list or (len(pieces) == 1 and len(last) <= _LABEL) or _FORMULA.search(line))


def _ended(text: str) -> bool:
    """Whether a text ends like a sentence; one stray word behind the last sentence is no cut."""
    if _END.search(text.rstrip()) is not None:
        return True
    lines = sentences(text)
    last = words(lines[-1]) if len(lines) > 1 else []
    return len(last) == 1 and is_content(last[0])
