"""What people drop is taken whole, once, with its metadata, or refused with a reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syntx.ids import new_id
from syntx.job import Verdict
from syntx.spool.files import FileSpool

Claim = Callable[[FileSpool], Any]


async def test_a_bare_prompt_becomes_a_job(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """It is claimed once, and nothing of it stays in incoming."""
    yard.drop("a.txt", "Frage")

    claim = await settle(spool)

    assert claim.job.prompt == "Frage"
    assert yard.names("incoming") == []
    assert await settle(spool) is None


async def test_a_dropped_prompt_can_be_settled(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """From intake on it is a job like any other."""
    yard.drop("a.txt", "Frage")
    claim = await settle(spool)

    await spool.release(claim)
    again = await spool.claim()
    assert again is not None
    await spool.settle(again, Verdict(outcome="passed"), yard.attempt())

    assert await spool.locate(claim.job.id) == "processed"


async def test_a_file_that_still_changes_is_left_alone(yard: Any, spool: FileSpool) -> None:
    """Every change starts the quiet time anew."""
    path = yard.drop("a.txt", "Er")
    assert await spool.claim() is None
    yard.clock.turn(1.9)
    path.write_text("Erste Hälfte")
    assert await spool.claim() is None
    yard.clock.turn(1.9)

    assert await spool.claim() is None
    yard.clock.turn(0.2)
    claim = await spool.claim()

    assert claim is not None
    assert claim.job.prompt == "Erste Hälfte"


async def test_a_file_that_is_open_for_writing_is_left_alone(yard: Any, spool: FileSpool) -> None:
    """However long its writer pauses, the first half is never taken for the whole."""
    with (yard.root / "incoming" / "a.txt").open("w") as writer:
        writer.write("erste ")
        writer.flush()
        for _ in range(5):
            yard.clock.turn(10)
            assert await spool.claim() is None
        writer.write("zweite")
    yard.clock.turn(10)
    assert await spool.claim() is None
    yard.clock.turn(10)
    claim = await spool.claim()

    assert claim is not None
    assert claim.job.prompt == "erste zweite"


async def test_a_pair_is_one_job(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """The metadata beside a prompt goes with it."""
    yard.drop("a.json", '{"topic": "T", "x": 1}')
    yard.drop("a.txt", "Frage")

    claim = await settle(spool)

    assert (claim.job.recipe.topic, claim.job.metadata["x"]) == ("T", 1)
    assert await settle(spool) is None
    assert yard.names("error") == []


async def test_a_prompt_waits_for_its_sidecar(yard: Any, spool: FileSpool) -> None:
    """While the metadata is being written the prompt is not taken without it."""
    yard.drop("a.txt", "Frage")
    assert await spool.claim() is None
    yard.clock.turn(1.5)
    sidecar = yard.drop("a.json", '{"topic"')
    assert await spool.claim() is None
    yard.clock.turn(1.0)
    assert await spool.claim() is None
    sidecar.write_text('{"topic": "T"}')
    assert await spool.claim() is None
    yard.clock.turn(2.1)
    claim = await spool.claim()

    assert claim is not None
    assert claim.job.recipe.topic == "T"


async def test_a_sidecar_waits_for_its_prompt(yard: Any, spool: FileSpool) -> None:
    """A lone .json may be the first half of a pair, so it is not judged at once."""
    yard.drop("a.json", '{"topic": "T"}')
    assert await spool.claim() is None
    yard.clock.turn(1.0)
    yard.drop("a.txt", "Frage")
    assert await spool.claim() is None
    yard.clock.turn(2.1)
    claim = await spool.claim()

    assert claim is not None
    assert claim.job.recipe.topic == "T"


async def test_an_envelope_keeps_its_id(yard: Any, spool: FileSpool, settle: Claim) -> None:
    """A job written by hand is known under the ID it was given."""
    job = yard.job(prompt="Frage", models=("m",))
    yard.drop("mine.json", job.to_bytes())

    claim = await settle(spool)

    assert (claim.job.id, claim.job.models) == (job.id, ("m",))
    assert claim.job.source == "dropped"


async def test_an_envelope_of_a_known_id_gets_another(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """A copy of a job that ended is a new job, its old verdict history."""
    ended = await yard.ended(spool)
    shutil.copy(next(yard.root.glob("processed/*/*.json")), yard.root / "incoming" / "copy.json")

    claim = await settle(spool)

    assert claim.job.id != ended.id
    assert claim.job.verdict is None
    assert claim.job.metadata["dropped_verdict"]["outcome"] == "passed"


async def test_an_entry_moved_back_by_hand_runs_anew(yard: Any, spool: FileSpool) -> None:
    """Its old verdict stands in the history and cannot come back."""
    ended = await yard.ended(spool, outcome="failed", reason="timeout")
    (path,) = yard.root.glob("error/*/*.json")
    path.rename(yard.root / "incoming" / path.name)
    yard.clock.turn(3)

    claim = await spool.claim()

    assert claim is not None
    assert (claim.job.id, claim.job.verdict) == (ended.id, None)
    assert claim.job.metadata["earlier_verdicts"][0]["reason"] == "timeout"
    await spool.release(claim)
    assert b'"verdict":null' in (yard.root / "incoming" / path.name).read_bytes()


@pytest.mark.parametrize("name", [".a.txt", "a.txt~", "a.txt.part", "a.tmp", ".a.txt.swp"])
async def test_files_in_the_making_are_ignored(
    yard: Any, spool: FileSpool, settle: Claim, name: str
) -> None:
    """They stay where they are until they are renamed."""
    path = yard.drop(name, "Frage")
    assert await settle(spool) is None
    assert path.exists()

    path.rename(path.with_name("a.txt"))

    assert (await settle(spool)).job.prompt == "Frage"


async def test_an_answer_beside_its_prompt_is_never_a_prompt(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """The prompt is taken; the answer is refused only after it, and kept."""
    yard.drop("a.txt", "Frage")
    yard.drop("a_response.txt", "Antwort")

    claim = await settle(spool)

    assert claim.job.prompt == "Frage"
    assert await settle(spool) is None
    assert [details["reason"] for _, details in yard.events] == ["answer"]


async def test_dropped_files_are_taken_in_the_order_of_their_older_names(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """The time in the name decides, not the time of the copy."""
    for second in (3, 1, 2):
        yard.drop(f"20251126_02085{second}_303031__topic_x__style_y.txt", str(second))

    claims = [await settle(spool) for _ in range(3)]

    assert [claim.job.prompt for claim in claims] == ["1", "2", "3"]


async def test_an_older_job_goes_before_a_dropped_file(
    yard: Any, spool: FileSpool, settle: Claim
) -> None:
    """Dropping a file is no way past the queue."""
    await spool.submit([yard.job(id=new_id(at=yard.clock.now.replace(year=2020)))])
    yard.drop("a.txt", "Frage")
    assert await spool.claim() is not None

    claim = await settle(spool)

    assert claim.job.prompt == "Frage"


async def test_the_real_prompts_are_taken_as_pairs(
    yard: Any, spool: FileSpool, settle: Claim, real_records: Path
) -> None:
    """Every real prompt becomes one job with its topic, and no answer becomes a prompt."""
    source = real_records / "jobs" / "processed"
    names = [path.name for path in source.iterdir()]
    for name in names:
        shutil.copy(source / name, yard.root / "incoming" / name)
    prompts = [n for n in names if n.endswith(".txt") and not n.endswith("_response.txt")]
    jobs = []
    while (claim := await settle(spool)) is not None:
        jobs.append(claim.job)

    assert sorted(job.metadata["dropped_name"] for job in jobs) == sorted(prompts)
    for job in jobs:
        name = job.metadata["dropped_name"]
        wanted = json.loads((source / name).with_suffix(".json").read_text())
        assert job.prompt == (source / name).read_bytes().decode()
        assert job.recipe.topic == wanted["topic"]
