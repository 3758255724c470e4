"""The logs as SQL tables: a column for each documented field, and the whole line beside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from typing_extensions import get_type_hints

from syntx.journal.names import Name
from syntx.journal.records import RECORDS, Shared

Dialect = Literal["sqlite", "postgres"]

_TYPES: dict[Dialect, dict[type, str]] = {
    "sqlite": {bool: "INTEGER", int: "INTEGER", float: "REAL", str: "TEXT", dict: "TEXT"},
    "postgres": {
        bool: "boolean",
        int: "bigint",
        float: "double precision",
        str: "text",
        dict: "jsonb",
    },
}
_TIME = {"sqlite": "TEXT", "postgres": "timestamptz"}
_MOST_INTEGER = 1 << 63


def columns(log: Name) -> dict[str, type]:
    """Return the columns of a log's table with bool, int, float, str, or dict for any JSON."""
    hints = {**get_type_hints(Shared), **get_type_hints(RECORDS[log])}
    return {name: _plain(hint) for name, hint in hints.items()}


def _plain(hint: Any) -> type:
    """Return the kind of a field, whether it may be missing or None, or is one of some texts."""
    if get_origin(hint) in (Union, UnionType):
        kinds = {_plain(each) for each in get_args(hint) if each is not type(None)}
        return kinds.pop() if len(kinds) == 1 else dict
    if get_origin(hint) is Literal:
        return str
    return hint if hint in (bool, int, float, str) else dict


def create_table(log: Name, dialect: Dialect) -> str:
    """Return the statement that makes a log's table where there is none."""
    types = _TYPES[dialect]
    lines = [
        f"  {quoted(name)} {_TIME[dialect] if name == 'timestamp' else types[kind]}"
        + (" PRIMARY KEY" if name == "event_id" else "")
        for name, kind in columns(log).items()
    ]
    lines.append(f"  {quoted('record')} {types[dict]} NOT NULL")
    return f"CREATE TABLE IF NOT EXISTS {quoted(log)} (\n" + ",\n".join(lines) + "\n);"


def quoted(name: str) -> str:
    """Return a name as SQL writes one."""
    return '"' + name.replace('"', '""') + '"'


def row_of(log_columns: Mapping[str, type], record: Mapping[str, Any], line: bytes) -> list[Any]:
    """Return the values of a line in the order of its columns, the line itself at the end.

    A line without `event_id` gets one made of its text, so that it is the same each time.
    """
    values = [_value(kind, record.get(name)) for name, kind in log_columns.items()]
    at = list(log_columns).index("event_id")
    if not isinstance(values[at], str):
        values[at] = f"sha256:{hashlib.sha256(line).hexdigest()}"
    return [*values, line.decode("utf-8", "replace")]


def _value(kind: type, value: Any) -> Any:
    """Return a value as SQLite takes it: what has another type than documented as JSON text."""
    if value is None or (isinstance(value, bool) and kind is not dict):
        return value
    if isinstance(value, str) and kind is not dict:
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int | float) and kind is not dict and abs(value) < _MOST_INTEGER:
        return value
    return json.dumps(value)
