"""``syntx show JOB``: everything that is known about one job."""

from __future__ import annotations

import json
from pathlib import Path

import click

from syntx.commands.finding import MOST_LISTED, find_job
from syntx.commands.telling import home_of, print_json, visible
from syntx.ground import Ground
from syntx.job import Job
from syntx.spool.holding import EARLIER_VERDICTS
from syntx.spool.layout import ATTACHMENTS, DISCARDED, OUTPUTS, parse_due


@click.command()
@click.argument("job_id")
@click.option("--json", "as_json", is_flag=True, help="Print the envelope as JSON.")
@click.pass_context
def show(ctx: click.Context, job_id: str, as_json: bool) -> None:
    """Show where JOB_ID is, what was asked, and how it ended.

    The beginning of an ID is enough when no other begins so; a job's file or folder will do too.

    Example: syntx show 20261120T193000.123456Z-7f3a
    """
    found = find_job(Ground(home_of(ctx), "show"), job_id)
    if isinstance(found, Path):
        _tell_refusal(found, as_json)
    elif as_json:
        print_json({"state": found.state, **json.loads(found.job.to_bytes())})
    else:
        click.echo(describe(found.job, found.state, found.path))


def _tell_refusal(folder: Path, as_json: bool) -> None:
    record = json.loads((folder / "refusal.json").read_text(encoding="utf-8"))
    state = DISCARDED if folder.parent.parent.name == DISCARDED else "refused"
    if as_json:
        print_json({"state": state, **record})
        return
    names = ", ".join(visible(entry["name"]) for entry in record["found"])
    click.echo(f"{folder.name}  ({state})\n  lies in   {folder}\n  file      {names}")
    click.echo(f"  reason    {record['reason']}: {visible(record['message'])}")


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
