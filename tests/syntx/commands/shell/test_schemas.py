"""The published schemas: committed as they are made, valid, and true of what people write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import click
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from jsonschema import Draft202012Validator

from syntx.cli import cli
from syntx.commands.shell.describing import schema_of, text_of
from syntx.commands.shell.published import SCHEMAS
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Outcome, Recipe, Score, Verdict
from syntx.journal.logs import Name
from syntx.journal.records import RECORDS

CHECKOUT = Path(__file__).resolve().parents[4]
GOLDEN = sorted((CHECKOUT / "tests" / "golden").glob("job-*.json"))
CONFIG = {
    "generator.yaml": "generator",
    "queue.yaml": "queue",
    "evolution.yaml": "evolution",
    "system.yaml": "system",
    "scoring.yaml": "scoring",
}
WITHOUT = {
    "tail": "prints JSON lines as they are",
    "config reference": "prints Markdown",
    "config key": "keeps a secret",
    "config edit": "changes a file",
    "config restore": "changes a file",
    "completion": "prints a script",
    "init": "writes files",
    "demo": "tells a story",
    "submit": "prints IDs, one a line",
    "simulator": "serves",
    "monitor": "serves",
    "evolution rebuild": "does one thing",
    "systemd install": "writes files",
    "systemd uninstall": "removes files",
    "logs pack": "does one thing",
}
"""Commands that have no --json, each for its reason."""


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(SCHEMAS[name]))


def _errors(name: str, data: Any) -> list[str]:
    found = _validator(name).iter_errors(data)
    return [f"{error.json_path}: {error.message}" for error in found]


def _leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _leaves(found, f"{path} {name}".strip())


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_committed_as_it_is_made(name: str) -> None:
    """A type that changed shows in the diff of schemas/ (`syntx schema --write schemas`)."""
    made = text_of(SCHEMAS[name])

    Draft202012Validator.check_schema(json.loads(made))
    assert (CHECKOUT / "schemas" / f"{name}.json").read_text() == made


def test_schemas_holds_nothing_else() -> None:
    """A schema that is published no more is removed, and names are used once."""
    committed = {path.stem for path in (CHECKOUT / "schemas").iterdir()}
    assert committed == set(SCHEMAS)
    assert len({each.id for each in SCHEMAS.values()}) == len(SCHEMAS)


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            yield node
        for each in node.values():
            yield from _objects(each)
    elif isinstance(node, list):
        for each in node:
            yield from _objects(each)


@pytest.mark.parametrize("name", [each.name for each in SCHEMAS.values() if each.kind != "file"])
def test_what_is_printed_or_logged_has_no_undeclared_keys(name: str) -> None:
    """Only an envelope may have keys of its own, for those of other versions survive."""
    found = list(_objects(schema_of(SCHEMAS[name])))
    assert found
    if name != "show":
        assert all(each["additionalProperties"] is not True for each in found)
    assert all("additionalProperties" in each for each in found)


def test_every_log_has_a_schema() -> None:
    """No log is written that is not described."""
    assert set(RECORDS) == set(get_args(Name))


def test_every_command_that_prints_json_has_a_schema() -> None:
    """And each of the others says here why it prints none."""
    found = dict(_leaves(cli))
    printing = {
        path
        for path, command in found.items()
        if any("--json" in option.opts for option in command.params)
    }
    described = {each.name for each in SCHEMAS.values() if each.kind == "output"}

    assert {path.replace(" ", "-") for path in printing} == described
    assert set(found) - printing == set(WITHOUT)


def test_the_command_lists_prints_and_writes_them(tmp_path: Path) -> None:
    """Listed with what each is of; one by name; all into a folder."""
    run = CliRunner().invoke
    listed = run(cli, ["schema"]).stdout
    assert all(each.what in listed for each in SCHEMAS.values())
    assert run(cli, ["schema", "queue"]).stdout == text_of(SCHEMAS["queue"])
    written = run(cli, ["schema", "--write", str(tmp_path / "made")]).stdout.splitlines()
    assert sorted(written) == sorted(str(path) for path in (tmp_path / "made").iterdir())
    assert len(written) == len(SCHEMAS)


def test_a_mistyped_name_tells_the_one_that_was_meant() -> None:
    """With the exit code of wrong usage."""
    shown = CliRunner().invoke(cli, ["schema", "queu"])
    assert shown.exit_code == 2
    assert "did you mean 'queue'?" in shown.stderr


def test_what_is_shipped_fits_its_schema(home: Home) -> None:
    """All config files, every example of an endpoint, and every wrapper's header."""
    for file, name in CONFIG.items():
        found = yaml.safe_load((home.config / file).read_text()) or {}
        assert _errors(name, found) == []
    endpoints = [*(CHECKOUT / "config" / "models").rglob("*.yaml")]
    assert len(endpoints) > 1
    for path in endpoints:
        assert _errors("endpoint", yaml.safe_load(path.read_text())) == [], path
    for path in (CHECKOUT / "wrappers").iterdir():
        start, _, rest = path.read_text().partition("---\n")
        header = {} if start else yaml.safe_load(rest.partition("\n---")[0])
        assert _errors("wrapper-header", header) == [], path


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("queue", {"thresholds": {"balancd": 3}}),
        ("generator", {"topics": {"a": [{"nam": "x"}]}}),
        ("system", {"consumer": {"in_flight": "many"}}),
        ("evolution", {"produce": {}}),
        ("scoring", {"mode": "scor"}),
        ("endpoint", {"base_url": "http://x", "models": [{"nme": "m"}]}),
        ("job-options", {"formt": "pdf"}),
        ("wrapper-header", {"felds": []}),
        ("job", {"schema": "syntx.job/2", "id": "x", "created_at": "now"}),
    ],
)
def test_a_typo_does_not_fit(name: str, wrong: dict[str, Any]) -> None:
    """An editor marks it before anything is started."""
    assert _errors(name, wrong) != []


