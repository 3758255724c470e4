"""Whatever the documents, the models and their failures: all is read once, in order, in bounds."""

from __future__ import annotations

import asyncio
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.documents.calls.asking import Caller
from consumer.documents.calls.budget import estimated_prompt
from consumer.documents.calls.journal import AnswerJournal
from consumer.documents.calls.models import AiCallOptions, OperationType
from consumer.documents.calls.pipeline import Question, read_parts
from consumer.documents.extraction.models import ContentPart, TypeGroup
from syntx.errors import ContextExceeded, ModelUnavailable, SyntxError
from syntx.llm.catalogue import Endpoint, ModelEntry, Target
from syntx.llm.contract import Answer, Request, Usage

_CONTENT = re.compile(r'<content id="([^"]+)"[^\n]*>\n(.*?)\n</content>', re.DOTALL)
_HEADER = "Name,Wert\n"
_ANSWER = 200

WORDS = st.sampled_from(["Wort ", "Zeile\n", "字", "[[PERSON_1]]", "a1b2", "é", " "])
TEXTS = st.tuples(st.lists(WORDS, max_size=12), st.integers(1, 150)).map(
    lambda drawn: "".join(drawn[0]) * drawn[1]
)
LINES = st.sampled_from(["a,1\n", 'b,"zwei\nZeilen"\n', "c,[[IBAN_2]]\n"])
ROWS = st.tuples(st.lists(LINES, max_size=6), st.integers(1, 100)).map(
    lambda drawn: "".join(drawn[0]) * drawn[1]
)
PARTS = st.lists(
    st.one_of(
        TEXTS.map(lambda text: (TypeGroup.TEXT, text)),
        ROWS.map(lambda rows: (TypeGroup.TABLE, _HEADER + rows)),
    ),
    min_size=1,
    max_size=6,
)
EVENTS = st.lists(
    st.sampled_from(["ok", "ok", "ok", "down", "long", "kill"]), min_size=5, max_size=40
)


@dataclass
class Flaky:
    """A gateway that follows a script of events, and remembers what it answered."""

    events: list[str]
    ratio: float
    read: list[tuple[str, str]] = field(default_factory=list)
    over: list[float] = field(default_factory=list)

    async def ask(self, request: Request) -> Answer:
        """Answer, fail, or die after the answer was given."""
        event = self.events.pop(0) if self.events else "ok"
        if event == "down":
            raise ModelUnavailable("weg")
        if event == "long":
            raise ContextExceeded("zu lang")
        if event == "kill":
            raise KeyboardInterrupt
        size = estimated_prompt(request.messages)
        self.over.append(size * self.ratio + _ANSWER - CONTEXTS[str(request.model)])
        self.read += _CONTENT.findall(request.messages[0].content)
        usage = Usage(int(size * self.ratio), 1)
        return Answer("Befund", str(request.model), "e", usage=usage)


CONTEXTS = {"large": 3000, "small": 1200}
ENDPOINT = Endpoint(
    name="e",
    base_url="https://x.example/v1",
    models=tuple(ModelEntry(name=name, context=size) for name, size in CONTEXTS.items()),
)
CHAIN = tuple(Target(ENDPOINT, entry) for entry in ENDPOINT.models)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARTS, EVENTS, st.floats(0.5, 1.0), st.booleans())
def test_all_is_read_once_in_order_and_in_bounds(
    made: list[tuple[TypeGroup, str]], events: list[str], ratio: float, together: bool
) -> None:
    """Through outages, refusals of length and kills; each piece within its model's context."""
    parts = [
        ContentPart(id=f"d{n % 2}-{n:04d}", label="x", type_group=kind, mime_type="t", data=data)
        for n, (kind, data) in enumerate(made)
    ]
    gateway = Flaky(events, ratio)

    with tempfile.TemporaryDirectory() as folder:
        _until_read(gateway, parts, Path(folder), together)

    expected = parts if together else sorted(parts, key=lambda one: _first(parts, one))
    assert _joined(gateway.read) == {part.id: part.data for part in parts if part.data}
    order = list(dict.fromkeys(id_ for id_, _ in gateway.read))
    assert order == [part.id for part in expected if part.data]
    assert all(over <= 0 for over in gateway.over)


def _first(parts: list[ContentPart], one: ContentPart) -> int:
    """Where the first part of its document that says something stands."""
    documents = [part.id[:2] for part in parts if part.data]
    return documents.index(one.id[:2]) if one.data else len(parts)


def _joined(read: list[tuple[str, str]]) -> dict[str, str]:
    """What was read of each part, repeated headers left out."""
    whole: dict[str, str] = {}
    for id_, text in read:
        header = id_ in whole and text.startswith(_HEADER)
        whole[id_] = whole.get(id_, "") + (text.removeprefix(_HEADER) if header else text)
    return whole


def _until_read(gateway: Flaky, parts: list[ContentPart], folder: Path, together: bool) -> None:
    """Read in one run after the other until one comes to the end."""
    options = AiCallOptions(
        operation_type=OperationType.DATA_ANALYSE,
        compress_context=False,
        process_documents_individually=not together,
    )
    for _ in range(100):
        caller = Caller(gateway, lambda *_: CHAIN, AnswerJournal(folder / "w" / "answers"))
        try:
            asyncio.run(read_parts(caller, parts, Question("Was?", options, max_tokens=_ANSWER)))
        except (SyntxError, KeyboardInterrupt):
            continue
        return
    raise AssertionError("the reading never ended")
