"""Playing the target: an answer under the headings of the frame, about the prompt."""

from __future__ import annotations

from random import Random

from syntx.simulator.domains import DOMAINS
from syntx.simulator.flaws import Flaws
from syntx.simulator.frames import Framed, Section
from syntx.simulator.phrases import HOLLOW_SENTENCES, SENTENCES, SLIGHT_SENTENCES
from syntx.simulator.replies import CHARACTERS_PER_TOKEN
from syntx.simulator.speaking import Deck, Speaker, Subject
from syntx.simulator.traits import category_of, fragments, subject_words

CHARACTERS_PER_WORD = 7.5
ASTRAY = ("Wetter", "Fußball", "Kaffee", "Steuererklärung", "Parkplatz", "Zahnarzt", "Lotterie")
CHAT = "Ich hoffe, das hilft dir weiter! Sag gern Bescheid, wenn du noch mehr wissen möchtest."

Written = list[tuple[Section, str]]
"""A field as written: each of its headings with the text below it."""


class Voice:
    """Says new sentences about a subject, rich ones and empty ones, none of them twice."""

    def __init__(self, speaker: Speaker, chance: Random) -> None:
        self._speaker = speaker
        self._rich = Deck(SENTENCES, chance)
        self._slight = Deck(SLIGHT_SENTENCES, chance)
        self._hollow = Deck(HOLLOW_SENTENCES, chance)

    def rich(self, words: int) -> str:
        """Return sentences of at least so many words together, each full of new ones."""
        said: list[str] = []
        length = 0
        while length < words:
            sentence = self._rich.deal()
            if self._speaker.can_say(sentence):
                said.append(self._speaker.say(sentence))
                length += len(said[-1].split())
        return " ".join(said)

    def thin(self, new_words: int, empty: int = 1) -> str:
        """Return sentences of one new word each, and so many with none."""
        decks = [self._slight] * new_words + [self._hollow] * empty
        return " ".join(self._speaker.say(deck.deal()) for deck in decks)


def write_answer(framed: Framed, flaws: Flaws, chance: Random, max_tokens: int | None) -> str:
    """Return an answer with the given flaws; a flawless one fills every section freshly."""
    voice = _voice(framed.prompt, chance, frame=framed.text, astray=flaws.astray)
    fields = framed.fields
    thin = set(chance.sample(range(len(fields)), round(flaws.thin * len(fields))))
    words = _words_per_section(framed, max_tokens)
    written = []
    for place, field in enumerate(fields):
        if flaws.echo and chance.random() < 0.8:
            written.append([(section, section.instruction) for section in field])
        elif place in thin:
            written.append(_thin_field(field, voice, flaws.words))
        else:
            written.append(_rich_field(field, voice, words))
    return _joined(_disordered(written, flaws, chance), flaws)


def write_instantly(framed: Framed) -> str:
    """Return the smallest sensible answer: one sentence of the prompt's words per section."""
    words = " ".join(framed.prompt.split()[:12])
    return "\n\n".join(
        f"{section.heading}\nTeil {number} der Antwort handelt von {words}."
        for number, section in enumerate(framed.sections, 1)
    )


def write_paragraph(text: str, chance: Random) -> str:
    """Return a short paragraph about a text that asks for nothing in particular."""
    return _voice(text, chance).rich(30)


def _voice(prompt: str, chance: Random, *, frame: str = "", astray: bool = False) -> Voice:
    category = category_of(prompt)
    if astray:
        elsewhere = chance.choice([name for name in DOMAINS if name != category])
        return Voice(Speaker(Subject(elsewhere, ASTRAY), chance), chance)
    words = subject_words(prompt) or ("alledem",)
    before = f"{frame} {prompt}"
    return Voice(Speaker(Subject(category, words, fragments(prompt), before), chance), chance)


def _words_per_section(framed: Framed, max_tokens: int | None) -> int:
    """Return how many words fit under each heading that holds text."""
    count = sum(len(_leaves(field)) for field in framed.fields)
    wished = 56 if count <= 3 else 34 if count <= 8 else 22
    if max_tokens is None:
        return wished
    room = 0.8 * max_tokens * CHARACTERS_PER_TOKEN / CHARACTERS_PER_WORD
    return min(wished, max(5, int(room / count) - 10))


def _leaves(field: tuple[Section, ...]) -> tuple[Section, ...]:
    return field[1:] or field


def _rich_field(field: tuple[Section, ...], voice: Voice, words: int) -> Written:
    leaves = _leaves(field)
    return [(section, voice.rich(words) if section in leaves else "") for section in field]


def _thin_field(field: tuple[Section, ...], voice: Voice, new_words: int) -> Written:
    first, *others = _leaves(field)
    start = voice.thin(new_words, empty=1 if new_words or others else 2)
    said = [(first, start), *((section, voice.thin(0)) for section in others)]
    return said if first is field[0] else [(field[0], ""), *said]


def _disordered(written: list[Written], flaws: Flaws, chance: Random) -> list[Written]:
    fields = list(written)
    if flaws.repeated and not flaws.thin:
        place = chance.randrange(1, len(fields))
        section, text = fields[place][-1]
        said_before = fields[place - 1][-1][1].split(". ")[0].rstrip(".")
        fields[place] = [*fields[place][:-1], (section, f"{text} {said_before}.")]
    if flaws.dropped:
        del fields[chance.randrange(len(fields))]
    if flaws.swapped and len(fields) > 1:
        place = chance.randrange(len(fields) - 1)
        fields[place : place + 2] = fields[place + 1], fields[place]
    return fields


def _joined(fields: list[Written], flaws: Flaws) -> str:
    answer = "\n\n".join(
        f"{section.heading}\n{text}".rstrip() for field in fields for section, text in field
    )
    return f"{answer}\n\n{CHAT}" if flaws.chatty else answer
