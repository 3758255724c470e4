"""What every record of a document job is made of: snake_case here, camelCase on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """A frozen record; unknown keys survive a round trip."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="allow"
    )

    def to_wire(self) -> bytes:
        """Return the record as UTF-8 JSON under the names of the wire, in one line."""
        return self.model_dump_json(by_alias=True).encode()


class Parameters(BaseModel):
    """The parameters of an action: unknown ones are refused, what can be converted is.

    One that is given as `null` was not given: its default counts, or it is missing.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )

    @model_validator(mode="before")
    @classmethod
    def _given(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        known = {*cls.model_fields, *(field.alias for field in cls.model_fields.values())}
        return {name: one for name, one in values.items() if one is not None or name not in known}
