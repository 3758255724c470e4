"""What messages have in common: the same text with what differs from job to job left out (pure)."""

from __future__ import annotations

import re
from functools import lru_cache

from syntx.ids import ID_PATTERN

LONGEST = 300
"""No pattern is longer (characters)."""

_READ = 2_000
"""So much of a message is looked at (characters)."""
_MOST_PASSES = 20
_PARTS = {
    "kept": r"<(?:text|url|id|time|path|host|n)>",
    # A status tells causes apart, other numbers do not.
    "status": r"\b(?:answered|status|http|code|errno)[ :=]{1,2}[1-9]\d{0,2}(?![\w.])",
    "text": r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|„[^“”]*[“”]|“[^”]*”|«[^»]*»",
    "url": r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"<>]*[^\s'\"<>.,;:!?)\]}]",
    "id": rf"(?<!\w){ID_PATTERN}|\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b"
    r"|\b(?:req|chatcmpl|cmpl|msg|resp|run|call|gen)[_-][\w-]{6,}",
    "time": r"(?<!\w)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\w)",
    "path": r"(?<![\w./<>])~?/(?:[\w.@%+~=-]+/)*[\w.@%+~=-]+/?"
    r"|(?<![\w./@%+~=-])(?:[\w.@%+~=-]+/)+[\w@%+~=-]+\.\w{1,8}\b"
    r"|(?<![\w./@%+~=-])[\w@%+~=-]+\.(?:json|jsonl|yaml|yml|txt|md|pdf|docx|xlsx|csv|png|jpe?g)\b",
    "host": r"\[[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*\](?::\d+)?"
    r"|(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.-])"
    r"|(?<![\w.-])(?!(?:line|column|code|status|error|errno):)[a-z][a-z0-9.-]*:\d{2,5}(?![\w.])",
    "n": r"(?:\b0x[0-9a-f]+|\b[0-9a-f]{8,}|\b(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{12,}"
    r"|(?<![\w.-])[+-]?\d+(?:[-.,:/]\d+)*)"
    r"(?:\s?(?:%|ns|[µu]s|ms|s|sec|secs|seconds?|min|minutes?|h|hours?|d|days?|[KMGT]i?B|B|bytes))?"
    r"(?!\w)",
}
_VARYING = re.compile(
    "|".join(f"(?P<{name}>{part})" for name, part in _PARTS.items()), re.IGNORECASE
)
_LEFT_ALONE = re.compile(
    r".+ failed \S+ times in a row; it is left alone .+? \(last: (?P<last>.+)\)"
)
"""What is said while an endpoint is not asked; its cause is what the endpoint said last."""
_BROKEN = re.compile(r"<[a-z]*\Z")


@lru_cache(maxsize=4096)
def pattern_of(message: str) -> str:
    """Return a message with numbers, IDs, times, paths, hosts and quoted text as placeholders.

    Messages that differ in those alone have one pattern; the pattern of a pattern is itself.
    """
    text = " ".join(message[:_READ].split())
    while (left_alone := _LEFT_ALONE.fullmatch(text)) is not None:
        text = left_alone["last"]
    for _ in range(_MOST_PASSES):
        shorter = _cut(_VARYING.sub(_placeholder, text))
        if shorter == text:
            break
        text = shorter
    return text


def _placeholder(match: re.Match[str]) -> str:
    kind = match.lastgroup
    return match[0] if kind in ("kept", "status") else f"<{kind}>"


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return _BROKEN.sub("", text[: LONGEST - 1]).rstrip() + "…"
