"""What every record of a document job is made of: snake_case here, camelCase on the wire."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
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
    """The parameters of an action: unknown ones are refused, what can be converted is."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )
