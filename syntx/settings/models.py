"""The shape of the four YAML files; every default is written here and only here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0)]
Weight = Annotated[float, Field(ge=0)]


class Section(BaseModel):
    """A part of the settings: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- generator.yaml -------------------------------------------------------------------------


class Topic(Section):
    """A topic and how often it is drawn relative to others; weight 0 excludes it."""

    name: str = Field(min_length=1)
    weight: Weight = 1.0


class GeneratorModel(Section):
    """The model that words the prompts, and how it samples."""

    model: str = "simulator-writer"
    temperature: float = Field(default=0.7, ge=0, le=2)
    top_p: float = Field(default=1.0, gt=0, le=1)
    max_tokens: int = Field(default=500, ge=1)
    deadline: Seconds = 300.0


class Styles(Section):
    """The styles to choose from; `words` describes a style to the generator model."""

    available: tuple[str, ...] = Field(
        default=("technisch", "kreativ", "akademisch", "casual"), min_length=1
    )
    default: str | None = None
    words: dict[str, str] = {}

    @model_validator(mode="after")
    def _default_is_available(self) -> Self:
        if self.default is not None and self.default not in self.available:
            raise ValueError(f"default {self.default!r} is not among {', '.join(self.available)}")
        return self


class Languages(Section):
    """The languages prompts are written in, with optional weights."""

    enabled: tuple[str, ...] = ("de",)
    weights: dict[str, Weight] = {}


class Budget(Section):
    """What the producer may spend on a UTC day, in USD; None is no ceiling."""

    daily: float | None = Field(default=None, ge=0)


class Generator(Section):
    """generator.yaml: what to ask about, and who words it."""

    openai: GeneratorModel = GeneratorModel()
    topics: dict[str, tuple[Topic, ...]] = {}
    styles: Styles = Styles()
    languages: Languages = Languages()
    budget: Budget = Budget()
    concurrency: int = Field(default=4, ge=1, le=64)
    stop_after_errors: int = Field(default=5, ge=1)

    @field_validator("topics", mode="before")
    @classmethod
    def _names_are_topics(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            category: [{"name": item} if isinstance(item, str) else item for item in items or []]
            for category, items in value.items()
        }

    @field_validator("styles", mode="before")
    @classmethod
    def _list_is_available(cls, value: Any) -> Any:
        return {"available": value} if isinstance(value, list) else value

    def category_of(self, topic: str) -> str | None:
        """Return the category a listed topic stands under, or None."""
        for category, topics in self.topics.items():
            if any(listed.name.casefold() == topic.casefold() for listed in topics):
                return category
        return None


# --- queue.yaml -----------------------------------------------------------------------------


class QueuePaths(Section):
    """Where the queue lies; relative to the home."""

    base: Path | None = None


class Thresholds(Section):
    """Inclusive upper bounds of waiting jobs for each state of the queue."""

    starving: int = Field(default=0, ge=0)
    low: int = Field(default=4, ge=0)
    balanced: int = Field(default=24, ge=0)
    high: int = Field(default=49, ge=0)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        bounds = [self.starving, self.low, self.balanced, self.high]
        if bounds != sorted(set(bounds)):
            raise ValueError("starving < low < balanced < high must hold")
        return self


class Production(Section):
    """How many prompts are written in each state of the queue."""

    starving: int = Field(default=20, ge=0)
    low: int = Field(default=15, ge=0)
    balanced: int = Field(default=10, ge=0)
    high: int = Field(default=0, ge=0)
    overflow: int = Field(default=0, ge=0)


class Queue(Section):
    """queue.yaml: where jobs lie, how many are enough, and how often they are tried."""

    paths: QueuePaths = QueuePaths()
    thresholds: Thresholds = Thresholds()
    production: Production = Production()
    durability: Literal["full", "relaxed"] = "full"
    max_attempts: int = Field(default=3, ge=1)
    max_rescues: int = Field(default=3, ge=0, le=9)
    retry_delay: Seconds = 60.0
    max_retry_delay: Seconds = 3600.0
    settle_seconds: float = Field(default=2.0, ge=0)
    poll_seconds: Seconds = 2.0
    watch: bool = True
    max_entry_bytes: int = Field(default=1_000_000, ge=1)
    max_folder_bytes: int = Field(default=200_000_000, ge=1)
    min_free_bytes: int = Field(default=200_000_000, ge=0)
    min_free_inodes: int = Field(default=10_000, ge=0)
    reserve_bytes: int = Field(default=16_000_000, ge=0)


