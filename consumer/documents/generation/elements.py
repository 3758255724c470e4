"""Elements of sections in the shape of their content type, whatever the model wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXT_KEY = {"heading": "text", "paragraph": "text", "quote": "text", "code": "code"}


def elements_of(kind: str, given: Any) -> list[dict[str, Any]]:
    """Return the elements of a section of this content type; nothing that was given is left out."""
    if isinstance(given, Mapping):
        given = [dict(given)] if given else []
    if not isinstance(given, list):
        given = [] if given is None else [given]
    if kind == "table" and given and all(isinstance(one, list) for one in given):
        given = [{"rows": given}]
    if kind == "list" and given and not any(isinstance(o, dict) and "items" in o for o in given):
        given = [{"items": given}]
    made = [_element(kind, one) for one in given]
    return [_SHAPES[kind](one) if kind in _SHAPES else one for one in made]


def _element(kind: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    if kind == "table":
        return {"headers": [], "rows": [value]}
    if kind == "list":
        return {"items": value if isinstance(value, list) else [value]}
    return {_TEXT_KEY.get(kind, "text"): _text(value)}


def _heading(element: dict[str, Any]) -> dict[str, Any]:
    try:
        level = int(element.get("level") or 1)
    except (TypeError, ValueError, OverflowError):
        level = 1
    return element | {"text": _text(element.get("text")), "level": min(6, max(1, level))}


def _table(element: dict[str, Any]) -> dict[str, Any]:
    headers, rows = element.get("headers"), element.get("rows")
    laid_headers = list(headers) if isinstance(headers, list) else []
    laid_rows = rows if isinstance(rows, list) else []
    named = [row for row in laid_rows if isinstance(row, dict)]
    if named:
        names = dict.fromkeys(key for row in named for key in row)
        laid_headers += [name for name in names if name not in laid_headers]
    made = [_row(row, laid_headers) for row in laid_rows]
    return element | {"headers": [_text(one) for one in laid_headers], "rows": made}


def _row(row: Any, headers: list[Any]) -> list[Any]:
    if isinstance(row, dict):
        return [row.get(name) for name in headers]
    return row if isinstance(row, list) else [row]


def _list(element: dict[str, Any]) -> dict[str, Any]:
    items = element.get("items")
    return element | {"items": items if isinstance(items, list) else []}


def _plain(element: dict[str, Any]) -> dict[str, Any]:
    return element | {"text": _text(element.get("text"))}


def _code(element: dict[str, Any]) -> dict[str, Any]:
    return element | {"code": _text(element.get("code", element.get("text")))}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


_SHAPES = {
    "heading": _heading,
    "table": _table,
    "list": _list,
    "paragraph": _plain,
    "quote": _plain,
    "code": _code,
}
