"""The gate against answers that only repeat or describe their wrapper."""

from __future__ import annotations

import re

from consumer.prompts.scoring.part import Material, Part, wrapper_words
from consumer.prompts.scoring.words import ramp, sentences, stems, words

_LEAST = 0.3
_ABOUT_THE_FORM = re.compile(
    r"output[- ]?formats?\b|ausgabe-?format|meta-?prompt|\{\{|lorem ipsum|"
    r"\b(?:dieser|diesem) (?:abschnitt|begriff|feld) (?:beschreib|bezieh|geht|steh|wird)|"
    r"\bthis (?:term|section|field|component) (?:is|refers|does|describes|should)|"
    r"\bhier (?:steht|stehen|kommt|folgt|einfügen)\b|\b(?:todo|tbd|n/a)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"[-*•\"„“\s]*(?:beschreib|erklär|erläuter|nenn|analysier|identifizier|bestimm|untersuch|benenn|"
    r"formulier|schreib|sag|zeig|definier|liste|gib|describe|explain|identify|analy[sz]e|name|state|"
    r"write|list|say|define|determine)(?:e|en sie|s|t)?\b",
    re.IGNORECASE,
)
_PART_OF_IT = (
    r"(?:teil|abschnitt|feld|punkt|schritt|ebene|begriff|überschrift|part|section|field|step|"
    r"component|layer|block|term|heading|category|level|paragraph|stage)"
)
_DESCRIPTION = re.compile(
    r"[-*•\"„“\s]*(?:"
    # "This section names ...", "In diesem Abschnitt geht es ..."
    rf"(?:in |unter )?(?:dies\w+|this|the|each|der|das|im|hier in dem) (?:\w+ )?{_PART_OF_IT}\b|"
    # "Hier beschreibst du, ob ...", "Hier soll stehen ..."
    r"(?:hier|dabei|danach|dann|nun|zuletzt|(?:an dieser|als nächste[sn]?) \w+|zum \w+) "
    r"(?:(?:be|er|um)?\w{2,12} (?:du|man|ihr|ich|wir|sie),? (?:\w+,? ){0,6}?"
    r"(?:ob|was|wie|welche\w*|wo\w*|wer|die|den|das)\b|(?:soll|muss|kann|darf)(?:st|t|en|te)?\b|"
    r"(?:wird|werden)\b[^.]{0,90}(?:beschrieben|genannt|untersucht|erklärt|benannt|dargelegt|"
    r"eingeschätzt|gezeigt|analysiert|aufgezählt|bewertet))|"
    r"hier (?:geht|dreht) es sich? ?(?:darum|um)\b|here (?:you|we|i)\b|es soll\b|"
    # "Assesses how ...", "Identification of ..."
    r"(?:identifies|assesses|considers|describes|examines|outlines|provides|refers|focus(?:es|ing)|"
    r"represents|indicates|looks at|captures|measures|specifies|summari[sz]es|evaluates|explores|"
    r"highlights|reveals|addresses|asks|pertains|concerns|covers|tells|deals|shows|gives|reflects|"
    r"(?:identification|description|explanation|assessment|evaluation|identifizierung|"
    r"identifikation|beschreibung|bestimmung|darstellung|einschätzung|angabe|benennung|bewertung) "
    r"(?:of|der|des|von|eines|einer|wie|ob|how|whether)|bezeichnet|benennt|beschreibt|gibt an|"
    r"erfasst|misst|schätzt|fragt)\b)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{2,80}\]|<[^<>\n]{2,80}>|\.{3,}|…|_{3,}")


def no_echo(material: Material) -> Part:
    """Lower the score of an answer made of its wrapper's words, of orders or of placeholders."""
    texts = material.texts
    if not texts:
        return Part(1.0, "there is nothing to compare with the wrapper")
    copied = _copied(material)
    formal = sum(_is_form(text) for text in texts.values()) / len(texts)
    value = min(ramp(copied, 0.8, 0.5), ramp(formal, 0.5, 0.2))
    reason = f"{copied:.0%} are the wrapper's words, {formal:.0%} of the fields describe the form"
    measures = {"wrapper_share": round(copied, 3), "form_share": round(formal, 3)}
    return Part(_LEAST + (1 - _LEAST) * value, reason, measures)


def _copied(material: Material) -> float:
    """Return the share of what the fields say that the wrapper said before them."""
    given = wrapper_words(material.wrapper.text)
    shingles = set(zip(given, given[1:], given[2:], strict=False))
    found = material.body_words
    runs = set(zip(found, found[1:], found[2:], strict=False))
    by_run = len(runs & shingles) / len(runs) if runs else 0.0
    used = stems(found) - stems(material.prompt_words)
    by_word = len(used & stems(given)) / len(used) if len(used) >= 5 else 0.0
    return max(by_run, by_word)


def _is_form(text: str) -> bool:
    """Whether a field holds a description, orders, questions or gaps in place of an answer."""
    lines = sentences(text)
    if _ABOUT_THE_FORM.search(text):
        return True
    orders = sum((_ORDER.match(line) or _DESCRIPTION.match(line)) is not None for line in lines)
    asks = text.count("?")
    if lines and (orders * 2 > len(lines) or asks * 3 > 2 * len(lines)):
        return True
    gaps = _PLACEHOLDER.findall(text)
    return bool(gaps) and len(stems(words(_PLACEHOLDER.sub(" ", text)))) < 4
