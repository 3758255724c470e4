"""``syntx discard``: put aside what failed, and bring it back."""

from __future__ import annotations

from typing import Any

import click

from syntx.commands.mending.auditing import Past, past_discard
from syntx.commands.mending.choosing import check_asked, nothing_matches, options
from syntx.commands.mending.operating import Wish, check_user, fulfil
from syntx.commands.mending.picking import Choice, Chosen, choose, discarded, ended
from syntx.commands.shell.completing import discarded_ids, failed_ids
from syntx.commands.telling import called, home_of, visible
from syntx.errors import SyntxError
from syntx.ground import Ground


def _ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer what can be discarded, or brought back."""
    offer = discarded_ids if ctx.params.get("undo") else failed_ids
    return offer(ctx, param, incomplete)


@click.command()
@click.argument("patterns", metavar="[PATTERN…|all]", nargs=-1, shell_complete=_ids)
@click.option("--undo", is_flag=True, help="Bring back to error/ what was discarded.")
@click.option("--last", is_flag=True, help="With --undo: exactly what the last discard moved.")
@click.option(
    "--action", metavar="ID", help="With --undo: exactly what that discard moved (audit log)."
)
@options
@click.pass_context
def discard(
    ctx: click.Context,
    /,
    patterns: tuple[str, ...],
    undo: bool,
    last: bool,
    action: str | None,
    groups: tuple[str, ...],
    conditions: tuple[Any, ...],
    **chosen: Any,
) -> None:
    """Move jobs, refused files and second outcomes from error/ to archive/discarded/.

    PATTERN is the beginning of an ID, or a shell pattern in quotes; --group and --filter choose by
    cause, and among what the patterns mean. Nothing is deleted. Works while the services run.

    Example: syntx discard --group html_page-77c1 --why "a wrong address"
    """
    if (last or action) and not undo:
        raise click.UsageError("--last and --action go with --undo")
    if last and action:
        raise click.UsageError("--last and --action name different discards")
    choice = Choice(patterns, groups, conditions)
    if not (last or action):
        check_asked(choice)
    ground = Ground(home_of(ctx), "discard")
    check_user(ground.queue)
    if undo:
        past = past_discard(ground.logs.path("audit"), action) if last or action else None
        ctx.exit(_undo(ground, choice, past, chosen))
    found = ended(ground.queue)
    picked = choose(ground.queue, found, choice)
    if not picked.places:
        nothing_matches(ground.queue, choice, "error/", Chosen(found))
    done = f"discarded; to bring them back: {called(ctx)} discard --undo --last"
    wish = Wish("discard", done, choice, lambda spool, names: spool.discard(names), **chosen)
    ctx.exit(fulfil(ground, wish, picked))


def _undo(ground: Ground, choice: Choice, past: Past | None, chosen: dict[str, Any]) -> int:
    found = discarded(ground.queue)
    if past is not None:
        found = [one for one in found if one.name in past.names]
        why = f", {past.why!r}" if past.why else ""
        told = f"the discard of {past.at}{why} ({past.action_id})"
        if not found:
            raise SyntxError(
                f"nothing that {told} moved lies in archive/discarded/ any more",
                fix="for an earlier one name its action_id from logs/audit.jsonl: --action ID",
            )
        click.echo(visible(f"undoing {told}"), err=True)
    picked = choose(ground.queue, found, choice)
    if not picked.places:
        nothing_matches(ground.queue, choice, "archive/discarded/", Chosen(found))
    wish = Wish(
        "restore",
        "back in error/",
        choice,
        lambda spool, names: spool.restore(names),
        undoes=None if past is None else past.action_id,
        **chosen,
    )
    return fulfil(ground, wish, picked)
