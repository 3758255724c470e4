"""Form is not quality: however headings and lines are written, fields and score stay."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from good_answers import Good, good_answers
from hypothesis import given, settings
from hypothesis import strategies as st

from consumer.prompts.parsing import parse
from consumer.prompts.scoring.total import score

MARKS = ("", "{n}. ", "{n}) ", "({n}) ", "## ", "### ", "### {n}. ", "- ", "* ", "* {n}. ", "> ")
SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, str.title)
ENDS = ("\n", ":\n", ": ", " - ", "\n\n", " (AB)\n", " (AB): ", " \n")
SIGMAS = ("Σ-", "Sigma-", "σ-", "")
SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
LETTERS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.translate(SPELLED),
    lambda text: unicodedata.normalize("NFD", text),
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Good, str]:
    """Write a good answer in some form."""
    good = draw(st.sampled_from(good_answers()))
    mark, spell = draw(st.sampled_from(MARKS)), draw(st.sampled_from(SPELLINGS))
    bold, end = draw(st.sampled_from(["", "**", "__"])), draw(st.sampled_from(ENDS))
    if good.wrapper.fields[0].parts:
        mark, end = draw(st.sampled_from(["### ", "### {n}. "])), "\n"
    blocks = []
    texts = {field.key: field.text for field in parse(good.answer, good.wrapper.fields).fields}
    translated = draw(st.booleans())
    for number, field in enumerate(good.wrapper.fields, 1):
        names = [field.heading, *field.aliases] if translated else [field.heading]
        name = spell(draw(st.sampled_from(names)).replace("Σ-", draw(st.sampled_from(SIGMAS))))
        blocks.append(f"{mark.format(n=number)}{bold}{name}{bold}{end}{texts[field.key]}")
    answer = draw(st.sampled_from(["\n\n", "\n", "\n\n\n\n"])).join(blocks)
    own = "Kalibrierung" in good.answer  # alone on a line it would then be a heading
    stray = "" if own else "\nKalibrierung"
    answer += draw(st.sampled_from(["", stray, " Kalibrierung", " Kalibrierung.", "\n\n  \n"]))
    answer = draw(st.sampled_from(LETTERS))(answer)
    newline = draw(st.sampled_from(["\n", "\r\n", "  \n"]))
    return good, answer.replace("\n", newline)


@settings(max_examples=120, deadline=None)
@given(forms())
def test_fields_and_score_do_not_depend_on_the_form(written: tuple[Good, str]) -> None:
    """Marks, bold, case, umlauts, aliases, gaps and line ends change the score by two at most."""
    good, answer = written

    plain = score(good.answer, good.wrapper, good.prompt)
    formed = score(answer, good.wrapper, good.prompt)

    assert formed.fields == plain.fields
    assert abs(formed.total - plain.total) <= 2
