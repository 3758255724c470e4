"""Parameters made to fit the JSON schema of an action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syntx.simulator.documents.asked import Asked

_MEANINGS = {
    "title": "title",
    "format": "format",
    "outputformat": "format",
    "resulttype": "format",
    "resultformat": "format",
    "language": "language",
    "kind": "kind",
}
_PROMPTS = ("prompt", "aiprompt", "query", "request", "question", "instruction", "objective")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What parameters are to say: the wishes, the documents, and an address if one was named."""

    asked: Asked
    references: tuple[str, ...] = ()
    address: str = ""


def parameters_for(schema: dict[str, Any], purpose: Purpose) -> dict[str, Any]:
    """Return every parameter that is required or has a meaning here; defaults are left alone."""
    properties, required = schema.get("properties"), schema.get("required") or ()
    if not isinstance(properties, dict):
        return {}
    found = {}
    for name, shape in properties.items():
        plain = _plain(shape if isinstance(shape, dict) else {}, schema)
        value = _meant(name, plain, purpose)
        if value is None and name in required:
            value = _any(plain, purpose)
        if value is not None:
            found[name] = value
    return found


def _meant(name: str, shape: dict[str, Any], purpose: Purpose) -> Any:
    """Return the value a parameter of that name should have, or None."""
    bare = name.replace("_", "").casefold()
    kind = shape.get("type")
    if bare in ("documentlist", "documents", "references") and kind == "array":
        return list(purpose.references) or None
    if bare in ("urls", "url", "addresses") and purpose.address:
        return [purpose.address] if kind == "array" else purpose.address
    if kind not in ("string", None):
        return None
    if bare in _PROMPTS:
        return purpose.asked.request or None
    value = _wished(_MEANINGS.get(bare, ""), purpose.asked)
    return value if value and value in shape.get("enum", [value]) else None


def _wished(wish: str, asked: Asked) -> str:
    if wish == "format":
        task = asked.json("Task")
        told = task.get("format") if isinstance(task, dict) else None
        return str(told or asked.wish("format"))
    return asked.wish(wish) if wish else ""


def _any(shape: dict[str, Any], purpose: Purpose) -> Any:
    """Return some value of the right type, made of the request where it is a text."""
    for known in ("const", "default"):
        if known in shape:
            return shape[known]
    if shape.get("enum"):
        return shape["enum"][0]
    match shape.get("type"):
        case "integer" | "number":
            return shape.get("minimum", shape.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case "array":
            return []
        case "object":
            return {}
        case _:
            return purpose.asked.request or "?"


def _plain(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return a shape without references, and the first alternative that is not null."""
    for _ in range(5):
        if isinstance(reference := shape.get("$ref"), str):
            shape = (schema.get("$defs") or {}).get(reference.rpartition("/")[2]) or {}
        elif options := shape.get("anyOf") or shape.get("oneOf"):
            shape = next((each for each in options if each.get("type") != "null"), {})
        else:
            break
    return shape
