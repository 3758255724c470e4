"""Tricks with the shape of an answer: what stands under which heading, how often, how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from good_answers import Good


def _one_rich(good: Good, rest: str) -> str:
    everything = " ".join(good.texts)
    return good.rewritten(lambda place, _: everything if place == 0 else rest)


def _blocks(good: Good) -> list[str]:
    marker = "### " if good.wrapper.marker == "###" else ""
    texts = list(good.texts)
    size = len(texts) // len(good.wrapper.fields)
    return [
        f"{marker}{number}. {field.heading}\n"
        + "\n".join(texts[size * number - size : size * number])
        for number, field in enumerate(good.wrapper.fields, 1)
    ]


def _heading(good: Good, place: int) -> str:
    fields = good.wrapper.fields
    return fields[place * len(fields) // len(good.spans)].heading


def _disguised(text: str, place: int) -> str:
    """Write some letters with Cyrillic look-alikes, others in each field."""
    letters = "aeocpxy"
    alike = dict(zip(letters, "аеосрху", strict=True))
    return "".join(
        alike.get(sign, sign) if (number + place) % 3 == 0 else sign
        for number, sign in enumerate(text)
    )


def _veiled(text: str, place: int) -> str:
    """Put invisible signs into the words, elsewhere in each turn."""
    return "".join(
        f"{sign}\u200b" if sign.isalpha() and (number + place) % 4 == 0 else sign
        for number, sign in enumerate(text)
    )


def _rubbish(seed: str) -> str:
    chance = Random(seed)
    letters = "abcdefghijklmnoprstuvwz"
    return " ".join("".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(3000))


def _looped(text: str, times: int) -> str:
    return " ".join([text] * times)


SHAPES: Mapping[str, Callable[[Good], str]] = MappingProxyType(
    {
        "headings only": lambda g: g.rewritten(lambda _, __: ""),
        "x in each field": lambda g: g.rewritten(lambda _, __: "x"),
        "one rich, rest empty": lambda g: _one_rich(g, ""),
        "one rich, rest one-liners": lambda g: _one_rich(g, "Siehe oben."),
        "fields in reverse order": lambda g: "\n\n".join(reversed(_blocks(g))),
        "each field twice": lambda g: "\n\n".join(block for b in _blocks(g) for block in (b, b)),
        "one text in all fields": lambda g: g.rewritten(lambda _, __: g.texts[0]),
        "looped sentence": lambda g: g.rewritten(lambda _, t: _looped(t.split(". ")[0] + ".", 6)),
        "looped paragraph": lambda g: g.rewritten(lambda _, t: _looped(t, 5)),
        "whole answer looped": lambda g: "\n\n".join([g.answer] * 4),
        "last field looped": lambda g: g.answer + f" {g.texts[-1]}" * 12,
        "cut in a sentence": lambda g: g.answer[: g.spans[-1][1] - len(g.texts[-1]) // 2 - 3],
        "three words in each field": lambda g: g.rewritten(
            lambda _, t: " ".join(t.split()[:3]) + "."
        ),
        "heading restated": lambda g: g.rewritten(
            lambda p, _: f"{_heading(g, p)}: {_heading(g, p)}."
        ),
        "as above": lambda g: g.rewritten(
            lambda p, t: t if p == 0 else "Siehe den vorigen Abschnitt."
        ),
        "said twice, in other signs": lambda g: g.rewritten(lambda p, _: _disguised(g.texts[0], p)),
        "looped, with invisible signs": lambda g: g.rewritten(
            lambda _, t: " ".join(_veiled(t.split(". ")[0] + ".", n) for n in range(6))
        ),
        "trailing rubbish": lambda g: f"{g.answer}\n\n---\n\n{_rubbish(g.name)}",
        "rubbish in the last field": lambda g: f"{g.answer} {_rubbish(g.name)}",
        "cut after half the fields": lambda g: g.answer[: g.spans[(len(g.spans) - 1) // 2][1]],
    }
)  # fmt: skip
"""Tricks with shape, by name."""
