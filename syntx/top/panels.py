"""The parts of the live view as lines of styled text; the same for every kind of terminal (pure).

What is drawn must have been cleaned before: see `syntx.top.cleaning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from syntx.observing.failures import Group
from syntx.observing.health import Level
from syntx.observing.spans import span
from syntx.spool.workers import WorkerState
from syntx.top.signs import Signs, sparkline
from syntx.top.view import View

GOOD, BAD, WARNING, DIM, HEAD = "green", "bold red", "yellow", "dim", "bold cyan"
STEERED, CONTROL = "bold green", "yellow"

LEVEL_STYLES = {Level.OK: "bold green", Level.WARNING: "bold yellow", Level.CRITICAL: "bold red"}


def header(view: View, age: str) -> list[Text]:
    """Say which home this is, its state, its health, and how old what is shown is."""
    now = view.now
    return [
        Text.assemble(
            ("syntx top", HEAD),
            f"  {now.home}  ",
            (str(now.health), LEVEL_STYLES[now.health]),
            f"  {now.state}  ",
            (f"{view.moment[11:19]} UTC{age}", DIM),
        )
    ]


def health(view: View, signs: Signs) -> list[Text]:
    """Tell what is not well, each with what mends it."""
    lines = []
    for finding in view.now.findings:
        style = LEVEL_STYLES[finding.level]
        lines.append(Text.assemble((f"{signs.bad} {finding.text}", style)))
        lines.append(Text.assemble(("  fix: ", DIM), finding.fix))
    return lines or [Text(f"{signs.good} nothing needs mending", GOOD)]


def queue(view: View, width: int, signs: Signs) -> list[Text]:
    """Tell how many jobs stand where, with the history of those that wait and are worked on."""
    now, counts = view.now, view.now.counts
    oldest = "" if now.oldest_waiting_s is None else f"oldest {span(now.oldest_waiting_s)}"
    retry = f"{counts.retry} to retry" if counts.retry else ""
    ended = [f"processed {counts.processed}", f"error {counts.error}"]
    ended += [f"refused {counts.refused}"] if counts.refused else []
    ended += [f"archive {counts.archive}"]
    rows = (
        ("waiting", now.waiting, view.waiting, ", ".join(filter(None, [retry, oldest]))),
        ("in work", counts.processing, view.processing, f"{now.stuck} stuck" if now.stuck else ""),
        ("answers", view.answers[-2], view.answers, "a minute, this hour"),
    )
    lines = []
    for name, number, history, note in rows:
        told = f"  {note}" if note else ""
        room = max(0, width - 17 - cell_len(told))
        drawn = sparkline(history, room, signs)
        lines.append(
            Text.assemble((f"{name:<8}", DIM), (f"{number:>7}  ", "bold"), (drawn, "cyan"), told)
        )
    return [*lines, Text("  ".join(ended))]


def workers(view: View, rows: int, signs: Signs, chosen: str | None) -> list[Text]:
    """List the workers, each with its jobs, the longest held first; `chosen` is a job's ID."""
    lines, place = [], None
    for worker in view.now.workers:
        lines.append(_worker(worker, signs))
        for job in worker.jobs:
            mark = "> " if job.id == chosen else "  "
            line = Text.assemble(mark, (f"{span(job.seconds):>7}", DIM), f"  {job.id}")
            if job.id == chosen:
                place = len(lines)
                line.stylize("reverse")
            lines.append(line)
    if not lines:
        lines = [Text("nobody works here", DIM)]
    return _window(lines, place, rows, signs)


def _worker(worker: WorkerState, signs: Signs) -> Text:
    mark, style = (signs.good, GOOD) if worker.alive else (signs.bad, BAD)
    state = "" if worker.alive else " died"
    return Text.assemble(
        (f"{mark} {worker.role or 'worker'}{state}", style), f"  {worker.held} held  ",
        (worker.name, DIM),
    )  # fmt: skip


