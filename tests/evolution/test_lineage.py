from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from evolution.evidence import EvidenceStore
from evolution.lineage import lineage
from evolution.rows import Row
from syntx.home import Home
from syntx.job import Job

Make = Callable[..., Job]
Call = Callable[..., Result]


@pytest.fixture
def line(finished_job: Make) -> list[Job]:
    """Give four prompts, each the child of the one before; the last is a cross of two."""
    jobs: list[Job] = []
    for number in range(4):
        parents = tuple(job.id for job in (jobs[-1:] if number < 3 else jobs[-2:]))
        operator = ("fresh", "mutate", "mutate", "cross")[number]
        jobs.append(finished_job(number, generation=number + 1, parents=parents, operator=operator))
    return jobs


def _put(home: Home, state: str, job: Job) -> Path:
    folder = home.root / "queue" / state
    folder = folder / job.day if state in ("processed", "error", "archive") else folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{job.id}.json").write_bytes(job.to_bytes())
    return folder / f"{job.id}.json"


def _told(call: Call, job: Job) -> dict[str, Any]:
    shown = call("lineage", job.id, "--json")
    assert shown.exit_code == 0, shown.output
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def _steps(found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(kin["distance"], kin["id"], kin["state"]) for kin in found]


def _unended(job: Job) -> Job:
    return job.model_copy(update={"verdict": None, "attempts": ()})


def test_a_lineage_reaches_over_all_folders(call: Call, home: Home, line: list[Job]) -> None:
    """Without a producer's store too: archive, error, processed and incoming are walked."""
    for state, job in zip(("archive", "error", "processed"), line[:3], strict=True):
        _put(home, state, job)
    _put(home, "incoming", _unended(line[3]))

    found = _told(call, line[1])

    assert _steps(found["ancestors"]) == [(-1, line[0].id, "archive")]
    assert _steps(found["descendants"]) == [
        (1, line[2].id, "processed"),
        (1, line[3].id, "incoming"),
    ]
    assert found["job"]["state"] == "error"
    assert [kin["operator"] for kin in found["descendants"]] == ["mutate", "cross"]
    assert found["job"]["score"] == 80
    assert found["job"]["outcome"] == "scored"
    assert found["descendants"][1]["outcome"] is None
    assert found["descendants"][1]["score"] is None


def test_a_deleted_parent_keeps_its_place(call: Call, home: Home, line: list[Job]) -> None:
    """A file that is gone is named so; what the producer learned of it is still told."""
    paths = [_put(home, "archive", job) for job in line]
    assert call("evolution", "rebuild").exit_code == 0
    for path in paths[:3]:
        path.unlink()

    found = _told(call, line[3])

    assert _steps(found["ancestors"]) == [
        (-2, line[0].id, "file gone"),
        (-1, line[1].id, "file gone"),
        (-1, line[2].id, "file gone"),
    ]
    assert [kin["generation"] for kin in found["ancestors"]] == [1, 2, 3]
    assert _told(call, line[0])["job"]["state"] == "file gone"


def test_a_parent_nobody_knows_is_named(call: Call, home: Home, line: list[Job]) -> None:
    """A parent that was never learned of, and has no file, does not break the tree."""
    _put(home, "processed", line[1])

    assert _steps(_told(call, line[1])["ancestors"]) == [(-1, line[0].id, "file gone")]
    assert line[0].id in call("lineage", line[0].id).stdout


def test_prompts_that_are_their_own_ancestors_end(call: Call, home: Home, line: list[Job]) -> None:
    """A circle that somebody wrote into the files is walked once."""
    closed = line[0].model_copy(update={"parents": (line[2].id, line[0].id, "../../etc")})
    for job in (closed, *line[1:3]):
        _put(home, "processed", job)

    found = _told(call, line[1])

    names = [kin["id"] for part in ("ancestors", "descendants") for kin in found[part]]
    assert sorted(names) == [line[0].id, line[2].id]


@pytest.mark.parametrize("shape", ["chain", "fan"])
def test_ten_thousand_descendants_are_told(
    tmp_path: Path, row: Callable[..., Row], shape: str
) -> None:
    """A line of ten thousand, or as many children of one, is walked in one go."""
    first = row(0)
    rows = [first]
    for number in range(1, 10_001):
        parent = rows[-1] if shape == "chain" else first
        rows.append(replace(first, job_id=f"job-{number:06}", parents=(parent.job_id,)))
    with EvidenceStore(tmp_path / "evolution.sqlite") as store:
        store.keep_rows(rows)

        found = lineage(store.read, first.job_id)

    assert len(found) == 10_001
    assert found[-1].distance == (10_000 if shape == "chain" else 1)


def test_an_id_is_picked_by_its_beginning_or_file(call: Call, home: Home, line: list[Job]) -> None:
    """What begins more than one ID is refused; a path is taken; nothing is told of strangers."""
    paths = [_put(home, "processed", job) for job in line]

    assert line[0].id in call("lineage", str(paths[0])).stdout
    several = call("lineage", line[0].id[:8])
    assert several.exit_code == 1
    assert "jobs begin so:" in several.stderr
    none = call("lineage", "20010101")
    assert none.exit_code == 1
    assert "there is no job" in none.stderr


def test_looking_changes_nothing(call: Call, home: Home, line: list[Job]) -> None:
    """The store has the same content after a look, also when jobs ended since it was filled."""
    _put(home, "processed", line[0])
    call("evolution", "rebuild")
    store = home.root / "queue" / ".state" / "evolution.sqlite"
    before = store.read_bytes()
    _put(home, "processed", line[1])

    assert len(_told(call, line[0])["descendants"]) == 1
    assert json.loads(call("analyze", "--json").stdout)["scored"]["sample_count"] == 2
    assert store.read_bytes() == before
