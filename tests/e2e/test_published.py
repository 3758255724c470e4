"""What a home that worked prints and logs is what the schemas say, to the last key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from syntx.cli import cli
from syntx.commands.shell.describing import schema_of
from syntx.commands.shell.published import SCHEMAS
from syntx.home import Home
from syntx.journal.records import RECORDS
from syntx.shipped.laying_out import lay_out
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

DEAD = {"base_url": "http://127.0.0.1:9/v1", "models": [{"name": "dead"}]}
QUICK = {"settle_seconds": 0, "max_attempts": 1, "poll_seconds": 0.1}


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(SCHEMAS[name]))


class Worked:
    """A home in which prompts, a document, failures and an operator have been."""

    def __init__(self, home: Home, url: str) -> None:
        self.home = home
        self._url = url

    def call(self, *arguments: str) -> Result:
        """Call a command in the home, with the simulator there."""
        return CliRunner(env={"SYNTX_SIMULATOR_URL": self._url}).invoke(
            cli, ["--home", str(self.home.root), *arguments]
        )

    def checked(self, name: str, *arguments: str) -> Any:
        """Call a command and return its JSON, which must fit the schema of that name."""
        done = self.call(*arguments)
        assert done.stdout, (arguments, done.stderr, done.exception)
        data = json.loads(done.stdout)
        _validator(name).validate(data)
        return data

    def jobs(self, state: str) -> list[str]:
        """Return the IDs of the jobs that lie in a state with days, in order."""
        found = (self.home.root / "queue" / state).glob("*/*")
        return sorted(path.name.removesuffix(".json") for path in found)


def _configure(home: Home) -> None:
    (home.config / "queue.yaml").write_text(yaml.safe_dump(QUICK))
    system = home.config / "system.yaml"
    data = yaml.safe_load(system.read_text()) or {}
    data["gateway"] = {**(data.get("gateway") or {}), "max_tries": 1, "cool_down": 0}
    data["consumer"] = {**(data.get("consumer") or {}), "samples": 2}
    system.write_text(yaml.safe_dump(data))
    (home.models / "dead.yaml").write_text(yaml.safe_dump(DEAD))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """Give a home after two generations, a document, a dropped file, failures and a retry."""
    root = tmp_path_factory.mktemp("published")
    lay_out(root / "home")
    home = Home(root / "home")
    _configure(home)
    report = root / "report"
    report.mkdir()
    (report / "request.md").write_text("Schreibe einen kurzen Bericht über Brücken.\n")
    with running(SimulatorOptions(latency=0.0)) as url:
        made = Worked(home, url)
        dead = made.call("submit", "-p", "Warum?", "--model", "dead").stdout.strip()
        assert made.call("submit", str(report), "--format", "md").exit_code == 0
        (home.root / "queue" / "incoming" / "picture.png").write_bytes(b"\x89PNG\0\xff")
        for _ in range(2):
            made.checked("producer", "producer", "--once", "--size", "4", "--force", "--json")
            made.checked("consumer", "consumer", "--until-empty", "--json")
        made.checked("retry", "retry", dead, "--why", "it is back", "--json")
        made.checked("consumer", "consumer", "--until-empty", "--json")
        yield made


def test_every_line_of_every_log_is_as_published(worked: Worked) -> None:
    """No log stays empty, so that each is checked."""
    for name in RECORDS:
        lines = (worked.home.root / "logs" / f"{name}.jsonl").read_text().splitlines()
        assert lines, name
        check = _validator(f"log-{name.replace('_', '-')}")
        for line in lines:
            check.validate(json.loads(line))


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "jobs",
        "doctor",
        "failures",
        "top --once",
        "generations",
        "analyze",
        "costs",
        "logs list",
        "metrics",
        "config check",
        "config show",
        "models",
        "wrappers",
        "schema",
    ],
)
def test_a_reader_prints_what_is_published(worked: Worked, command: str) -> None:
    """Nothing more, nothing less, and one object."""
    words = command.split()
    name = "-".join(word for word in words if not word.startswith("--"))
    assert isinstance(worked.checked(name, *words, "--json"), dict)


def test_jobs_of_every_kind_are_shown_as_published(worked: Worked) -> None:
    """Prompts, a document, a job that failed, and a file that was refused."""
    ended = [*worked.jobs("processed"), *worked.jobs("error"), *worked.jobs("archive")]
    states = {
        worked.checked("show", "show", name.removesuffix(".refused"), "--json").get("kind")
        for name in ended
    }
    assert states == {"prompt", "document", None}
    for name in ended:
        if not name.endswith(".refused"):
            worked.checked("explain", "explain", name, "--json")
    prompt = next(name for name in worked.jobs("archive"))
    worked.checked("lineage", "lineage", prompt, "--json")


def test_one_cause_is_told_as_published(worked: Worked) -> None:
    """The groups, and one of them whole."""
    groups = worked.checked("failures", "failures", "--json")["groups"]
    assert groups
    worked.checked("failures", "failures", groups[0]["key"], "--json")


def test_what_an_operator_does_is_told_as_published(worked: Worked) -> None:
    """Looked at first, then done, then undone."""
    refused = next(name for name in worked.jobs("error") if name.endswith(".refused"))
    worked.checked("discard", "discard", refused, "--dry-run", "--json")
    worked.checked("discard", "discard", refused, "--yes", "--json")
    worked.checked("discard", "discard", "--undo", refused, "--yes", "--json")
    worked.checked("retry", "retry", "all", "--dry-run", "--json")


def test_what_a_document_leaves_behind_is_as_published(worked: Worked) -> None:
    """The state of its workflow, and the verdict about its documents."""
    (entry,) = (path.parent for path in (worked.home.root / "queue").glob("*/*/*/job.json"))
    for file, name in (
        ("job.json", "job"),
        ("workflow/state.json", "workflow-state"),
        ("outputs/workflow.json", "workflow-state"),
        ("outputs/validation.json", "validation-result"),
    ):
        _validator(name).validate(json.loads((entry / file).read_bytes()))


def test_taking_out_and_in_is_told_as_published(worked: Worked, tmp_path: Path) -> None:
    """Exported as older files, as a table, imported again; the logs in a database."""
    out = tmp_path / "out"
    done = worked.checked("export", "export", str(out), "--json")
    assert done["written"] > 0
    worked.checked("export", "export", "--table", str(tmp_path / "all.csv"), "--json")
    worked.checked("import", "import", "--dry-run", str(out), "--json")
    loaded = worked.checked("logs-load", "logs", "load", str(tmp_path / "logs.db"), "--json")
    assert loaded
