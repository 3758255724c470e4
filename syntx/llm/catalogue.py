"""The catalogue of models: one YAML file per API, every model under a name of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from syntx.errors import ConfigError
from syntx.llm.choosing import Candidate, ranked
from syntx.llm.contract import Operation, Priority
from syntx.settings.loading import read_section
from syntx.settings.models import Seconds, Section

Dollars = Annotated[float, Field(ge=0)]

_RARE: frozenset[Operation] = frozenset({"webSearch", "webCrawl", "imageGenerate"})
"""What hardly any model does; one that does lists it."""

_USUAL: frozenset[Operation] = frozenset(get_args(Operation)) - _RARE


class Price(Section):
    """What a model costs, in USD per million tokens."""

    input: Dollars
    output: Dollars


class ModelEntry(Section):
    """One model: its size in tokens, its price, and what it is good for.

    `rank` orders by quality: 1 is the best, larger numbers are lighter and faster models.
    `id` is the name the API knows it by, when that differs from `name`.
    `omit` names sampling values the API refuses for this model.
    """

    name: str = Field(min_length=1)
    id: str | None = None
    context: int | None = Field(default=None, ge=1)
    max_output: int | None = Field(default=None, ge=1)
    price: Price | None = None
    operations: frozenset[Operation] = _USUAL
    rank: int = Field(default=10, ge=1)
    max_tokens_key: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    omit: frozenset[Literal["temperature", "top_p", "max_tokens"]] = frozenset()


class Endpoint(Section):
    """One API and its models, as one file in `config/models` describes it.

    `rate` is calls per minute; timeouts are seconds and override those of system.yaml. `local` says
    whether what is sent there stays in the operator's hands.
    """

    name: str = ""
    kind: Literal["openai", "syntx_chat", "simulator"] = "openai"
    base_url: str
    key: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    concurrency: int = Field(default=8, ge=1, le=1024)
    rate: float | None = Field(default=None, gt=0)
    connect_timeout: Seconds | None = None
    read_timeout: Seconds | None = None
    wrap: Literal["here", "there"] = "here"
    neutral_mode: str = "none"
    path: str = Field(default="/api/chat", pattern=r"^/")
    local: bool | None = None
    models: tuple[ModelEntry, ...] = Field(min_length=1)

    @field_validator("base_url")
    @classmethod
    def _plain_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be a URL like https://host/v1")
        if parts.username or parts.password:
            raise ValueError("must not hold a password; put it into .env and name it under `key`")
        if parts.port == 0:
            raise ValueError("port 0 cannot be reached")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _only_calibrators_wrap(self) -> Self:
        if self.kind != "syntx_chat" and self.wrap == "there":
            raise ValueError("`wrap: there` is for kind syntx_chat only")
        return self

    @property
    def is_local(self) -> bool:
        """Whether personal data may be sent there: only what the file says, or the simulator."""
        return self.kind == "simulator" if self.local is None else self.local

    def entry(self, name: str) -> ModelEntry:
        """Return the model of that name; raises KeyError when it is not one of this API's."""
        for entry in self.models:
            if entry.name == name:
                return entry
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Target:
    """A model as it can be asked: its entry and the API it is reached through."""

    endpoint: Endpoint
    entry: ModelEntry

    @property
    def name(self) -> str:
        """The name it has in the catalogue."""
        return self.entry.name

    @property
    def context(self) -> int | None:
        """Tokens of prompt and answer together; None when the file does not say."""
        return self.entry.context

    @property
    def max_output(self) -> int | None:
        """The longest answer in tokens; None when the file does not say."""
        return self.entry.max_output

    @property
    def is_local(self) -> bool:
        """Whether personal data may be sent there."""
        return self.endpoint.is_local


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models of a folder, a snapshot."""

    folder: Path
    endpoints: tuple[Endpoint, ...]
    _models: Mapping[str, tuple[Endpoint, ModelEntry]] = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read every YAML file of the folder; raises ConfigError naming file, key and remedy."""
        paths = model_files(folder)
        read = [(path, read_section(path, Endpoint)) for path in paths]
        named = [(path, _with_name(found, path)) for path, found in read]
        return cls(folder, tuple(endpoint for _, endpoint in named), _index(named))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all models, sorted."""
        return tuple(sorted(self._models))

    def model(self, name: str) -> tuple[Endpoint, ModelEntry]:
        """Return a model and its API; raises ConfigError naming those there are."""
        found = self._models.get(name)
        if found is None:
            known = ", ".join(self.names) or "none"
            raise ConfigError(
                f"{self.folder}: no file offers a model named {name!r}",
                fix=f"use one of: {known}; or add a file with `models: [{{name: {name}}}]`",
            )
        return found

    def targets(self, names: Sequence[str]) -> tuple[Target, ...]:
        """Return the models of those names in order; raises ConfigError for an unknown one."""
        return tuple(Target(*self.model(name)) for name in dict.fromkeys(names))

    def chain(
        self,
        operation: Operation,
        priority: Priority = "balanced",
        needed_tokens: int = 0,
        skip: Collection[str] = (),
    ) -> tuple[Target, ...]:
        """Return the models for an operation that have room for `needed_tokens`, the best first.

        APIs named in `skip` come last. Raises ConfigError when no model does the operation and
        ContextExceeded when none has the room.
        """
        able = [pair for pair in self._models.values() if operation in pair[1].operations]
        if not able:
            raise ConfigError(
                f"{self.folder}: no model does the operation {operation!r}",
                fix=f"add {operation} to `operations` of a model in {self.folder}",
            )
        order = ranked([_candidate(*pair) for pair in able], priority, needed_tokens, skip)
        return self.targets([one.name for one in order])


def model_files(folder: Path) -> list[Path]:
    """Return the YAML files directly in the folder; raises ConfigError when it is not there."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder", fix="make it, with one YAML file per API")
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
    )


def _with_name(endpoint: Endpoint, path: Path) -> Endpoint:
    return endpoint if endpoint.name else endpoint.model_copy(update={"name": path.stem})


def _index(
    named: list[tuple[Path, Endpoint]],
) -> Mapping[str, tuple[Endpoint, ModelEntry]]:
    models: dict[str, tuple[Endpoint, ModelEntry]] = {}
    home: dict[str, Path] = {}
    endpoints: dict[str, Path] = {}
    for path, endpoint in named:
        _claim(endpoints, endpoint.name, path, "endpoint")
        for entry in endpoint.models:
            _claim(home, entry.name, path, "model")
            models[entry.name] = (endpoint, entry)
    return MappingProxyType(models)


def _claim(taken: dict[str, Path], name: str, path: Path, what: str) -> None:
    if name in taken:
        where = "twice" if taken[name] == path else f"in {taken[name]} too"
        raise ConfigError(
            f"{path}: the {what} name {name!r} stands {where}",
            fix="rename one of them (the `id` key keeps the name the API knows a model by)",
        )
    taken[name] = path


def _candidate(endpoint: Endpoint, entry: ModelEntry) -> Candidate:
    price = None if entry.price is None else entry.price.input + entry.price.output
    return Candidate(entry.name, endpoint.name, entry.rank, price, entry.context)
