"""Which fault a request meets: forced by header, next in the script, or drawn."""

from __future__ import annotations

import json
from collections import deque
from random import Random

from syntx.simulator.breaking import break_json
from syntx.simulator.options import NO_FAULT, SimulatorOptions, check_fault
from syntx.simulator.replies import Reply

REFUSAL = "Es tut mir leid, aber dabei kann ich leider nicht helfen."
HTML_PAGE = (
    "<!DOCTYPE html><html><head><title>Wartung</title></head>"
    "<body><h1>Simulierte Fehlerseite</h1><p>Der Dienst wird gewartet.</p></body></html>"
)
GARBAGE = b'\x00\x9f{"choices": [\xff\xfe<<<'


class FaultPlan:
    """Chooses the fault of each request; a script is consumed first."""

    def __init__(self, options: SimulatorOptions) -> None:
        self._shares = tuple(options.faults.items())
        self._script = deque(options.script)

    def choose(self, forced: str | None, chance: Random) -> str | None:
        """Return the fault's name or None; raises ConfigError if an unknown one is forced."""
        if forced is not None:
            return None if forced == NO_FAULT else check_fault(forced)
        if self._script:
            step = self._script.popleft()
            return None if step == NO_FAULT else step
        return self._drawn(chance.random())

    def _drawn(self, roll: float) -> str | None:
        for name, share in self._shares:
            if roll < share:
                return name
            roll -= share
        return None


def spoil(reply: Reply, fault: str | None) -> Reply:
    """Return the reply as a fault of the model itself leaves it."""
    match fault:
        case "truncation":
            return reply.cut(max(1, len(reply.text) * 3 // 5))
        case "refusal":
            return reply.saying(REFUSAL)
        case "empty":
            return reply.saying("")
        case "fenced_json":
            # An answer that was cut never got as far as closing its fence.
            end = "" if reply.as_json and reply.finish_reason == "length" else "\n```"
            return reply.saying(f"```json\n{_as_json(reply)}{end}")
        case "broken_json":
            broken = _broken(reply.text) if reply.as_json else _as_json(reply)[:-4]
            return reply.saying(broken)
        case _:
            return reply


def _broken(text: str) -> str:
    """Return JSON broken; what is cut, or goes on where another was, is none to begin with."""
    try:
        json.loads(text)
    except ValueError:
        return text
    return break_json(text)


def _as_json(reply: Reply) -> str:
    if reply.as_json:
        return reply.text
    escaped = reply.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{"antwort": "{escaped}", "ende": true}}'
