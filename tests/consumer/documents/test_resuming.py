from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from document_work import REMOTE, Heard, Player, Work

from consumer.documents.workflow.folder import JobFolder
from consumer.documents.workflow.progress import Where
from syntx.errors import Permanent, SpoolFull
from syntx.job import Verdict

KINDS = ("start", "finish")
CSV = "Filiale;Umsatz\nKöln;1200\nBonn;900\n".encode()


class Killed(BaseException):
    """The worker dies here."""


class Mortal(Player):
    """A player in whose worker a kill comes while call number `at` is on its way."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    async def ask(self, request: Any) -> Any:
        """Answer, unless this is the call."""
        answer = await super().ask(request)
        if len(self.asked) == self._at:
            raise Killed
        return answer


class Deadly(Heard):
    """Progress in whose worker a kill comes as line number `at` is written."""

    def __init__(self, at: int, state: Path) -> None:
        super().__init__()
        self._at = at
        self._state = state
        self._left: bytes | None = None

    def started(self, where: Where, message: str) -> None:
        """Note it, unless the worker is dead."""
        if self._left is None:
            super().started(where, message)
            self._go_on()

    def finished(self, where: Where, *, success: bool, message: str) -> None:
        """Note it, unless the worker is dead."""
        if self._left is None:
            super().finished(where, success=success, message=message)
            self._go_on()

    def revive(self) -> None:
        """Let the next worker find what the dead one left."""
        assert self._left is not None
        self._state.write_bytes(self._left)
        self._left = None

    def _go_on(self) -> None:
        if len(self.lines) == self._at:
            self._left = self._state.read_bytes()
            raise Killed


def _work(root: Path) -> Work:
    return Work(root, files={"zahlen.csv": CSV}, options={"formats": ["md", "csv"]})


def _results(work: Work) -> dict[str, Any]:
    """Return what was delivered; the record without its times."""
    found: dict[str, Any] = dict(work.outputs)
    record = json.loads(found.pop("workflow.json"))
    for action in record["actions"]:
        del action["started"], action["ended"]
    del record["resting"]
    return {**found, "record": record}


def _told(verdict: Verdict) -> dict[str, Any]:
    return verdict.model_dump(exclude={"settled_at"})


@dataclass(frozen=True)
class Undisturbed:
    """A run that nobody disturbs: what it delivered, its verdict, its number of calls."""

    root: Path
    results: dict[str, Any]
    told: dict[str, Any]
    calls: int

    def copied(self, root: Path) -> Work:
        """Return the finished job in a folder of its own."""
        shutil.copytree(self.root, root)
        return _work(root)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Give a run that nobody disturbs."""
    root = tmp_path_factory.mktemp("undisturbed")
    work, player = _work(root), Player()
    verdict = asyncio.run(work.run(player))
    return Undisturbed(root, _results(work), _told(verdict), len(player.asked))


async def _killed_at_call(root: Path, at: int) -> tuple[Work, Verdict, int]:
    work, mortal, survivor = _work(root), Mortal(at), Player()
    with pytest.raises(Killed):
        await work.run(mortal)
    verdict = await work.run(survivor)
    return work, verdict, len(mortal.asked) + len(survivor.asked)


