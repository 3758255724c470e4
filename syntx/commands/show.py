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
from syntx.spool.layout import DISCARDED, ENVELOPE, envelope_of, parse_due, parse_entry
from syntx.spool.searching import refusals, search


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
            click.echo(_refusal(refused[-1]))
            return
        raise SyntxError(f"there is no job {job_id!r} in {ground.queue}", fix="syntx status")
    if len(found) > 1:
        names = ", ".join(path.name for path in found[:5])
        raise SyntxError(f"{len(found)} jobs begin so: {names}", fix="give more of the ID")
    state, folder = found[0].relative_to(ground.queue).parts[:2]
    state = folder if folder == DISCARDED else state
    job = _read(found[0])
    if as_json:
        print_json({"state": state, **json.loads(job.to_bytes())})
    else:
        click.echo(describe(job, state))


def _beginning(given: str) -> str:
    """Return the ID, or the beginning of one, in what was given: also a path, as people have it."""
    path = Path(given)
    name = path.parent.name if path.name == ENVELOPE else path.name
    due = parse_due(name)
    entry = parse_entry(due[1] if due else name)
    return name.removesuffix(".json") if entry is None else entry.id


def _refusal(folder: Path) -> str:
    text = (folder / "refusal.json").read_text(encoding="utf-8")
    record = json.loads(text)
    names = ", ".join(visible(entry["name"]) for entry in record["found"])
    return (
        f"{folder.name}  (refused)\n  file      {names}\n  reason    {visible(record['message'])}"
    )


def _read(path: Path) -> Job:
    try:
        return Job.from_bytes(Path(envelope_of(str(path))).read_bytes())
    except ValidationError as error:
        raise SyntxError(f"{path} is no job: {error.errors()[0]['msg']}") from error
    except OSError as error:
        raise SyntxError(f"{path} cannot be read: {error.strerror}", fix="try again") from error


def describe(job: Job, state: str) -> str:
    """Return a job as text for people."""
    recipe = job.recipe
    lines = [
        f"{job.id}  ({state})",
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
    lines += ["  prompt", *_indented(job.prompt)]
    for number, attempt in enumerate(job.attempts, 1):
        problem = f"{attempt.reason}: {attempt.message}" if attempt.error else "answered"
        lines.append(f"  attempt {number}  {attempt.started.isoformat()}  {visible(problem)}")
    if job.verdict is not None:
        lines += _verdict(job)
    return "\n".join(lines)


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
