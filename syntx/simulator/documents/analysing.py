"""Playing the analyst: findings made of the content's own sentences, numbers and columns."""

from __future__ import annotations

import re
from random import Random

from syntx.simulator.documents.asked import Asked
from syntx.simulator.documents.contents import Part, read_parts, written
from syntx.simulator.documents.tongues import THOUGHTS, Tongue, tongue_for
from syntx.simulator.traits import subject_words

SENTENCES_PER_PART = 6
_PLACEHOLDER = re.compile(r"\[\[[A-Z_]+_\d+\]\]")


def analyse(asked: Asked) -> str:
    """Return the findings of all parts, one a line."""
    tongue = tongue_for(asked.wish("language"), asked.request)
    parts = read_parts(asked)
    found = [finding for part in parts for finding in findings(part, tongue)]
    return "\n".join(f"- {finding}" for finding in found) or tongue.nothing


def answer(asked: Asked, chance: Random) -> str:
    """Return prose about a request, and what the content says to it."""
    tongue = tongue_for(asked.wish("language"), asked.request)
    subject = subject_of(asked.request, tongue)
    thoughts = chance.sample(THOUGHTS[tongue.code], 2)
    said = [tongue.bare.format(subject=subject, thought=thought) for thought in thoughts]
    facts = [finding for part in read_parts(asked) for finding in findings(part, tongue)]
    return "\n\n".join([" ".join(said), *facts[:8], tongue.closing.format(subject=subject)])


def findings(part: Part, tongue: Tongue) -> list[str]:
    """Return what a part states: of a table its size and sums, of a text what has numbers first."""
    table = part.table()
    if table is not None:
        columns = ", ".join(table.headers)
        said = [tongue.rows.format(label=part.name, count=len(table.rows), columns=columns)]
        return said + [
            tongue.total.format(label=part.name, column=column, total=written(total))
            for column, total in table.sums()
        ]
    sentences = part.sentences()
    telling = sorted(sentences, key=lambda sentence: not any(map(str.isdigit, sentence)))
    chosen = set(telling[:SENTENCES_PER_PART])
    said = list(dict.fromkeys(sentence for sentence in sentences if sentence in chosen))
    numbers = part.numbers()
    if numbers:
        said.append(tongue.numbers.format(label=part.name, numbers=", ".join(numbers[:12])))
    return said


def subject_of(request: str, tongue: Tongue) -> str:
    """Return what a request is about, in at most four of its words."""
    words = subject_words(_PLACEHOLDER.sub(" ", request))
    return ", ".join(words[:4]) or tongue.title
