"""Success criteria that rules can decide: counts, kinds of content, names, format, language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consumer.documents.validation.mentions import Mentions

_COUNTED = {
    "rows": r"(?:tabellen)?zeilen|(?:table )?rows|datensätze|records",
    "items": r"(?:listen)?einträge|(?:list )?items|(?:stich|aufzählungs)?punkte|bullet points",
    "headings": r"kapitel|überschriften|chapters|headings",
    "tables": r"tabellen|tables",
    "lists": r"listen|lists",
    "texts": r"absätze|paragraphs",
}
_NUMBER = re.compile(
    r"\b(\d{1,7})\s+(?:[a-zäöüß-]+\s+)?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _COUNTED.items())
    + r")\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:höchstens|maximal|bis zu|nicht mehr als|at most|no more than|up to)\s+\Z", re.IGNORECASE
)
_FEWER = re.compile(r"\b(?:weniger als|fewer than|less than)\s+\Z", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:die|der|den|diesen?|dieser|allen?|aller|aus|the|these|those|all|from)\s+\Z",
    re.IGNORECASE,
)
"""Before a number: what is counted is what was handed in, not what is asked for."""
_ARTICLE = (
    r"(?<!aus )(?<!ohne )(?<!from )(?<!without )\b(?:eine[nr]?|a|the|als|in)\s+(?:[a-zäöüß-]+\s+)?"
)
_KINDS = {
    "tables": re.compile(rf"{_ARTICLE}(?:tabelle|table)\b", re.IGNORECASE),
    "lists": re.compile(rf"{_ARTICLE}(?:liste|list|aufzählung)\b", re.IGNORECASE),
}
_QUOTED = re.compile(r"[„\"“»]([^„\"“”«»\n]{2,60})[\"“”«]|(?<!\w)[‚'‘]([^‚'‘’\n]{2,60})['‘’](?!\w)")
_FILE = re.compile(r"\.[A-Za-z]{2,4}\Z")
_SECTION = re.compile(r"\b(?:kapitel|abschnitte?|section|chapter|überschrift|heading)\b", re.I)
_FORM = r"(?:docx|pdf|xlsx|html|md|csv|txt|json|word|excel|markdown)"
_FORMAT = re.compile(
    r"\b(?:als|im format|as|format(?: ist| is)?)[: ]+"
    rf"(?:eine? |an? )?({_FORM}\b(?:(?:,| und| and| oder| or| sowie)+ (?:als |as )?{_FORM}\b)*)"
    r"(?![ -](?:angeh|beilieg|beigef|vorlieg|attached|given))",
    re.IGNORECASE,
)
_ALIASES = {"word": "docx", "excel": "xlsx", "markdown": "md"}
_LANGUAGE = re.compile(r"\b(?:auf|in)\s+(deutsch|englisch|german|english)\b", re.IGNORECASE)
_CODES = {"deutsch": "de", "german": "de", "englisch": "en", "english": "en"}
_NEGATED = re.compile(
    r"\b(?:not|nor|no(?! more than)|without|never|nicht(?! mehr als)|keine?[mnrs]?|ohne|nie)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+")
_FRAME_WORDS = """
    der die das den dem des ein eine einen einem einer es er sie ihn alles everything ist sind
    wird werden soll sollen muss müssen hat haben enthält enthalten umfasst nennt nenne genannt
    erwähnt vorkommen gibt begriff wort mit in im als auf und oder sowie je mindestens
    wenigstens höchstens maximal genau bis zu mehr weniger nicht dokument bericht ergebnis datei
    text tabelle tabellen liste listen kapitel abschnitt abschnitte überschrift überschriften
    heißt namens schreibe erstelle liefere gib the a an it this is are be has have must should
    shall contains contain includes include mentions mention named called titled with as to of
    and or at least most no more than less fewer up exactly term word document report result
    output file format table tables list lists section sections chapter chapters heading
    headings there write written create deliver give rendered geschrieben mentioned
