"""The scenes that are searched: who acts on what, and what may go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model_programs import Call
from model_search import Scene
from spool_processes import (
    batcher,
    consumer,
    fresh_start,
    learner,
    operator,
    producer,
    rescuer,
)
from spool_promises import Ledger
from spool_records import DAY, FINAL, Dropped, Job, Me, Refusal, Verdict

_FRESH = fresh_start(Me("Z"))
Actor = tuple[Me, Call]
_DAYS = {f"{state}/{DAY}": None for state in FINAL}
_EVERY_OUTCOME = ("passed", "failed", "later", "released")
_FAILED = Verdict("failed", "Y", 0)


def _consumer(worker: str, turns: int, *does: str, **how: Any) -> Actor:
    me = Me(worker, **how)
    return me, consumer(me, turns, does)


def _rescuer(worker: str, turns: int) -> Actor:
    return Me(worker), rescuer(Me(worker), turns)


def _producer(worker: str, *ids: str, together: str = "each") -> Actor:
    return Me(worker), producer(Me(worker), tuple(Job(one) for one in ids), together)


def _batcher(together: str) -> Actor:
    return Me("A"), batcher(Me("A"), Job("k"), together)


def _operator(worker: str, *does: str) -> Actor:
    return Me(worker), operator(Me(worker), does)


def _learner() -> Actor:
    return Me("L"), learner(Me("L"))


def _scene(*actors: Actor, files: Mapping[str, Any] | None = None, **rest: Any) -> Scene:
    return Scene(actors, _FRESH, {**_DAYS, **(files or {})}, **rest)


def _waiting(*ids: str) -> dict[str, Any]:
    return {
        "files": {f"incoming/{one}": Job(one) for one in ids},
        "ledger": Ledger(submitted=frozenset(ids)),
    }


def _failed(*ids: str) -> dict[str, Any]:
    return {
        "files": {f"error/{DAY}/{one}": Job(one, _FAILED) for one in ids},
        "ledger": Ledger(frozenset(ids), frozenset((one, _FAILED) for one in ids)),
    }


def _pair(*, fit: bool = True) -> dict[str, Any]:
    return {
        "files": {"incoming/n.txt": Dropped("prompt", fit), "incoming/n.json": Dropped("sidecar")},
        "ledger": Ledger(dropped=("prompt", "sidecar")),
    }


def _folder(*, fit: bool = True) -> dict[str, Any]:
    return {
        "files": {
            "incoming/n.d/request.md": Dropped("request", fit),
            "incoming/n.d/a.pdf": Dropped("file"),
        },
        "ledger": Ledger(dropped=("request", "file")),
    }


def _left_by_dead(left: Mapping[str, Any]) -> dict[str, Any]:
    """What a dead worker X left in its holder."""
    dropped = ("prompt", "sidecar") if any("n." in path for path in left) else ()
    below = {f"processing/X/{path}": content for path, content in left.items()}
    return {
        "files": {".tmp/X": None, **below},
        "ledger": Ledger(dropped=dropped),
    }


def _orphan() -> dict[str, Any]:
    """A holder whose scratch folder a power cut has taken."""
    return {
        "files": {"processing/X/j": Job("j")},
        "ledger": Ledger(submitted=frozenset({"j"})),
    }


SCENES: dict[str, Scene] = {
    # Kills
    "births under rescue": _scene(_rescuer("A", 1), _rescuer("B", 1), kills=2),
    "submit, then claim and settle": _scene(
        _producer("P", "j"), _consumer("A", 1, "rescue"), kills=1
    ),
    "two consumers, one job": _scene(
        _consumer("A", 1, "rescue"), _consumer("B", 1, "rescue"), **_waiting("j"), kills=2
    ),
    "two consumers, two jobs": _scene(
        _consumer("A", 1), _consumer("B", 2, "rescue"), **_waiting("j", "k"), kills=1
    ),
    "every way to leave a job": _scene(
        _consumer("A", 2, "due", outcomes=_EVERY_OUTCOME),
        _consumer("B", 1, "rescue", "due"),
        **_waiting("j"),
        kills=1,
    ),
    "a job that kills its workers": _scene(
        _consumer("A", 1, "rescue", max_rescues=1),
        _consumer("B", 1, "rescue", max_rescues=1),
        **_waiting("j"),
        kills=2,
    ),
    "an orphan": _scene(_rescuer("A", 2), _rescuer("B", 1), **_orphan(), kills=1),
    "a dropped pair, two takers": _scene(
        _consumer("A", 1, "intake"), _consumer("B", 1, "rescue", "intake"), **_pair(), kills=1
    ),
    "a dropped pair, two deaths": _scene(
        _consumer("A", 1, "intake"), _consumer("B", 1, "rescue", "intake"), **_pair(), kills=2
    ),
    "a dropped folder, two takers": _scene(
        _consumer("A", 1, "intake", outcomes=("passed", "later")),
        _consumer("B", 1, "rescue", "intake"),
        **_folder(),
        kills=1,
    ),
    "a dropped folder, two deaths": _scene(
        _consumer("A", 1, "intake"), _consumer("B", 1, "rescue", "intake"), **_folder(), kills=2
    ),
    "a refused pair": _scene(
        _consumer("A", 1, "intake"),
        _consumer("B", 1, "rescue", "intake"),
        **_pair(fit=False),
        kills=2,
    ),
    "a refused folder": _scene(
        _consumer("A", 1, "intake"),
        _consumer("B", 1, "rescue", "intake"),
        **_folder(fit=False),
        kills=2,
    ),
    "an operator's retry": _scene(
        _operator("O", "retry"), _consumer("A", 1, "rescue"), **_failed("j"), kills=2
    ),
    "an operator, another, and the learner": _scene(
        _operator("O", "retry"),
        _operator("D", "discard", "undo"),
        _learner(),
        **_failed("j"),
        kills=1,
    ),
    # Power cuts
    "power: submit and settle": _scene(_producer("P", "j"), _consumer("A", 1), kills=0, power=True),
    "power: every way to leave a job": _scene(
        _consumer("A", 2, "due", outcomes=_EVERY_OUTCOME), **_waiting("j"), kills=0, power=True
    ),
    "power: the first job of a day": Scene(
        (_consumer("A", 1),),
        _FRESH,
        {"incoming/j": Job("j")},
        Ledger(submitted=frozenset({"j"})),
        kills=0,
        power=True,
        is_strict=True,
    ),
    "power: a dropped pair": _scene(_consumer("A", 1, "intake"), **_pair(), kills=0, power=True),
    "power: a dropped folder": _scene(
        _consumer("A", 1, "intake", outcomes=("passed", "later")),
        **_folder(),
        kills=0,
        power=True,
    ),
    "power: a refused pair": _scene(
        _consumer("A", 1, "intake"), **_pair(fit=False), kills=0, power=True
    ),
    "power: a rescue finishes an intake": _scene(
        _rescuer("R", 1),
        **_left_by_dead(
            {"N-X0~intake/n.txt": Dropped("prompt"), "N-X0~intake/n.json": Dropped("sidecar")}
        ),
        kills=0,
        power=True,
    ),
    "power: a rescue finishes a refusal": _scene(
        _rescuer("R", 1),
        **_left_by_dead(
            {
                "N-X0~intake/.refusal.json": Refusal("N-X0", ("n.json", "n.txt")),
                "N-X0~intake/dropped-1-n.json": Dropped("sidecar"),
                "N-X0~intake/n.txt": Dropped("prompt", fit=False),
            }
        ),
        kills=0,
        power=True,
    ),
    "power: a rescue ends a settled folder": _scene(
        _rescuer("R", 1),
        **_left_by_dead(
            {
                "F-X0/job.json": Job("F-X0", _FAILED),
                "F-X0/request.md": Dropped("request"),
                "F-X0/attachments": None,
                "F-X0/outputs": None,
            }
        ),
        kills=0,
        power=True,
    ),
    "power: an operator": _scene(
        _operator("O", "discard", "undo", "retry"), **_failed("j"), kills=0, power=True
    ),
    "power: the archive": _scene(_learner(), **_failed("j"), kills=0, power=True),
    "power: two submits in one batch": _scene(
        _producer("P", "j", "k"), kills=0, power=True, failing_flushes=1
    ),
    "power: two submits, flushed at once": _scene(
        _producer("P", "j", "k", together="syncfs"), kills=0, power=True, failing_flushes=1
    ),
    "power: settle and submit in one batch": _scene(
        _batcher("each"), **_waiting("j"), kills=0, power=True, failing_flushes=1
    ),
    "power: settle and submit, flushed at once": _scene(
        _batcher("syncfs"), **_waiting("j"), kills=0, power=True, failing_flushes=1
    ),
}
"""Searched in seconds."""

LARGE_SCENES: dict[str, Scene] = {
    "a consumer and two rescuers": _scene(
        _consumer("A", 1), _rescuer("R", 1), _rescuer("Q", 1), **_waiting("j"), kills=2
    ),
    "a dropped pair and two rescuers": _scene(
        _consumer("A", 1, "intake"), _rescuer("B", 1), _rescuer("C", 1), **_pair(), kills=2
    ),
    "a dropped folder and two rescuers": _scene(
        _consumer("A", 1, "intake"), _rescuer("B", 1), _rescuer("C", 1), **_folder(), kills=2
    ),
    "a producer, a consumer and a rescuer": _scene(
        _producer("P", "j"), _consumer("A", 1), _rescuer("R", 1), kills=1
    ),
    "an orphan, two adopters": _scene(_rescuer("A", 2), _rescuer("B", 2), **_orphan(), kills=1),
    "an operator's retry between two consumers": _scene(
        _operator("O", "retry"),
        _consumer("A", 1, "rescue"),
        _consumer("B", 1),
        **_failed("j"),
        kills=1,
    ),
    "power: two consumers": _scene(
        _consumer("A", 1), _consumer("B", 1), **_waiting("j", "k"), kills=0, power=True
    ),
}
"""Searched in minutes."""
