"""How every prompt of a document job is laid out: named sections, foreign text in tags.

::

    # Role
    writer

    # Order
    write

    # Request
    <request>
    …
    </request>

    # Answer
    …
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Role = Literal["planner", "analyst", "writer", "judge"]
Order = Literal[
    "understand",
    "select",
    "parameters",
    "analyse",
    "write",
    "continue",
    "append",
    "answer",
    "judge",
]

_ROLE = re.compile(r"# Role\n(\w+)\n")
_TAG_END = re.compile(r"<(?=/[a-z]+>)")


def prompt(role: Role, order: Order, sections: Sequence[tuple[str, str]], answer: str) -> str:
    """Lay out a prompt: role and order, the sections that say something, how to answer."""
    laid = [("Role", role), ("Order", order), *sections, ("Answer", answer)]
    return "\n\n".join(f"# {title}\n{text.strip()}" for title, text in laid if text.strip())


def role_of(laid_out: str) -> Role:
    """Return the role a prompt is laid out for; any other text is for a writer."""
    found = _ROLE.match(laid_out)
    return next((role for role in get_args(Role) if found and found[1] == role), "writer")


def tagged(tag: str, text: str, attributes: Mapping[str, str] | None = None) -> str:
    """Put foreign text between tags that it cannot close."""
    told = "".join(
        f" {name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in (attributes or {}).items()
    )
    return f"<{tag}{told}>\n{escaped(text)}\n</{tag}>"


def escaped(text: str) -> str:
    """Return foreign text as it stands between tags, where `</tag>` is written `<\\/tag>`."""
    return _TAG_END.sub(r"<\\", text)


def as_json(value: object) -> str:
    """Return a value as readable JSON, umlauts intact; the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False)
