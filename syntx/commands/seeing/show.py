"""``syntx show JOB``: everything that is known about one job."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NotRequired, cast

import click
from typing_extensions import TypedDict

from syntx.commands.finding import MOST_LISTED, Found, find_job
from syntx.commands.seeing import following
from syntx.commands.seeing.workflow_lines import lines_of
from syntx.commands.seeing.workflow_view import Workflow, outputs_of, read_workflow
from syntx.commands.shell.completing import job_ids
from syntx.commands.telling import home_of, print_json, visible
from syntx.ground import Ground
from syntx.job import Job, Verdict
from syntx.spool.layout import ATTACHMENTS, DISCARDED, OUTPUTS, PROCESSING, parse_due
from syntx.spool.work_folder import EARLIER_VERDICTS


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside a job's envelope: where it is, and what a document job's work did.

    `workflow` is null until one has begun; `outputs` are the paths of its files.
    """

    state: str
    workflow: Workflow | None = None
    outputs: tuple[str, ...] = ()


class RefusedFile(TypedDict):
    """A dropped file that is no job: what it was, and the safe name it was kept under."""

    name: str
    kind: str
    bytes: int
    kept_as: str | None
    target: NotRequired[str]


class Refusal(TypedDict):
    """Dropped files that were refused, and why."""

    state: str
    schema: str
    folder: str
    refused_at: str
    reason: str
    message: str
    found: list[RefusedFile]
    original: list[str]


@click.command()
@click.argument("job_id", shell_complete=job_ids)
@click.option("--json", "as_json", is_flag=True, help="Print the envelope as JSON.")
@click.option("--follow", "-f", is_flag=True, help="Watch its progress until it ends.")
@click.pass_context
def show(ctx: click.Context, job_id: str, as_json: bool, follow: bool) -> None:
    """Show where JOB_ID is, what was asked, what its work has done, and how it ended.

    The beginning of an ID is enough when no other begins so; a job's file or folder will do too.
    With --follow the exit code is 0 for a job that passed, 1 for any other, 130 after Ctrl-C.

    Example: syntx show 20261120T193000.123456Z-7f3a --follow
    """
    ground = Ground(home_of(ctx), "show")
    found = find_job(ground, job_id)
    if follow and isinstance(found, Found):
        found = following.follow(ground, found.job.id)
    if isinstance(found, Path):
        _tell_refusal(found, as_json)
        return
    if as_json:
        print_json(as_data(found))
    else:
        click.echo(visible(describe(found.job, found.state, found.path)))
    if follow and (found.job.verdict is None or found.job.verdict.outcome != "passed"):
        ctx.exit(1)


def as_data(found: Found) -> dict[str, Any]:
    """Return all that is known of a job: where it is, its envelope, and what its work did."""
    beside = Beside(found.state)
    if found.job.kind == "document":
        workflow = read_workflow(found.path, at_work=found.state == PROCESSING)
        beside = Beside(found.state, workflow, tuple(map(str, outputs_of(found.path))))
    # Named first for who reads; what stands beside wins over an unknown key of the envelope.
    return {"state": found.state, **json.loads(found.job.to_bytes()), **asdict(beside)}


def _tell_refusal(folder: Path, as_json: bool) -> None:
    record = json.loads((folder / "refusal.json").read_text(encoding="utf-8"))
    state = DISCARDED if folder.parent.parent.name == DISCARDED else "refused"
    told = cast(Refusal, {"state": state, **record})
    if as_json:
        print_json(told)
        return
    names = ", ".join(visible(entry["name"]) for entry in told["found"])
    click.echo(f"{folder.name}  ({state})\n  lies in   {folder}\n  file      {names}")
    click.echo(visible(f"  reason    {told['reason']}: {told['message']}"))


def describe(job: Job, state: str, path: Path) -> str:
    """Return a job as text for people; `path` is where it lies."""
    lines = [
        f"{job.id}  ({state})",
        f"  lies in   {path}",
        f"  made      {job.created_at.isoformat()} by {job.source}",
    ]
    if job.kind == "prompt":
        told = ("topic", "style", "wrapper", "pattern")
        recipe = ", ".join(f"{name} {getattr(job.recipe, name) or '-'}" for name in told)
        lines.append(f"  recipe    {recipe}")
    if "dropped_name" in job.metadata:
        lines.append(f"  file      {visible(str(job.metadata['dropped_name']))}")
    if job.generation is not None:
        lines.append(f"  lineage   generation {job.generation}, {job.arm} arm, {job.operator}")
    if job.kind == "document":
        workflow = read_workflow(path, at_work=state == PROCESSING)
        lines += [
            f"  attached  {_files(path / ATTACHMENTS)}",
            *(lines_of(workflow) if workflow else []),
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
        if job.kind == "prompt" or answer.text:
            lines += [f"  answer    {answer.model}", *_indented(answer.text)]
    if job.kind == "document" and verdict.answers:
        lines.append(f"  calls     {_calls(verdict)}")
    return lines


def _calls(verdict: Verdict) -> str:
    """Count a workflow's calls by model, and add up what they cost."""
    models = Counter(answer.model for answer in verdict.answers)
    cost = sum(answer.cost or 0.0 for answer in verdict.answers)
    counted = ", ".join(f"{count} of {model}" for model, count in models.most_common())
    return f"{visible(counted)}; {cost:.4f} USD"


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in visible(text).splitlines()]
