"""``syntx retry``: let jobs that failed wait again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from syntx.commands.mending.choosing import check_asked, nothing_matches, options
from syntx.commands.mending.operating import Wish, check_user, fulfil
from syntx.commands.mending.picking import Choice, Chosen, choose, ended, is_named_in_full, read_all
from syntx.commands.shell.completing import failed_ids
from syntx.commands.telling import home_of
from syntx.errors import SyntxError
from syntx.ground import Ground
from syntx.observing.failures_reading import Place


@click.command()
@click.argument("patterns", metavar="[PATTERN…|all]", nargs=-1, shell_complete=failed_ids)
@options
@click.pass_context
def retry(
    ctx: click.Context,
    /,
    patterns: tuple[str, ...],
    groups: tuple[str, ...],
    conditions: tuple[Any, ...],
    **chosen: Any,
) -> None:
    """Let jobs in error/ wait again, with their full number of tries; prints their IDs.

    PATTERN is the beginning of an ID, or a shell pattern in quotes; --group and --filter choose by
    cause, and among what the patterns mean. What was before stays in the job's metadata. Works
    while the services run. What a model refused is asked again only if its ID is named in full.

    Example: syntx retry --group unavailable-3f2a --why "the endpoint was down"
    """
    choice = Choice(patterns, groups, conditions)
    check_asked(choice)
    ground = Ground(home_of(ctx), "retry")
    check_user(ground.queue)
    found = ended(ground.queue)
    picked = choose(ground.queue, found, choice)
    if not picked.places:
        nothing_matches(ground.queue, choice, "error/", Chosen(found))
    jobs = _jobs(picked)
    kept, refused = _without_refused(jobs, patterns)
    if not kept.places:
        raise _all_refused(refused)
    wish = Wish(
        "retry",
        "waiting again",
        choice,
        lambda spool, ids: spool.reopen(ids),
        note=_cost(kept),
        passed_over=len(picked.places) - len(kept.places),
        **chosen,
    )
    ctx.exit(fulfil(ground, wish, kept))


def _jobs(picked: Chosen) -> Chosen:
    """Leave out what is no job, and tell how much that is."""
    jobs = [one for one in picked.places if one.state == "job"]
    if not jobs:
        first = picked.places[0]
        raise SyntxError(
            f"{Path(first.path)} is no job but a refused file or a second outcome",
            fix="correct the file and drop it into incoming/ again, "
            f"then: syntx discard {first.name}",
        )
    passed = len(picked.places) - len(jobs)
    if passed:
        click.echo(f"{passed} refused files or second outcomes are passed over", err=True)
    read = {one.name: picked.read[one.name] for one in jobs if one.name in picked.read}
    unread = [one for one in jobs if one.name not in read]
    return Chosen(jobs, {**read, **read_all(unread)})


def _without_refused(jobs: Chosen, patterns: Sequence[str]) -> tuple[Chosen, list[Place]]:
    """Leave out what a model refused, unless it is named in full, and tell how much that is."""
    refused = [
        one
        for one in jobs.places
        if one.name in jobs.read
        and jobs.read[one.name].kind == "refused_by_model"
        and not is_named_in_full(one, patterns)
    ]
    names = {one.name for one in refused}
    kept = [one for one in jobs.places if one.name not in names]
    if refused and kept:
        told = f"{len(refused)} refused by a model are passed over: a refusal is final"
        click.echo(f"{told}; name one in full to ask it again", err=True)
    return Chosen(kept, {one.name: jobs.read[one.name] for one in kept if one.name in jobs.read}), (
        refused
    )


def _all_refused(refused: Sequence[Place]) -> SyntxError:
    name = refused[0].name
    what = f"{name} was" if len(refused) == 1 else f"all {len(refused)} were"
    return SyntxError(
        f"{what} refused by the model, and a refusal is final",
        fix=f"submit a prompt in other words, or ask the same again: syntx retry {name}",
    )


def _cost(jobs: Chosen) -> str:
    low = sum(one.kind == "low_score" for one in jobs.read.values())
    if not low:
        return ""
    what = "low score was answered and is" if low == 1 else "low scores were answered and are"
    return f"{low} {what} asked anew, at cost"
