"""``syntx analyze``: what scored well, what may be claimed from it, and what surprises."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from textwrap import fill
from typing import Any

import click

from evolution.analyzer import terms_of
from evolution.claims import Claim, claims
from evolution.commands.knowing import known
from evolution.elites import elites
from evolution.learner import believe
from evolution.pack import Example, pack
from evolution.recipes import Space, WeightedTopic
from evolution.reporting import FACTORS, Documents, Level, Report, report
from evolution.tallies import Evidence, Trial
from syntx.commands.telling import home_of, print_json, table, visible
from syntx.ground import Ground
from syntx.ids import brief
from syntx.settings.models import Settings

MOST_SURPRISES = 10
_UNLISTED = 5
"""So many undecided levels of a factor are told at most."""
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report with what is claimed, the best prompt of each cell, and the largest surprises."""

    report: Report
    claims: tuple[Claim, ...]
    elites: tuple[Trial, ...]
    surprises: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One scored prompt; its generation is 0 when it was made by hand, see `Trial`."""

    job_id: str
    generation: int
    topic: str
    category: str
    style: str
    wrapper: str
    pattern: str
    arm: str
    operator: str
    family: str
    score: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise(Tried):
    """A prompt, and by how many score points it did better than its recipe promised."""

    surprise: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside the report: claims, the best of each cell, the largest surprises."""

    claims: tuple[Claim, ...]
    elites: tuple[Tried, ...]
    surprises: tuple[Surprise, ...]


