"""Twenty-seven kinds of broken JSON, each made from a sound document."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable
from typing import Any

Fault = Callable[[Any, random.Random], str]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def small(draw: random.Random) -> Any:
    """Return a small document with all that may break."""
    words = ["Umsatz", "Prüfung", "Straße 5", "ja, sicher", "a: b", "größer [x]", "Ende."]
    rows = [[n, draw.choice(words), draw.randint(-9, 999) / 4, None, n % 2 == 0] for n in range(9)]
    sections = [
        {"id": "s1", "content_type": "heading", "elements": [{"text": "Titel", "level": 1}]},
        {"id": "s2", "content_type": "paragraph", "order": 2, "elements": [{"text": _text(draw)}]},
        {"id": "s3", "content_type": "table", "elements": [{"headers": words[:5], "rows": rows}]},
        {"id": "s4", "content_type": "list", "elements": [{"items": words, "ordered": False}]},
    ]
    return {"metadata": {"title": "Bericht"}, "documents": [{"sections": sections}]}


def _text(draw: random.Random) -> str:
    lines = [f"Zeile {n} mit {draw.randint(1, 999)} Werten, und mehr" for n in range(4)]
    return "\n".join(lines) + "\tEnde"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what stands outside strings."""
    parts, last = [], 0
    for string in _STRING.finditer(text):
        parts += [change(text[last : string.start()]), string[0]]
        last = string.end()
    return "".join(parts) + change(text[last:])


def _strings(text: str, change: Callable[[str], str]) -> str:
    return _STRING.sub(lambda found: change(found[0]), text)


def _single(string: str) -> str:
    inner = string[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def _raw_breaks(string: str) -> str:
    return string.replace("\\n", "\n").replace("\\t", "\t")


def _once(text: str, pattern: str, new: str, draw: random.Random) -> str:
    """Replace one match, drawn by lot, outside of what it must not touch."""
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    one = draw.choice(found)
    return text[: one.start()] + one.expand(new) + text[one.end() :]


FAULTS: dict[str, Fault] = {
    "fence": lambda v, d: f"```json\n{_indented(v)}\n```",
    "fence without language, prose after": lambda v, d: f"```\n{_compact(v)}\n```\nDone!",
    "prose before": lambda v, d: f"Here is the document you asked for:\n\n{_compact(v)}",
    "prose around": lambda v, d: f"Sure [as asked]: {_compact(v)}\n\nLet me know {{more}}.",
    "byte order mark": lambda v, d: "\ufeff" + _compact(v),
    "thoughts before": lambda v, d: f'<think>maybe {{"a": 1}}?</think>\n{_compact(v)}',
    "trailing commas in objects": lambda v, d: _outside(
        _indented(v), lambda s: re.sub(r"(\s*\})", r",\1", s).replace("{,", "{")
    ),
    "trailing commas in lists": lambda v, d: _outside(
        _indented(v), lambda s: re.sub(r"(\s*\])", r",\1", s).replace("[,", "[")
    ),
    "single quotes": lambda v, d: _strings(_compact(v), _single),
    "keys without quotes": lambda v, d: re.sub(r'"(\w+)":', r"\1:", _compact(v)),
    "raw line breaks and tabs": lambda v, d: _strings(_indented(v), _raw_breaks),
    "NaN": lambda v, d: _outside(_compact(v), lambda s: s.replace("null", "NaN")),
    "literals of Python": lambda v, d: _outside(
        _compact(v),
        lambda s: s.replace("null", "None").replace("true", "True").replace("false", "False"),
    ),
    "a dictionary of Python": lambda v, d: repr(v),
    "line comments": lambda v, d: _once(_indented(v), r",\n", r", // siehe oben, \"so\"\n", d),
    "block comments": lambda v, d: _once(_compact(v), r'\{"id"', r'{/* "x": 1, */ "id"', d),
    "a comma missing between lines": lambda v, d: _once(_indented(v), r",\n", r"\n", d),
    "commas missing between objects": lambda v, d: _compact(v).replace("}, {", "} {"),
    "closing brackets missing": lambda v, d: _compact(v)[: -d.randint(1, 4)],
    "a bracket too many": lambda v, d: _compact(v) + d.choice("]}"),
    "typographic quotes": lambda v, d: _strings(_compact(v), lambda s: f"“{s[1:-1]}”"),
    "quotes inside unescaped": lambda v, d: _compact(v).replace("\\u0022", '"').replace('\\"', '"'),
    "escapes that are none": lambda v, d: _compact(v).replace("Straße", "Stra\\ße"),
    "JSON in a string": lambda v, d: json.dumps(_compact(v)),
    "HTML entities": lambda v, d: html.escape(_compact(v)),
    "an assignment": lambda v, d: f"const report = {_compact(v)};",
    "numbers of other tongues": lambda v, d: _outside(
        _compact(v), lambda s: re.sub(r"(?<=\[)(\d+)(?=, )", r"+\1", s)
    ),
}
"""What is broken, by its name."""


def meant(name: str, value: Any) -> Any:
    """Return the value that the broken text means."""
    if name == "escapes that are none":
        return json.loads(_compact(value).replace("Straße", "Stra\\\\ße"))
    return value


def subject(name: str, draw: random.Random) -> Any:
    """Return a document that this fault shows in."""
    value = small(draw)
    if name == "quotes inside unescaped":
        text = value["documents"][0]["sections"][1]["elements"][0]["text"]
        quoted = text.replace(" mit ", ' sagt "ja" mit ', 2)
        value["documents"][0]["sections"][1]["elements"][0]["text"] = quoted
        value["documents"][0]["sections"][3]["elements"][0]["items"][0] = 'das "Wort" Umsatz'
    return value