async def test_a_kill_in_any_call_costs_that_call_and_nothing_else(
    tmp_path: Path, undisturbed: Undisturbed
) -> None:
    """The next run finds the earlier answers; the results are the same to the byte."""
    calls = undisturbed.calls
    for at in (1, calls // 2, calls):
        work, verdict, made = await _killed_at_call(tmp_path / str(at), at)

        assert made == calls + 1
        assert _results(work) == undisturbed.results
        assert _told(verdict) == undisturbed.told


async def test_a_kill_at_any_write_loses_nothing(
    tmp_path: Path, undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the file was in place or not: the next run goes on, and pays for no answer again."""
    write, left = JobFolder.write, [0]

    def mortal(self: JobFolder, file: str, data: bytes, mode: int = 0o600) -> None:
        left[0] -= 1
        if left[0] == 0 and len(data) % 2:
            raise Killed
        write(self, file, data, mode)
        if left[0] <= 0:
            raise Killed

    monkeypatch.setattr(JobFolder, "write", mortal)
    await _assert_nothing_is_lost(tmp_path, undisturbed, left, Killed)


async def test_a_disk_that_refuses_any_one_write_loses_nothing(
    tmp_path: Path, undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error comes out, the state is saved as far as it goes, and the next run goes on."""
    write, left = JobFolder.write, [0]

    def full(self: JobFolder, file: str, data: bytes, mode: int = 0o600) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise SpoolFull("no space left")
        write(self, file, data, mode)

    monkeypatch.setattr(JobFolder, "write", full)
    await _assert_nothing_is_lost(tmp_path, undisturbed, left, SpoolFull)


async def _assert_nothing_is_lost(
    root: Path, undisturbed: Undisturbed, left: list[int], failure: type[BaseException]
) -> None:
    """Run again and again, each time failing at a later write, until the job is done."""
    work, player, failed = _work(root / "failing"), Player(), 0
    for step in range(1, 50):
        left[0] = step
        try:
            verdict = await work.run(player)
            break
        except failure:
            failed += 1

    assert failed > 5
    assert len(player.asked) == undisturbed.calls
    assert _results(work) == undisturbed.results
    assert _told(verdict) == undisturbed.told


async def test_a_finished_job_is_not_worked_again(tmp_path: Path, undisturbed: Undisturbed) -> None:
    """A kill between the delivery and the verdict gives the same verdict again."""
    work, again = undisturbed.copied(tmp_path / "copy"), Player()

    verdict = await work.run(again)

    assert not again.asked
    assert _told(verdict) == undisturbed.told


async def test_a_damaged_state_begins_anew_and_finds_its_answers(
    tmp_path: Path, undisturbed: Undisturbed
) -> None:
    """What was paid for lies apart from the state."""
    work, again = undisturbed.copied(tmp_path / "copy"), Player()
    (work.folder / "workflow/state.json").write_bytes(b'{"id": "half')

    await work.run(again)

    assert not again.asked
    assert _results(work) == undisturbed.results


async def test_a_killed_run_is_told_to_be_over_by_the_next(tmp_path: Path) -> None:
    """A kill leaves no time to tell the end of what had begun."""
    work = _work(tmp_path)
    with pytest.raises(Killed):
        await work.run(Mortal(4))
    state = work.state
    state.resting = False
    (work.folder / "workflow/state.json").write_bytes(state.model_dump_json(by_alias=True).encode())
    told = len(work.heard.lines)

    await work.run(Player())

    ends = [(kind, message) for kind, *_, message in work.heard.lines[told : told + 3]]
    assert ends == [("finish", "interrupted")] * 3


async def test_names_that_are_learned_change_no_question(tmp_path: Path) -> None:
    """Who wrote an attachment is known only after the request was worded."""
    mail = b"From: Xaver Zwirbel <x@example.org>\nSubject: Zahlen\n\nUmsatz 1200\n"

    def work(name: str) -> Work:
        (tmp_path / name).mkdir()
        return Work(
            tmp_path / name,
            request="Schreibe einen Bericht: Umsatz Zwirbel je Filiale.",
            options={"neutralize": True, "title": "Umsatz Zwirbel"},
            files={"mail.eml": mail},
            catalogue=REMOTE,
        )

    calm, player = work("calm"), Player()
    await calm.run(player)
    killed, mortal, survivor = work("killed"), Mortal(3), Player()
    with pytest.raises(Killed):
        await killed.run(mortal)
    await killed.run(survivor)

    assert len(mortal.asked) + len(survivor.asked) == len(player.asked) + 1
    assert _results(killed) == _results(calm)


@pytest.mark.parametrize("at", [2, 4])
async def test_every_start_has_its_finish_wherever_a_kill_comes(tmp_path: Path, at: int) -> None:
    """Also where the plan or a task has only just begun: the next run tells the end."""
    work = _work(tmp_path)
    work.heard = heard = Deadly(at, work.folder / "workflow/state.json")
    with pytest.raises(Killed):
        await work.run(Player())
    heard.revive()
    await work.run(Player())

    told = {kind: [one[1] for one in heard.lines if one[0] == kind] for kind in KINDS}
    assert not Counter(told["start"]) - Counter(told["finish"])


async def test_a_state_that_contradicts_itself_begins_anew(
    tmp_path: Path, undisturbed: Undisturbed
) -> None:
    """Each action has its observation."""
    work, again = undisturbed.copied(tmp_path / "copy"), Player()
    state = work.state.model_copy(update={"observations": [], "finished": False})
    (work.folder / "workflow/state.json").write_bytes(state.model_dump_json(by_alias=True).encode())

    await work.run(again)

    assert not again.asked
    assert _results(work) == undisturbed.results


async def test_a_planted_state_reads_nothing_outside_the_folder(
    tmp_path: Path, undisturbed: Undisturbed
) -> None:
    """Whoever makes a job's folder by hand may write into it what they like."""
    work = undisturbed.copied(tmp_path / "copy")
    (secret := tmp_path / "secret.md").write_text("of another job")
    kept = (place := work.folder / "workflow/state.json").read_bytes()
    for file in (f"../../{secret.name}", str(secret)):
        state = json.loads(kept)
        state["finished"] = False
        for message in state["messages"]:
            for document in message["documents"]:
                document["file"] = file
        place.write_text(json.dumps(state))
        with pytest.raises(Permanent):
            await work.run(Player())
        assert not any(b"of another job" in data for data in work.outputs.values())
