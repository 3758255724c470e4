"""Answers on disk: whole, private, never through a link, and found or told missing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from consumer.documents.calls.journal import AnswerJournal, Kept, Place, key_of
from consumer.documents.failing import NotPlain
from syntx.errors import SpoolError
from syntx.llm.contract import Answer, CallLimits, Try, Usage

ANSWER = Answer(
    "Grüße 😀\x00\u2028",
    "m",
    "e",
    finish_reason="length",
    usage=Usage(10, None),
    cost=0.1,
    input_cost=0.05,
    duration=1.5,
    limits=CallLimits(max_tokens=100, temperature=0.2),
    session_id="s",
    tries=(Try("timeout", "zu spät", 1.0),),
)
KEPT = Kept(Place(1, 2, 3), "analyse", 7, ANSWER, {"then": {"part": 1}})
KEY = key_of(Place(1, 2, 3), 0, {"a": "b"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where answers are kept."""
    return tmp_path / "workflow" / "answers"


def test_an_answer_comes_back_as_it_was(folder: Path) -> None:
    """With all it took, its place and its note; only `replayed` tells that it is kept."""
    AnswerJournal(folder).keep(KEY, KEPT)

    found = AnswerJournal(folder).find(KEY)

    assert found is not None
    assert found.answer.replayed
    assert (found.place, found.number, found.note) == (Place(1, 2, 3), 7, {"then": {"part": 1}})
    assert repr(found.answer).replace("replayed=True", "replayed=False") == repr(ANSWER)


def test_only_the_service_can_read_answers(folder: Path) -> None:
    """Folders are 0700, files 0600, whatever the umask."""
    old = os.umask(0)
    try:
        AnswerJournal(folder).keep(KEY, KEPT)
    finally:
        os.umask(old)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder.parent, folder)]
    assert modes == [0o700, 0o700]
    assert stat.S_IMODE((folder / f"{KEY}.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"{", b'{"answer": 1}', b"\xff\xfe", b"null"])
def test_a_damaged_answer_is_none_and_told(folder: Path, damage: bytes) -> None:
    """It is asked for again, and takes its place."""
    journal = AnswerJournal(folder)
    journal.keep(KEY, KEPT)
    (folder / f"{KEY}.json").write_bytes(damage)

    with capture_logs() as logs:
        assert journal.find(KEY) is None
        assert journal.everything() == []
    assert {line["event"] for line in logs} == {"kept_answer_damaged"}

    journal.keep(KEY, KEPT)
    assert journal.find(KEY) is not None


def test_what_a_crash_left_half_written_is_no_answer(folder: Path) -> None:
    """It is neither found nor in the way."""
    journal = AnswerJournal(folder)
    folder.mkdir(parents=True)
    (folder / f".{KEY}.json.tmp").write_bytes(b'{"half')

    assert journal.find(KEY) is None
    assert journal.everything() == []
    journal.keep(KEY, KEPT)
    assert [path.name for path in folder.iterdir()] == [f"{KEY}.json"]


def test_a_linked_answer_is_none(folder: Path, tmp_path: Path) -> None:
    """A link is replaced, and what it points to is left alone."""
    folder.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text("fremd")
    (folder / f"{KEY}.json").symlink_to(elsewhere)
    (folder / f".{KEY}.json.tmp").symlink_to(elsewhere)
    journal = AnswerJournal(folder)

    assert journal.find(KEY) is None
    journal.keep(KEY, KEPT)

    assert elsewhere.read_text() == "fremd"
    assert journal.find(KEY) is not None


@pytest.mark.parametrize("linked", ["workflow", "workflow/answers"])
def test_a_linked_folder_ends_the_job_and_not_the_service(
    folder: Path, tmp_path: Path, linked: str
) -> None:
    """Nothing is written where a link points."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "answers").mkdir(parents=True)
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(elsewhere)

    with pytest.raises(NotPlain):
        AnswerJournal(folder).keep(KEY, KEPT)
    assert list((elsewhere / "answers").iterdir()) == []


def test_a_fifo_does_not_hold_the_service_up(folder: Path) -> None:
    """It is no answer."""
    folder.mkdir(parents=True)
    os.mkfifo(folder / f"{KEY}.json")

    assert AnswerJournal(folder).find(KEY) is None


def test_answers_come_in_the_order_they_were_given(folder: Path) -> None:
    """Whatever their files are called."""
    journal = AnswerJournal(folder)
    for number in (3, 1, 2):
        key = key_of(Place(), number, {})
        journal.keep(key, Kept(Place(), "plan", number, ANSWER))

    assert [kept.number for kept in journal.everything()] == [1, 2, 3]


def test_a_key_depends_on_the_place_and_on_nothing_that_changes() -> None:
    """The order of a mapping is nothing; place, occurrence and content are something."""
    keys = {
        key_of(Place(1, 1, 1), 0, {"a": 1, "b": 2}),
        key_of(Place(1, 1, 2), 0, {"a": 1, "b": 2}),
        key_of(Place(1, 1, 1), 1, {"a": 1, "b": 2}),
        key_of(Place(1, 1, 1), 0, {"a": 1, "b": "\ud83d"}),
    }

    assert len(keys) == 4
    assert key_of(Place(1, 1, 1), 0, {"b": 2, "a": 1}) in keys


def test_a_folder_that_went_away_is_not_made_anew(folder: Path) -> None:
    """A thread may outlive its run; the job lies elsewhere then."""
    gone = folder.parent / "gone" / "workflow" / "answers"

    with pytest.raises(SpoolError):
        AnswerJournal(gone).keep(KEY, KEPT)

    assert not folder.parent.exists()