def gains(view: View) -> list[Text]:
    """Say what steering gains over control, with its interval."""
    gain = view.gain
    if gain is None:
        return [Text("no generation was scored yet", DIM)]
    on = f"{gain.n_steered} steered, {gain.n_control} control"
    if gain.difference is None or gain.low is None or gain.high is None:
        return [Text.assemble("lift not decided yet ", (f"({on})", DIM))]
    style = GOOD if gain.low > 0 else BAD if gain.high < 0 else ""
    told = f"{gain.difference:+.1f} [{gain.low:+.1f}, {gain.high:+.1f}]"
    return [Text.assemble("lift ", (told, style), (f"  {on}", DIM))]


def costs(view: View) -> list[Text]:
    """Say what today's calls took, and how the newest of the last hour went."""
    today, lately = view.today, view.now.calls
    simulated = " (simulated)" if today.simulated else ""
    least = "" if today.complete else "at least "
    unpriced = f", {today.unpriced} of unknown price" if today.unpriced else ""
    calls = "1 call" if today.calls == 1 else f"{today.calls} calls"
    failed = (f"{lately.failed} of {lately.ended} failed", BAD if lately.failed else "")
    return [
        Text.assemble(
            least,
            (f"{today.cost:.4f} {today.currency}", "bold"),
            f" today{simulated}, {calls}{unpriced}",
        ),
        Text.assemble("newest calls: ", failed if lately.ended else "none in the last hour"),
    ]


def failures(
    groups: Sequence[Group], left: int, rows: int, signs: Signs, chosen: str | None
) -> list[Text]:
    """List the failures by cause, the most frequent first; `chosen` is the key of one."""
    if not groups:
        return [Text(f"{signs.good} none", GOOD)]
    lines, chosen_at = [], None
    widest = max(len(group.key) for group in groups)
    for place, group in enumerate(groups):
        line = Text("> " if group.key == chosen else "  ")
        line.append_text(cause(group, signs, widest))
        if group.key == chosen:
            chosen_at = place
            line.stylize("reverse")
        lines.append(line)
    if left:
        lines.append(Text(f"  and {left} older ones that were not looked at", DIM))
    return _window(lines, chosen_at, rows, signs)


def cause(group: Group, signs: Signs, widest: int = 0) -> Text:
    """Tell one cause of failures: how many, how they came over the last day, and what it is.

    `widest` is the length of the longest key beside it.
    """
    told = group.pattern or group.kind
    return Text.assemble(
        (f"{group.count:>5} ", "bold"),
        (f"{sparkline(group.trend, len(group.trend), signs)} ", "cyan"),
        (f"{group.key:<{widest}}  ", WARNING),
        (f"tried again: {told}" if group.kind == "retrying" else told, DIM),
    )


def _window(lines: list[Text], place: int | None, rows: int, signs: Signs) -> list[Text]:
    """Cut lines to those around a place that must be seen."""
    first = 0 if place is None else max(0, min(place - rows + 2, len(lines) - rows))
    return cut(lines[first:], rows, signs)


def cut(lines: list[Text], rows: int, signs: Signs) -> list[Text]:
    """Return as many lines as there is room for, the last of them saying how many are left."""
    if len(lines) <= rows:
        return lines
    return [*lines[: max(0, rows - 1)], Text(f"  {signs.more} {len(lines) - rows + 1} more", DIM)][
        : max(0, rows)
    ]


def fitted(line: Text, width: int) -> Text:
    """Return a line that takes exactly `width` cells."""
    short = line.copy()
    short.truncate(width)
    short.pad_right(max(0, width - cell_len(short.plain)))
    return short


def matching(groups: Iterable[Group], wanted: str) -> list[Group]:
    """Return the groups with `wanted` somewhere in what is told of them, whatever its case."""
    words = wanted.casefold()
    return [
        group
        for group in groups
        if words in f"{group.key} {group.kind} {group.pattern} {group.message}".casefold()
    ]


def titled(title: str, width: int, signs: Signs) -> Text:
    """Return the line above a part."""
    return Text.assemble(
        (f"{title} ", HEAD), (signs.rule * max(0, width - cell_len(title) - 1), DIM)
    )
