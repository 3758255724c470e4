"""What the keys do in the view without textual: from a state and a key to the next state (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from syntx.top.acting import Action, Told, Verb

HELP = """\
up, down     choose a cause of failures, or a job that is worked on
enter        details, as `syntx failures GROUP` and `syntx show JOB` tell them
r            let the jobs of the chosen cause wait again (asks first, with their number)
d            discard the jobs of the chosen cause (asks first; `syntx discard --undo` undoes it)
/            show only causes with some text in them; empty shows all
space        pause, and go on
?            this help
q            leave

In details: up, down, page up, page down move; escape or q goes back."""


class Mode(StrEnum):
    """What the screen is taken up by."""

    VIEW = "view"
    FILTER = "filter"
    TEXT = "text"
    WAIT = "wait"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be chosen: a group of failures, or a job that is worked on."""

    verb: Verb
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The state of the screen. `asked` is what is done when the operator agrees."""

    mode: Mode = Mode.VIEW
    chosen: Item | None = None
    wanted: str = ""
    text: str = ""
    scroll: int = 0
    asked: Action | None = None
    paused: bool = False
    ended: bool = False


Step = tuple[Desk, Action | None]


def press(desk: Desk, key: str, items: Sequence[Item], rows: int) -> Step:
    """Return the next state, and what is to be done; `rows` is how far a page moves."""
    if key == "ctrl-c":
        return replace(desk, ended=True), None
    if desk.mode is Mode.FILTER:
        return _in_filter(desk, key), None
    if desk.mode is Mode.ASK:
        return _in_question(desk, key)
    if desk.mode in (Mode.TEXT, Mode.WAIT):
        return _in_text(desk, key, rows), None
    return _in_view(desk, key, items)


def answered(desk: Desk, told: Told) -> Desk:
    """Return the state when a command has told something; nothing where nobody waits for it."""
    if desk.mode is not Mode.WAIT or desk.asked != told.action:
        return desk
    if told.asks:
        agreed = replace(told.action, sure=True)
        return replace(desk, mode=Mode.ASK, text=told.text, scroll=0, asked=agreed)
    return replace(desk, mode=Mode.TEXT, text=told.text, scroll=0, asked=None)


def _in_view(desk: Desk, key: str, items: Sequence[Item]) -> Step:
    simple = {
        "q": replace(desk, ended=True),
        "?": replace(desk, mode=Mode.TEXT, text=HELP, scroll=0),
        "/": replace(desk, mode=Mode.FILTER),
        " ": replace(desk, paused=not desk.paused),
        "escape": replace(desk, wanted=""),
    }
    if key in simple:
        return simple[key], None
    if key in ("up", "down") and items:
        return replace(desk, chosen=_next(items, desk.chosen, 1 if key == "down" else -1)), None
    chosen = desk.chosen if desk.chosen in items else None
    verbs: dict[str, Verb] = {"r": "retry", "d": "discard"}
    if chosen is not None and key == "enter":
        return _waiting(desk, Action(chosen.verb, chosen.name))
    if chosen is not None and chosen.verb == "failures" and key in verbs:
        return _waiting(desk, Action(verbs[key], chosen.name))
    return desk, None


def _next(items: Sequence[Item], chosen: Item | None, step: int) -> Item:
    if chosen is None or chosen not in items:
        return items[0]
    return items[min(max(0, list(items).index(chosen) + step), len(items) - 1)]


def _waiting(desk: Desk, action: Action) -> Step:
    text = f"{action.verb} {action.name} ..."
    return replace(desk, mode=Mode.WAIT, text=text, scroll=0, asked=action), action


def _in_filter(desk: Desk, key: str) -> Desk:
    if key == "enter":
        return replace(desk, mode=Mode.VIEW)
    if key == "escape":
        return replace(desk, mode=Mode.VIEW, wanted="")
    if key == "backspace":
        return replace(desk, wanted=desk.wanted[:-1])
    return replace(desk, wanted=desk.wanted + key) if len(key) == 1 else desk


def _in_question(desk: Desk, key: str) -> Step:
    if key == "y" and desk.asked is not None:
        return _waiting(desk, desk.asked)
    if key in ("n", "q", "escape"):
        return replace(desk, mode=Mode.VIEW, asked=None), None
    return desk, None


def _in_text(desk: Desk, key: str, rows: int) -> Desk:
    if key in ("q", "escape", "enter"):
        return replace(desk, mode=Mode.VIEW, asked=None)
    steps = {"up": -1, "down": 1, "page up": -rows, "page down": rows, " ": rows}
    last = max(0, desk.text.count("\n") + 1 - rows)
    return replace(desk, scroll=min(max(0, desk.scroll + steps.get(key, 0)), last))