@click.command()
@click.option(
    "--archived", is_flag=True, help="Read all finished jobs anew, those in the archive too."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def analyze(ctx: click.Context, archived: bool, as_json: bool) -> None:
    """Tell what scored well, and what may be claimed; files that are no job are reported.

    What the producer learned is asked, and what ended since is read. Where no producer ever
    worked, processed/ and error/ are read.

    Example: syntx analyze --json
    """
    ground = Ground(home_of(ctx), "analyze")
    settings = ground.settings()
    found = asyncio.run(_look(ground, settings, archived=archived))
    if as_json:
        print_json(as_data(found))
    else:
        min_score = settings.evolution.producer.learning.min_score
        click.echo(visible(describe(found, min_score)))
    for name, why in found.report.unreadable:
        click.echo(visible(f"skipped {name}: {why}"), err=True)


async def _look(ground: Ground, settings: Settings, *, archived: bool) -> Analysis:
    async with known(ground, anew=archived, archived=archived) as now:
        evidence = now.store.evidence(terms_of(settings.evolution.producer))
        return analysis(evidence, settings, now.unreadable)


def analysis(
    evidence: Evidence, settings: Settings, unreadable: tuple[tuple[str, str], ...] = ()
) -> Analysis:
    """Return all that is told of some evidence."""
    tried = tried_in(evidence)
    return Analysis(
        report(evidence, unreadable),
        claims(tried, evidence, settings.evolution.producer.steering.min_support),
        tuple(elites(evidence, evidence.terms.min_score).values()),
        pack(evidence, believe(tried, evidence), MOST_SURPRISES),
    )


def tried_in(evidence: Evidence) -> Space:
    """Return the space of what was tried, on offer today or not."""
    likes = [each.like for each in evidence.learnable]
    return Space(
        topics=tuple(WeightedTopic(*key) for key in sorted({(x.topic, x.category) for x in likes})),
        styles=tuple(sorted({like.style for like in likes})),
        wrappers=tuple(sorted({like.wrapper for like in likes})),
        patterns=dict.fromkeys(sorted({like.pattern for like in likes}), ""),
    )


def as_data(found: Analysis) -> dict[str, Any]:
    """Return an analysis as plain data, the older names at the top."""
    beside = Beside(
        claims=found.claims,
        elites=tuple(Tried(**trial._asdict()) for trial in found.elites),
        surprises=tuple(
            Surprise(**each.trial._asdict(), surprise=round(each.surprise, 1))
            for each in found.surprises
        ),
    )
    return {**asdict(found.report), **asdict(beside)}


def describe(found: Analysis, min_score: int) -> str:
    """Return an analysis as text for people."""
    told = found.report
    parts = [_summary(told, min_score)]
    for factor in FACTORS:
        rows = [_level(level) for level in told.levels[factor]]
        head = factor.upper(), "N", "MEAN", "90 % INTERVAL", "SUCCESS"
        parts.append(table(rows, head) if rows else "")
    if told.fields:
        rates = [(k, str(told.fields_asked[k]), _percent(told.fields[k])) for k in told.fields]
        parts.append(table(rates, ("FIELD", "N", "FOUND")))
    parts += [_claims(found.claims), _elites(found.elites), _surprises(found.surprises)]
    return "\n\n".join(filter(None, parts))


def _summary(told: Report, min_score: int) -> str:
    scored, top, learned = told.scored, told.top, told.learned
    if told.scored_by is None:
        lines = ["nothing was scored yet"]
    else:
        lines = [
            f"{_jobs(scored.sample_count)} by {_measure(told.scored_by)}, "
            f"mean {_number(scored.avg_score)}",
            f"best {top.sample_count} of at least {min_score}: mean {_number(top.avg_score)}",
        ]
    if told.scored_by is not None and told.learned_by in (None, told.scored_by):
        lines.append(f"learned from {learned.sample_count} of them, which have a full recipe")
    elif told.learned_by is not None:
        lines.append(
            f"learned from {_jobs(learned.sample_count)} by {_measure(told.learned_by)}: "
            "none of a full recipe is newer"
        )
    if told.documents.jobs:
        lines.append(_documents(told.documents))
    aside = ", ".join(f"{n} {why.replace('_', ' ')}" for why, n in told.set_aside.items())
    return "\n".join([*lines, f"set aside: {aside}"] if aside else lines)


def _jobs(n: int) -> str:
    return f"{n} scored job{'' if n == 1 else 's'}"


def _documents(told: Documents) -> str:
    mean = "" if told.avg_score is None else f", mean {_number(told.avg_score)}"
    jobs = f"{told.jobs} document job{'' if told.jobs == 1 else 's'}"
    return f"{jobs}, {told.sample_count} scored{mean}"


def _measure(name: str) -> str:
    version, _, simulated = name.partition(" ")
    return f"score version {version}" + (f" ({simulated})" if simulated else "")


def _level(level: Level) -> tuple[str, ...]:
    interval = f"[{level.low:.1f}, {level.high:.1f}]"
    return level.name, str(level.n), f"{level.mean:.1f}", interval, _percent(level.success)


def _claims(found: tuple[Claim, ...]) -> str:
    """Say what is decided, and of each factor a few levels that are not."""
    lines = [f"  {words(claim)}" for claim in found if claim.kind != "undecided"]
    open_ones = [claim for claim in found if claim.kind == "undecided"]
    for factor in dict.fromkeys(claim.factor for claim in open_ones):
        names = [f"{c.level} (n = {c.n})" for c in open_ones if c.factor == factor]
        more = f" and {len(names) - _UNLISTED} more" if len(names) > _UNLISTED else ""
        told = f"  {factor}: not decided yet: {', '.join(names[:_UNLISTED])}{more}"
        lines.append(fill(told, _WIDTH, subsequent_indent="    ", break_on_hyphens=False))
    title = "what may be claimed, in score points against the average of its kind, 90 % interval"
    return "\n".join([title, *lines]) if lines else ""


def words(claim: Claim) -> str:
    """Say one claim with its effect, its 90 % interval in score points, and what it rests on."""
    if claim.kind == "undecided":
        return f"{claim.factor} {claim.level}: not decided yet (n = {claim.n})"
    interval = f"{claim.effect:+.1f} [{claim.low:+.1f}, {claim.high:+.1f}]"
    return f"{claim.factor} {claim.level} is {claim.kind}: {interval}, n = {claim.n}"


def _elites(found: tuple[Trial, ...]) -> str:
    rows = [(t.category, t.style, str(t.score), t.topic, brief(t.job_id)) for t in found]
    return _titled("the best of each category and style", rows, "SCORE", "TOPIC", "JOB")


def _surprises(found: tuple[Example, ...]) -> str:
    rows = [
        (t.category, t.style, str(t.score), f"{surprise:+.0f}", t.topic, brief(t.job_id))
        for t, surprise in ((each.trial, each.surprise) for each in found)
    ]
    title = "the largest surprises, in score points against what its recipe promised"
    return _titled(title, rows, "SCORE", "SURPRISE", "TOPIC", "JOB")


def _titled(title: str, rows: Sequence[tuple[str, ...]], *head: str) -> str:
    return f"{title}\n{table(rows, ('CATEGORY', 'STYLE', *head))}" if rows else ""


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