def test_short_forms_fit_their_schema() -> None:
    """A topic may be a name, styles a list, a chain of one model its name."""
    assert _errors("generator", {"topics": {"a": ["x", {"name": "y"}], "b": None}}) == []
    assert _errors("generator", {"styles": ["casual"]}) == []
    assert _errors("job-options", {"formats": "pdf", "models": {"write": "m"}}) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_older_job_fits_the_schema(path: Path) -> None:
    """As it lies there, and as it is written again."""
    raw = path.read_bytes()
    assert _errors("job", json.loads(raw)) == []
    assert _errors("job", json.loads(Job.from_bytes(raw).to_bytes())) == []


_NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
_TEXT = some.text(max_size=20)
_SCORES = some.builds(
    Score,
    total=some.integers(0, 100),
    parts=some.dictionaries(_TEXT, some.floats(0, 1), max_size=2),
    fields=some.dictionaries(_TEXT, some.booleans(), max_size=2),
    explanation=some.lists(_TEXT, max_size=2).map(tuple),
)
_VERDICTS = some.builds(
    Verdict,
    outcome=some.sampled_from(get_args(Outcome)),
    reason=some.none() | _TEXT,
    score=some.none() | _SCORES,
    settled_at=some.none() | some.just(_NOW),
)
_ATTEMPTS = some.builds(
    Attempt,
    worker=_TEXT,
    started=some.just(_NOW),
    ended=some.timedeltas(timedelta(0), timedelta(days=9)).map(lambda later: _NOW + later),
    error=some.none() | _TEXT,
)
_JOBS = some.builds(
    Job,
    id=some.builds(new_id, at=some.just(_NOW)),
    created_at=some.just(_NOW),
    prompt=_TEXT,
    recipe=some.builds(Recipe, topic=some.none() | _TEXT, style=some.none() | _TEXT),
    generation=some.none() | some.integers(0, 10**9),
    samples=some.integers(1, 32),
    metadata=some.dictionaries(_TEXT, _TEXT | some.integers(), max_size=2),
    attempts=some.lists(_ATTEMPTS, max_size=2).map(tuple),
    verdict=some.none() | _VERDICTS,
    unknown=some.none() | _TEXT,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_JOBS)
def test_any_job_fits_the_schema(job: Job) -> None:
    """Whatever a job holds, its bytes are as published; keys of other versions may be there."""
    _validator("job").validate(json.loads(job.to_bytes()))
