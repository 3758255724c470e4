"""What the simulated model says: it recognises what is asked, and plays that part."""

from __future__ import annotations

from random import Random

from syntx.simulator.answering import write_answer, write_instantly, write_paragraph
from syntx.simulator.dice import dice
from syntx.simulator.documents.playing import play, read_part
from syntx.simulator.drafting import Order, read_order, write_drafts
from syntx.simulator.flaws import choose_flaws
from syntx.simulator.frames import Framed, read_frame
from syntx.simulator.judging import Comparison, compare, read_comparison
from syntx.simulator.landscape import Landscape
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.questions import Question
from syntx.simulator.replies import Reply
from syntx.simulator.traits import read_traits

WRITER = "simulator-writer"


class Mind:
    """A model of one seed; `answered` counts how many framed requests it answered."""

    def __init__(self, options: SimulatorOptions) -> None:
        self._options = options
        self._before = Landscape(options.seed)
        self._after = Landscape(f"{options.seed} after the drift")
        self.answered = 0

    @property
    def landscape(self) -> Landscape:
        """The landscape that holds now."""
        drift = self._options.drift_after
        return self._before if drift is None or self.answered < drift else self._after

    def reply(self, question: Question, occurrence: int) -> tuple[str, Reply]:
        """Return the kind of request it was and the reply.

        Kinds are draft, target, judge, plain and, of document jobs, `role/order`.
        """
        part = read_part(question.conversation)
        if part is not None:
            flawless = self._options.profile == "instant"
            return part.name, play(part, self._options.seed, flawless=flawless)
        chance = dice(self._options.seed, question.whole, occurrence)
        asked = recognise(question)
        if isinstance(asked, Comparison):
            return "judge", Reply(compare(asked))
        if isinstance(asked, Order):
            return "draft", Reply(write_drafts(asked, chance))
        if isinstance(asked, Framed):
            return "target", Reply(self._answer(asked, question, chance))
        return "plain", Reply(write_paragraph(question.text, chance))

    def _answer(self, framed: Framed, question: Question, chance: Random) -> str:
        if self._options.profile == "instant":
            return write_instantly(framed)
        landscape = self.landscape
        self.answered += 1
        quality = landscape.quality(read_traits(framed.prompt), framed.frame, chance)
        flaws = choose_flaws(quality, len(framed.fields), chance)
        return write_answer(framed, flaws, chance, question.max_tokens)


def recognise(question: Question) -> Comparison | Order | Framed | None:
    """Return what is asked for: a judgement, drafts, an answer under headings, or nothing."""
    compared = read_comparison(question.text)
    if compared is not None:
        return compared
    framed = read_frame(question.text)
    if framed is not None and question.model != WRITER:
        return framed
    return read_order(question.text) or framed
