"""From the types in the code to JSON Schemas (draft 2020-12)."""

from __future__ import annotations

import importlib
import json
from functools import reduce
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from syntx.commands.shell.published import Published

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schema_of(published: Published) -> Schema:
    """Make one schema from the types it is of."""
    mode: JsonSchemaMode = "validation" if published.kind == "file" else "serialization"
    definitions: Schema = {}
    bodies = [_together(parts, mode, definitions) for parts in published.types]
    body: Schema = bodies[0] if len(bodies) == 1 else {"anyOf": bodies}
    if published.kind == "log":
        log = published.what.removesuffix(".jsonl")
        body["properties"]["schema"] = {"const": f"syntx.{log}/{published.version}"}
    whole = {**body, "$defs": definitions} if definitions else body
    if published.kind != "file":
        _refuse_unknown(whole)
    return {"$schema": DIALECT, "$id": published.id, "title": published.what, **whole}


def text_of(published: Published) -> str:
    """Return one schema as the text of its file."""
    return json.dumps(schema_of(published), ensure_ascii=False, indent=1) + "\n"


class _Plainly(GenerateJsonSchema):
    """Without the titles that only repeat a name; what is printed has all its keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        if self.mode == "serialization" and field["type"] != "typed-dict-field":
            return True
        return super().field_is_required(field, total)


def _together(parts: tuple[str, ...], mode: JsonSchemaMode, definitions: Schema) -> Schema:
    """Make one object of the keys of several types; what they refer to goes to `definitions`."""
    return reduce(_joined, [_body(part, mode, definitions) for part in parts])


def _body(target: str, mode: JsonSchemaMode, definitions: Schema) -> Schema:
    adapter: TypeAdapter[Any] = TypeAdapter(_type_of(target))
    body = adapter.json_schema(mode=mode, schema_generator=_Plainly)
    for name, definition in body.pop("$defs", {}).items():
        if definitions.setdefault(name, definition) != definition:
            raise ValueError(f"{target}: there is another type named {name}")
    body.pop("title", None)
    return body


def _joined(one: Schema, other: Schema) -> Schema:
    return {
        **one,
        "properties": {**one["properties"], **other["properties"]},
        "required": [*one.get("required", ()), *other.get("required", ())],
        "description": f"{one.get('description', '')} {other.get('description', '')}".strip(),
    }


def _type_of(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _refuse_unknown(node: Any) -> None:
    """Let nothing stand in an object of ours that no type declares, unless the type lets it."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for each in node.values():
            _refuse_unknown(each)
    elif isinstance(node, list):
        for each in node:
            _refuse_unknown(each)