"""
_FRAME = frozenset(_FRAME_WORDS.split())
"""Words around what is counted or named; any other may be a wish that no rule looks at."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in a document, for rules to look at."""

    totals: Mapping[str, int]
    mentions: Mentions
    formats: frozenset[str]
    language: str | None
    asked_format: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of a criterion; `met` is None when none decides it."""

    met: bool | None
    reason: str


def names_in(criterion: str) -> list[str]:
    """Return what a criterion names in quotation marks; names of files are left out."""
    names = (double.strip() or single.strip() for double, single in _QUOTED.findall(criterion))
    return [name for name in names if name and not _FILE.search(name)]


def rule(criterion: str, facts: Facts) -> Ruling:
    """Decide a criterion by what can be counted or looked up; each part of it must hold.

    What holds decides only a criterion that says nothing else; what is negated is left open.
    """
    rulings = [] if _NEGATED.search(_QUOTED.sub(" ", criterion)) else [*_rulings(criterion, facts)]
    if not rulings:
        return Ruling(None, "")
    failed = [ruling for ruling in rulings if not ruling.met]
    reason = "; ".join(ruling.reason for ruling in failed or rulings)
    if failed:
        return Ruling(False, reason)
    return Ruling(None if _says_more(criterion, facts) else True, reason)


def _says_more(criterion: str, facts: Facts) -> bool:
    """Return whether a criterion holds words besides those that rules decide by."""
    rest = _QUOTED.sub(" ", criterion)
    for decided in (_NUMBER, *_KINDS.values()):
        rest = decided.sub(" ", rest)
    if _own_formats(criterion, facts):
        rest = _FORMAT.sub(" ", rest)
    if facts.language is not None:
        rest = _LANGUAGE.sub(" ", rest)
    return any(word not in _FRAME for word in _WORD.findall(rest.casefold()))


def _rulings(criterion: str, facts: Facts) -> Iterator[Ruling]:
    counted = set()
    for found in _NUMBER.finditer(criterion):
        counted.add(found.lastgroup or "")
        if not _GIVEN.search(criterion[: found.start()]):
            yield _count(found, criterion, facts)
    for name, words in _KINDS.items():
        if name not in counted and words.search(criterion):
            count = facts.totals.get(name, 0)
            yield Ruling(count > 0, f"{count} {name} found")
    for name in names_in(criterion):
        yield _named(name, criterion, facts)
    if forms := _own_formats(criterion, facts):
        # Of several formats in one sentence each is a document, or a task, of its own.
        met = bool(facts.formats & forms)
        yield Ruling(met, f"rendered as {', '.join(sorted(facts.formats)) or 'nothing'}")
    if (wished := _LANGUAGE.search(criterion)) is not None and facts.language is not None:
        met = _CODES[wished[1].casefold()] == facts.language
        yield Ruling(met, f"written in {facts.language!r}")


def _own_formats(criterion: str, facts: Facts) -> set[str]:
    """Return the formats a criterion names; none where the document is to be another one."""
    listed = " ".join(found[1] for found in _FORMAT.finditer(criterion)).casefold()
    forms = {_ALIASES.get(form, form) for form in re.findall(rf"\b{_FORM}\b", listed)}
    return forms if facts.asked_format in (None, *forms) else set()


def _count(found: re.Match[str], criterion: str, facts: Facts) -> Ruling:
    name = found.lastgroup or ""
    count, asked = facts.totals.get(name, 0), int(found[1])
    before = criterion[: found.start()]
    if _FEWER.search(before):
        return Ruling(count < asked, f"{count} of fewer than {asked} {name}")
    if _MOST.search(before):
        return Ruling(count <= asked, f"{count} of at most {asked} {name}")
    return Ruling(count >= asked, f"{count} of {asked} {name}")


def _named(name: str, criterion: str, facts: Facts) -> Ruling:
    if _SECTION.search(criterion):
        met = facts.mentions.in_heading(name)
        return Ruling(met, f"{'a' if met else 'no'} heading names {name!r}")
    met = facts.mentions.anywhere(name)
    return Ruling(met, f"{name!r} is {'named' if met else 'named nowhere'}")
