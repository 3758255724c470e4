"""``syntx explain JOB``: which parts gave a job its score, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click

from syntx.commands.finding import Found, find_job
from syntx.commands.seeing.accounting import Item, account
from syntx.commands.shell.completing import job_ids
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.job import Outcome, Score, Verdict

_WORTH_TELLING = 0.05
"""Points below which a loss is rounding."""


@dataclass(frozen=True, slots=True)
class FieldFound:
    """A field the wrapper asks for: whether it was found, and with how many words."""

    key: str
    found: bool
    words: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a job ended, and its score part by part; `raises_most` names what cost most.

    A job without a score has a `total` of null and no parts. What stands beside the parts is as
    the version of the score kept it.
    """

    id: str
    state: str
    outcome: Outcome
    reason: str | None
    message: str | None
    wrapper: str | None
    score_version: str | None
    simulated: bool
    total: int | None = None
    parts: tuple[Item, ...] = ()
    factors: tuple[Item, ...] = ()
    raises_most: str | None = None
    fields: tuple[FieldFound, ...] = ()
    samples: Any = None
    judge: Any = None
    legacy_total: Any = None


@click.command()
@click.argument("job_id", shell_complete=job_ids)
@click.option("--json", "as_json", is_flag=True, help="Print the account as JSON.")
@click.pass_context
def explain(ctx: click.Context, job_id: str, as_json: bool) -> None:
    """Explain the score of JOB_ID: each part with its weight, the points lost by it, and why.

    All is read from the job; nothing is scored again. The beginning of an ID is enough.

    Example: syntx explain 20261120T193000.123456Z-7f3a
    """
    found = find_job(Ground(home_of(ctx), "explain"), job_id)
    if isinstance(found, Path):
        raise SyntxError(
            f"{found.name} was refused: it never was a job", fix=f"syntx show {job_id}"
        )
    verdict = found.job.verdict
    if verdict is None:
        raise SyntxError(
            f"{found.job.id} has not ended yet: it lies in {found.state}", fix="syntx status"
        )
    if as_json:
        print_json(asdict(explanation(found, verdict)))
    else:
        click.echo(visible("\n".join(_told(found, verdict))))


def explanation(found: Found, verdict: Verdict) -> Explanation:
    """Return the account of a job that ended."""
    head = Explanation(
        id=found.job.id,
        state=found.state,
        outcome=verdict.outcome,
        reason=verdict.reason,
        message=verdict.message,
        wrapper=verdict.wrapper,
        score_version=verdict.score_version,
        simulated=verdict.simulated,
    )
    score = verdict.score
    if score is None:
        return head
    items = account(score)
    dearest = _dearest(items)
    return replace(
        head,
        total=score.total,
        parts=tuple(item for item in items if item.weight is not None),
        factors=tuple(item for item in items if item.weight is None),
        raises_most=None if dearest is None else dearest.name,
        fields=tuple(
            FieldFound(key, there, _words(score).get(key)) for key, there in score.fields.items()
        ),
        samples=score.measures.get("samples"),
        judge=score.measures.get("judge"),
        legacy_total=score.measures.get("legacy_total"),
    )


def _told(found: Found, verdict: Verdict) -> list[str]:
    simulated = ", simulated" if verdict.simulated else ""
    lines = [f"{found.job.id}  ({found.state}, {verdict.outcome}{simulated})"]
    score = verdict.score
    if score is None:
        why = ": ".join(text for text in (verdict.reason, verdict.message) if text)
        return [*lines, f"It has no score: {why}."]
    lines.append(f"  score     {score.total} of 100, version {verdict.score_version}")
    return [*lines, *_parts(score, verdict), *_fields(score), *_beside(score)]


def _parts(score: Score, verdict: Verdict) -> list[str]:
    if not score.parts:
        return ["", f"Score version {verdict.score_version} kept no parts."]
    items = account(score)
    rows = [(i.name, _value(i), _share(i), _points(i), i.reason) for i in _ordered(items)]
    lines = ["", table(rows, ("part", "value", "weight", "lost", "why"))]
    if "score_total" in score.measures:
        own = score.measures["score_total"]
        lines.append(f"The total is the older system's; these parts alone would make {own}.")
    if not score.weights:
        lines.append(f"Score version {verdict.score_version} kept no weights: no losses to tell.")
    elif (dearest := _dearest(items)) is not None:
        there = " there" if "score_total" in score.measures else ""
        told = f"Most would be won{there} by {dearest.name}: about {dearest.lost:.0f} points"
        lines.append(f"{told} ({dearest.reason})." if dearest.reason else f"{told}.")
    return lines


def _ordered(items: list[Item]) -> list[Item]:
    """Put what cost most first, and factors that cost nothing last."""
    return sorted(items, key=lambda item: (-(item.lost or 0.0), item.weight is None))


def _dearest(items: list[Item]) -> Item | None:
    costly = [item for item in items if item.lost is not None and item.lost >= _WORTH_TELLING]
    return max(costly, key=lambda item: item.lost or 0.0, default=None)


def _value(item: Item) -> str:
    return f"{item.value:.2f}" if item.weight is not None else f"×{item.value:.2f}"


def _share(item: Item) -> str:
    return "" if item.weight is None else f"{100 * item.weight:.0f} %"


def _points(item: Item) -> str:
    return "" if item.lost is None or item.lost < _WORTH_TELLING else f"{item.lost:.1f}"


def _words(score: Score) -> dict[str, Any]:
    found = score.measures.get("words")
    return found if isinstance(found, dict) else {}


def _fields(score: Score) -> list[str]:
    counts = _words(score)
    rows = [
        (key, "yes" if found else "no", str(counts.get(key, "")))
        for key, found in score.fields.items()
    ]
    return ["", table(rows, ("field", "found", "words"))] if rows else []


def _beside(score: Score) -> list[str]:
    """Tell what stands beside the total: the other samples, a failed judge, the older score."""
    lines = _samples(score.measures.get("samples"))
    judge = score.measures.get("judge")
    if isinstance(judge, dict) and "error" in judge:
        told = f"{judge.get('model')} gave no opinion: {judge['error']}"
        lines.append(f"  judge     {told}")
    if "legacy_total" in score.measures:
        lines.append(f"  legacy    {score.measures['legacy_total']}: the older system's score")
    return ["", *lines] if lines else []


def _samples(samples: Any) -> list[str]:
    if not isinstance(samples, dict):
        return []
    count, totals = samples.get("n"), samples.get("totals")
    if count == 1 or not isinstance(totals, list):
        return ["  samples   one answer; consistency was not measured"]
    listed = ", ".join("none" if one is None else str(one) for one in totals)
    spread = f"mean {samples.get('mean')}, standard deviation {samples.get('sd')}"
    return [
        f"  samples   {count} answers scored {listed} ({spread})",
        "            the lower median speaks for all, with consistency as a part",
    ]
