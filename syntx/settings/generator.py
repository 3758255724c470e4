"""The shape of generator.yaml; every default is written here and only here."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from syntx.settings.section import Seconds, Section, Weight


class Topic(Section):
    """A topic and how often it is drawn relative to others; weight 0 excludes it."""

    name: str = Field(min_length=1)
    weight: Weight = 1.0


class GeneratorModel(Section):
    """The model that words the prompts, and how it samples."""

    model: str = Field(default="simulator-writer", description="the model that words the prompts")
    temperature: float = Field(default=0.7, ge=0, le=2, description="its sampling temperature")
    top_p: float = Field(default=1.0, gt=0, le=1, description="its nucleus sampling")
    max_tokens: int = Field(default=500, ge=1, description="the longest draft, in tokens")
    deadline: Seconds = Field(
        default=300.0, description="seconds for one draft, all tries together"
    )


class Styles(Section):
    """The styles to choose from; `words` describes a style to the generator model."""

    available: tuple[str, ...] = Field(
        default=("technisch", "kreativ", "akademisch", "casual"),
        min_length=1,
        description="the styles prompts are written in",
    )
    default: str | None = Field(default=None, description="the style of jobs that name none")
    words: dict[str, str] = Field(
        default={}, description="by style: how it is told to the generator model"
    )

    @model_validator(mode="after")
    def _default_is_available(self) -> Self:
        if self.default is not None and self.default not in self.available:
            raise ValueError(f"default {self.default!r} is not among {', '.join(self.available)}")
        return self


class Languages(Section):
    """The languages prompts are written in, with optional weights."""

    enabled: tuple[str, ...] = Field(
        default=("de",), description="the languages prompts are written in"
    )
    weights: dict[str, Weight] = Field(
        default={}, description="by language: how often it is drawn, else 1"
    )


class Budget(Section):
    """What the producer may spend on a UTC day, in USD; None is no ceiling."""

    daily: float | None = Field(
        default=None, ge=0, description="USD the producer may spend on a UTC day; none: no ceiling"
    )


class Generator(Section):
    """generator.yaml: what to ask about, and who words it."""

    openai: GeneratorModel = GeneratorModel()
    topics: dict[str, tuple[Topic, ...]] = Field(
        default={},
        description="by category: topics, each a name or `{name, weight}`; weight 0 excludes it",
    )
    styles: Styles = Styles()
    languages: Languages = Languages()
    budget: Budget = Budget()
    concurrency: int = Field(default=4, ge=1, le=64, description="drafts asked for at once")
    stop_after_errors: int = Field(
        default=5, ge=1, description="drafts in a row that may fail before a generation pauses"
    )

    @field_validator(
        "topics", mode="before", json_schema_input_type=dict[str, list[str | Topic] | None]
    )
    @classmethod
    def _names_are_topics(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            category: [{"name": item} if isinstance(item, str) else item for item in items or []]
            for category, items in value.items()
        }

    @field_validator("styles", mode="before", json_schema_input_type=Styles | list[str])
    @classmethod
    def _list_is_available(cls, value: Any) -> Any:
        return {"available": value} if isinstance(value, list) else value

    def category_of(self, topic: str) -> str | None:
        """Return the category a listed topic stands under, or None."""
        for category, topics in self.topics.items():
            if any(listed.name.casefold() == topic.casefold() for listed in topics):
                return category
        return None