# --- evolution.yaml -------------------------------------------------------------------------


class Learning(Section):
    """What is learned from, and what happens to jobs that were learned from."""

    enabled: bool = True
    max_samples: int = Field(default=50, ge=1)
    min_score: int = Field(default=90, ge=0, le=100)
    archive_after_read: bool = True


class Generation(Section):
    """How large a generation is, and which share of it follows what was learned."""

    batch_size: int = Field(default=20, ge=1, le=1000)
    feedback_strength: Share = 0.8


class Steering(Section):
    """How evidence steers the choice of recipes (score points where they apply)."""

    temper: float = Field(default=0.3, ge=0, le=2)
    cell_cap: float = Field(default=0.15, gt=0, le=1)
    topic_cap: float = Field(default=0.15, gt=0, le=1)
    score_floor: float = Field(default=50.0, ge=0, lt=100)
    min_rows: int = Field(default=20, ge=0)
    min_control: int = Field(default=2, ge=0)
    seed: int = 0


class EvolutionProducer(Section):
    """The evolutionary producer: learning, generation, steering."""

    learning: Learning = Learning()
    generation: Generation = Generation()
    steering: Steering = Steering()
    patterns: dict[str, str] = {}
    interval_seconds: Seconds = 10.0


class EvolutionLogging(Section):
    """Where the generations are logged; relative to the home."""

    evolution_log: Path | None = None


class Evolution(Section):
    """evolution.yaml: how the system learns."""

    producer: EvolutionProducer = EvolutionProducer()
    logging: EvolutionLogging = EvolutionLogging()


# --- system.yaml ----------------------------------------------------------------------------


class SystemPaths(Section):
    """Where wrappers and queue lie; relative to the home."""

    wrappers: Path = Path("wrappers")
    queue: Path | None = None


class SystemLogging(Section):
    """Where the logs lie (relative to the home), and how much the services tell."""

    base_dir: Path = Path("logs")
    level: Literal["debug", "info", "warning", "error"] = "info"


class Consumer(Section):
    """The consumer: which model answers, how many at once, and what a good answer is."""

    model: str = "simulator-target"
    models_by_wrapper: dict[str, str] = {}
    wrapper: str = "human"
    in_flight: int = Field(default=8, ge=1, le=1024)
    accept_score: int | None = Field(default=90, ge=0, le=100)
    max_new_tokens: int = Field(default=1024, ge=1)
    temperature: float = Field(default=0.3, ge=0, le=2)
    top_p: float = Field(default=0.85, gt=0, le=1)
    deadline: Seconds = 3600.0
    drain_seconds: float = Field(default=30.0, ge=0)
    stop_after_errors: int = Field(default=3, ge=1)


class Gateway(Section):
    """How calls to models are retried and bounded (seconds)."""

    connect_timeout: Seconds = 30.0
    read_timeout: Seconds = 1800.0
    max_tries: int = Field(default=4, ge=1, le=20)
    backoff: Seconds = 1.0
    max_backoff: Seconds = 60.0
    cool_down: float = Field(default=30.0, ge=0)
    cool_down_after: int = Field(default=5, ge=1)


class System(Section):
    """system.yaml: paths, logs, the consumer and the calls to models."""

    paths: SystemPaths = SystemPaths()
    logging: SystemLogging = SystemLogging()
    consumer: Consumer = Consumer()
    gateway: Gateway = Gateway()


class Settings(Section):
    """All four files together, as one snapshot."""

    generator: Generator = Generator()
    queue: Queue = Queue()
    evolution: Evolution = Evolution()
    system: System = System()
