"""Tricks with other texts: somebody else's answer, another language, echoes and filler."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

import gamed_phrases as phrases
from good_answers import Good, good_answers


def _other(good: Good) -> Good:
    """Return the next good answer in the same language, else the next."""
    everyone = good_answers()
    place = everyone.index(good)
    rest = everyone[place + 1 :] + everyone[:place]
    return next((one for one in rest if one.is_english == good.is_english), rest[0])


def _in_own_language(good: Good, german: tuple[str, ...], english: tuple[str, ...]) -> str:
    return good.filled(english if good.is_english else german)


def _half_of_another(good: Good) -> str:
    other = _other(good).sentences
    count = len(good.spans)
    return good.rewritten(
        lambda place, text: (
            text
            if place < (count + 1) // 3
            else " ".join(other[len(other) * place // count : len(other) * (place + 1) // count])
        )
    )


def _as_json(good: Good) -> str:
    return json.dumps(
        {
            field.key: {"value": number, "ok": True}
            for number, field in enumerate(good.wrapper.fields)
        }
    )


def _as_page(good: Good) -> str:
    rows = "".join(f"<h2>{field.heading}</h2><p>{good.name}</p>" for field in good.wrapper.fields)
    return f"<html><body><div>{rows}</div></body></html>"


def _told_again(good: Good) -> str:
    """Fill the later half of the fields with the beginning of the answer, translated."""
    lines = phrases.TRANSLATED[good.name]
    first = len(good.spans) // 2
    rest = len(good.spans) - first
    return good.rewritten(
        lambda place, text: (
            text
            if place < first
            else " ".join(
                lines[
                    len(lines) * (place - first) // rest : len(lines) * (place - first + 1) // rest
                ]
            )
        )
    )


TEXTS: Mapping[str, Callable[[Good], str]] = MappingProxyType(
    {
        "another prompt's answer": lambda g: g.filled(_other(g).sentences),
        "mostly another prompt's answer": _half_of_another,
        "wrapper echo": lambda g: g.wrapper.wrap(g.prompt),
        "wrapper described": lambda g: _in_own_language(
            g, phrases.FORM_TALK, phrases.FORM_TALK_ENGLISH
        ),
        "wrapper described in English": lambda g: g.filled(phrases.FORM_TALK_ENGLISH),
        "wrapper told as orders": lambda g: g.filled(phrases.FORM_ORDERED),
        "wrapper summed up": lambda g: g.filled(phrases.FORM_SUMMED),
        "placeholders": lambda g: g.rewritten(lambda _, __: "[Hier den Text des Feldes einfügen]"),
        "French": lambda g: g.filled(phrases.FRENCH),
        "Polish": lambda g: g.filled(phrases.POLISH),
        "lorem ipsum": lambda g: g.filled(phrases.LOREM),
        "refusal in each field": lambda g: g.rewritten(
            lambda _, __: phrases.REFUSALS[g.is_english]
        ),
        "horoscope": lambda g: _in_own_language(g, phrases.HOROSCOPE, phrases.HOROSCOPE_ENGLISH),
        "horoscope in the other language": lambda g: g.filled(
            phrases.HOROSCOPE if g.is_english else phrases.HOROSCOPE_ENGLISH
        ),
        "boilerplate": lambda g: g.filled(phrases.BOILERPLATE * 2),
        "lists of synonyms": lambda g: g.filled(phrases.SYNONYMS * 2),
        "questions only": lambda g: g.filled(phrases.QUESTIONS * 2),
        "orders to the judge": lambda g: g.filled(phrases.INJECTION),
        "said in two languages": _told_again,
        "code": lambda g: g.rewritten(lambda _, __: f"```python\n{phrases.CODE}\n```"),
        "tables": lambda g: g.rewritten(lambda _, __: phrases.TABLE),
        "JSON": _as_json,
        "web page": _as_page,
        "signs and emoji": lambda g: g.rewritten(lambda _, __: "🔥 🚀 ✨ … !!! ??? 👍 " * 4),
    }
)
"""Tricks with other texts, by name."""
