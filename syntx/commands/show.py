"""``syntx show JOB``: everything that is known about one job."""

from __future__ import annotations

import json
from pathlib import Path

import click
from pydantic import ValidationError

from syntx.commands.telling import home_of, print_json, visible
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Job
from syntx.spool.holding import EARLIER_VERDICTS
from syntx.spool.layout import (
    ATTACHMENTS,
    DISCARDED,
    ENVELOPE,
    OUTPUTS,
    envelope_of,
    parse_due,
    parse_entry,
)
from syntx.spool.searching import refusals, search

MOST_LISTED = 10
"""So many names or IDs are told; what is more is only hinted at."""


@click.command()
@click.argument("job_id")
@click.option("--json", "as_json", is_flag=True, help="Print the envelope as JSON.")
@click.pass_context
def show(ctx: click.Context, job_id: str, as_json: bool) -> None:
    """Show where JOB_ID is, what was asked, and how it ended.

    The beginning of an ID is enough when no other begins so; a job's file or folder will do too.

    Example: syntx show 20261120T193000.123456Z-7f3a
    """
    ground = Ground(home_of(ctx), "show")
    beginning = _beginning(job_id)
    found = search(ground.queue, beginning)
    if not found:
        refused = refusals(ground.queue, beginning)
        if refused:
            _tell_refusal(_only(refused, "refused files"), as_json)
            return
        raise SyntxError(f"there is no job {job_id!r} in {ground.queue}", fix="syntx status")
    path = _only(found, "jobs")
    state, folder = path.relative_to(ground.queue).parts[:2]
    state = folder if folder == DISCARDED else state
    job = _read(path)
    if as_json:
        print_json({"state": state, **json.loads(job.to_bytes())})
    else:
        click.echo(describe(job, state, path))


def _beginning(given: str) -> str:
    """Return the ID, or the beginning of one, in what was given: also a path, as people have it."""
    path = Path(given)
    name = path.parent.name if path.name == ENVELOPE else path.name
    return _id(name) or name.removesuffix(".json")


def _id(name: str) -> str | None:
    due = parse_due(name)
    entry = parse_entry(due[1] if due else name)
    return None if entry is None else entry.id


def _only(found: list[Path], what: str) -> Path:
    if len(found) > 1:
        names = ", ".join(_id(path.name) or path.name for path in found[:MOST_LISTED])
        more = ", …" if len(found) > MOST_LISTED else ""
        raise SyntxError(f"{len(found)} {what} begin so: {names}{more}", fix="give more of the ID")
    return found[0]


def _tell_refusal(folder: Path, as_json: bool) -> None:
    record = json.loads((folder / "refusal.json").read_text(encoding="utf-8"))
    state = DISCARDED if folder.parent.parent.name == DISCARDED else "refused"
    if as_json:
        print_json({"state": state, **record})
        return
    names = ", ".join(visible(entry["name"]) for entry in record["found"])
    click.echo(f"{folder.name}  ({state})\n  lies in   {folder}\n  file      {names}")
    click.echo(f"  reason    {record['reason']}: {visible(record['message'])}")


def _read(path: Path) -> Job:
    try:
        return Job.from_bytes(Path(envelope_of(str(path))).read_bytes())
    except ValidationError as error:
        raise SyntxError(f"{path} is no job: {error.errors()[0]['msg']}") from error
    except OSError as error:
        raise SyntxError(f"{path} cannot be read: {error.strerror}", fix="try again") from error


def describe(job: Job, state: str, path: Path) -> str:
    """Return a job as text for people; `path` is where it lies."""
    recipe = job.recipe
    lines = [
        f"{job.id}  ({state})",
        f"  lies in   {path}",
        f"  made      {job.created_at.isoformat()} by {job.source}",
        "  recipe    "
        + ", ".join(
            f"{name} {getattr(recipe, name) or '-'}"
            for name in ("topic", "style", "wrapper", "pattern")
        ),
    ]
    if "dropped_name" in job.metadata:
        lines.append(f"  file      {visible(str(job.metadata['dropped_name']))}")
    if job.generation is not None:
        lines.append(f"  lineage   generation {job.generation}, {job.arm} arm, {job.operator}")
    if job.kind == "document":
        lines += [
            f"  attached  {_files(path / ATTACHMENTS)}",
            f"  outputs   {_files(path / OUTPUTS)}",
        ]
    lines += [*_earlier(job), "  prompt", *_indented(job.prompt)]
    for number, attempt in enumerate(job.attempts, 1):
        problem = f"{attempt.reason}: {attempt.message}" if attempt.error else "answered"
        lines.append(f"  attempt {number}  {attempt.started.isoformat()}  {visible(problem)}")
    if due := parse_due(path.name):
        lines.append(f"  next try  {due[0].isoformat()}")
    if job.verdict is not None:
        lines += _verdict(job)
    return "\n".join(lines)


def _files(folder: Path) -> str:
    names = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir())
    return visible(", ".join(names[:MOST_LISTED])) + ", …" * (len(names) > MOST_LISTED) or "-"


def _earlier(job: Job) -> list[str]:
    """Tell the verdicts an operator's retry set aside; metadata may hold anything."""
    found = job.metadata.get(EARLIER_VERDICTS)
    verdicts = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    said = ("outcome", "reason", "message")
    told = [": ".join(str(one[key]) for key in said if one.get(key)) for one in verdicts]
    return [f"  earlier   {visible(text)}" for text in told]


def _verdict(job: Job) -> list[str]:
    verdict = job.verdict
    assert verdict is not None
    simulated = "  (simulated)" if verdict.simulated else ""
    lines = [f"  outcome   {verdict.outcome}{simulated}"]
    if verdict.message:
        lines.append(f"  reason    {verdict.reason}: {visible(verdict.message)}")
    if verdict.score is not None:
        version = f"score version {verdict.score_version}"
        lines.append(f"  score     {verdict.score.total} ({version})")
        lines += [f"    {visible(line)}" for line in verdict.score.explanation]
    for answer in verdict.answers:
        lines += [f"  answer    {answer.model}", *_indented(answer.text)]
    return lines


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in visible(text).splitlines()]
