"""Words as the score sees them: in one spelling, with function words and languages told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from syntx.wrappers import fold

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"'“”»)\]*]|$)|\n+")
_STEM = 7
_GRAM = 5

_LISTS = {
    "de": """der die das den dem des ein eine einen einem einer eines und oder aber auch nicht ist
        sind war waren wird werden wurde hat haben hatte kann können könnte muss müssen soll sollte
        mit von zu zum zur im in am an auf aus bei für nach vor über unter durch gegen ohne um bis
        als wie wenn weil dass ob so sich sie er es wir ihr ich du man was wer wo wann warum hier
        da dort dann noch schon nur sehr mehr immer wieder dies diese dieser dieses diesem diesen
        jede jeder jedes sein seine seinen ihre ihren ihrem kein keine keinen doch etwa gibt
        zwischen bereits dabei dadurch damit darin daran davon dazu sowie beim vom ins
        sondern zwar also
        uns mir mich dir dich ihm ihn ihnen ihrer euch unser unsere unseren andere anderen würde
        würden wäre hätte wollen will darf werde sowohl
        hin her eben etwas nichts alles viel viele vielen wenig kaum fast
        obwohl während trotzdem jedoch deshalb dennoch bevor sobald solange statt wobei sogar""",
    "en": """the a an and or but not is are was were be been being has have had can could may might
        must shall should will would with of to in on at by for from into over under through about
        against without as if because that whether so it its he she they we you i this these those
        there here then when where why what who which how more most very only also than their them
        his her our your some any each no yes between both such other while during after before do
        does did""",
    "fr": """le la les un une des du et ou mais pas est sont était dans sur avec pour par que qui ce
        cette ces il elle ils elles nous vous je se son sa ses leur plus comme être avoir aux""",
    "es": """el la los las un una unos y o pero no es son era en con por para que quien este esta
        estos se su sus más como ser haber al del lo hay muy también entre""",
    "it": """il lo la gli le un una e o ma non è sono era nel nella con per che chi questo questa si
        suo sua più come essere avere al del della dei delle di anche tra""",
    "nl": """de het een en of maar niet is zijn was waren wordt worden heeft hebben met van voor op
        aan bij naar uit dat die deze dit er ook als dan nog wel hun haar zij wij""",
    "pl": """i w na z do nie się że jest są to jak ale o od po za przez dla który która które ten ta
        tego być może oraz tylko tak przy""",
    "ru": """и в на не что с по это как он она они мы вы я но а у из за к до от для так же или если
        бы был была были есть быть его её их то о при когда уже все""",
    "tr": """ve bir bu da de için ile ne o mi var çok daha gibi ama olarak olan ya en kadar sonra
        her değil ki onun biz siz ben bunu""",
    "hu": """a az és hogy nem is egy van volt ez meg de csak ha már mint vagy azt ami kell még
        nagyon lehet el ki mert aki ezt között""",
}  # fmt: skip
FUNCTION_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(fold(words).split()) for language, words in _LISTS.items()}
)
"""Folded function words by language; enough to tell languages apart and content from glue."""

_SPOKEN_IN = {
    word: tuple(language for language, listed in FUNCTION_WORDS.items() if word in listed)
    for word in frozenset().union(*FUNCTION_WORDS.values())
}
_NEVER_LAST = frozenset(
    fold(
        """der die das dem des den ein eine einen einem einer und oder mit von zur im am auf
        für nach über wenn weil dass the a an and or with of to from into for which"""
    ).split()
)
_GLUE = FUNCTION_WORDS["de"] | FUNCTION_WORDS["en"]


_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MIXED_SCRIPT = re.compile(r"[^\W\d_]*(?:[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z])[^\W\d_]*")
_ALIKE = str.maketrans(
    "аеорсухкмнвтіјѕԁɡАВЕКМНОРСТУХІЈЅαορνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxkmhbtijsdgABEKMHOPCTYXIJSaopviktABEZHIKMNOPTYX",
)


def legible(text: str) -> str:
    """Return what a reader sees: no invisible signs, and no letters of a look-alike alphabet."""
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    return _MIXED_SCRIPT.sub(lambda found: found[0].translate(_ALIKE), text)


def words(text: str) -> list[str]:
    """Return the folded words of `text`, in order."""
    return _WORD.findall(fold(text))


def is_content(word: str) -> bool:
    """Whether a folded word carries meaning of its own."""
    return len(word) >= 3 and word not in _GLUE


def is_dangling(word: str) -> bool:
    """Whether no sentence ends with this folded word, so that one that does is broken."""
    return word in _NEVER_LAST


def stems(found: Iterable[str]) -> set[str]:
    """Return the distinct content words, cut so that endings do not make them new."""
    return {word[:_STEM] for word in found if is_content(word)}


def grams(found: Iterable[str]) -> set[str]:
    """Return the character 5-grams inside the content words; shorter words count whole."""
    return {
        word[start : start + _GRAM]
        for word in {word for word in found if is_content(word)}
        for start in range(max(1, len(word) - _GRAM + 1))
    }


def sentences(text: str) -> list[str]:
    """Split `text` at sentence ends and line breaks; pieces without a letter are dropped."""
    pieces = (piece.strip() for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if _WORD.search(piece)]


def shares(found: list[str]) -> dict[str, float]:
    """Return per language the share of words that are its function words."""
    if not found:
        return dict.fromkeys(FUNCTION_WORDS, 0.0)
    times = dict.fromkeys(FUNCTION_WORDS, 0)
    for word in found:
        for language in _SPOKEN_IN.get(word, ()):
            times[language] += 1
    return {language: count / len(found) for language, count in times.items()}


def ramp(value: float, low: float, high: float) -> float:
    """Rise from 0 at `low` to 1 at `high`, linearly, flat outside (falls if high < low)."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
