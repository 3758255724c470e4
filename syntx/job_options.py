"""What a `job.yaml` may say: the strict reading of a document job's options (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from syntx.errors import BadRequest, in_plain_words
from syntx.settings.documents import DocumentModels, Format


class BadOptions(BadRequest):
    """The options of a document job say something that cannot be followed."""

    reason = "bad_options"


def _lowered(value: Any) -> Any:
    return value.strip().lower().removeprefix(".") if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Language = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=35)]
AskedFormat = Annotated[Format, BeforeValidator(_lowered)]
Chain = Annotated[
    tuple[Line, ...], BeforeValidator(_listed, json_schema_input_type=Line | tuple[Line, ...])
]
Formats = Annotated[
    tuple[AskedFormat, ...],
    BeforeValidator(_listed, json_schema_input_type=Format | tuple[Format, ...]),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class JobModels(_Part):
    """Chains of models for one job, the first first; a single name is a chain of one."""

    plan: Chain = ()
    analyse: Chain = ()
    write: Chain = ()
    judge: Chain = ()

    def over(self, models: DocumentModels) -> DocumentModels:
        """Return the chains of the settings, replaced where this job names its own."""
        own = {name: chain for name, chain in self if chain}
        return models.model_copy(update=own)


class JobKpi(_Part):
    """A measure the result must reach; its keys are `id`, `jsonPath`, `targetValue` and so on."""

    id: Line
    description: str = ""
    json_path: Line
    target_value: int | float | str
    tolerance: float = Field(default=0.0, ge=0, allow_inf_nan=False)

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=False
    )


class JobOptions(_Part):
    """How the result of a document job should be; what is None, the settings decide."""

    format: AskedFormat | None = None
    formats: Formats = ()
    title: Line | None = None
    language: Language | None = None
    neutralize: bool | None = None
    models: JobModels = JobModels()
    kpis: tuple[JobKpi, ...] = Field(default=(), max_length=100)
    complexity: Literal["simple", "moderate", "complex"] | None = None
    kind: Literal["report", "analysis", "data"] | None = None
    max_steps: int | None = Field(default=None, ge=1, le=100)
    names: tuple[Line, ...] = Field(default=(), max_length=10_000)
    max_cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    deadline: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        if self.format is not None and self.formats:
            raise ValueError("give either `format` or `formats`, not both")
        if len(set(self.formats)) < len(self.formats):
            raise ValueError("`formats` names a format twice")
        if len({kpi.id for kpi in self.kpis}) < len(self.kpis):
            raise ValueError("two of `kpis` have the same id")
        return self

    def asked_formats(self, default: Format) -> tuple[Format, ...]:
        """Return the formats to render, in their order; `default` where the job names none."""
        return self.formats or ((self.format,) if self.format else (default,))


def read_job_options(options: Mapping[str, Any]) -> JobOptions:
    """Read the mapping of a `job.yaml`; raises BadOptions, which tells all that is wrong."""
    try:
        return JobOptions.model_validate(options)
    except ValidationError as error:
        told = "; ".join(_told(one) for one in error.errors(include_url=False)[:10])
        raise BadOptions(
            f"job.yaml: {told}", fix=f"correct it; its keys: {known_keys()}"
        ) from error


def known_keys() -> str:
    """Name the keys of a `job.yaml`, as messages list them."""
    return ", ".join(JobOptions.model_fields)


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{where} is unknown"
    said = in_plain_words(error["msg"])
    return f"{where}: {said[0].lower()}{said[1:]}" if where else said
