"""All settings as one snapshot; each YAML file's shape is a module of its own."""

from __future__ import annotations

from syntx.settings.documents import DocumentModels, Documents, Extraction
from syntx.settings.evolution import (
    Evolution,
    EvolutionLogging,
    EvolutionProducer,
    Generation,
    Learning,
    Steering,
)
from syntx.settings.generator import Budget, Generator, GeneratorModel, Languages, Styles, Topic
from syntx.settings.monitoring import Monitoring
from syntx.settings.queueing import Production, Queue, QueuePaths, Thresholds
from syntx.settings.scoring import Judge, Scoring, Weights
from syntx.settings.section import Seconds, Section, Share, Weight
from syntx.settings.system import Consumer, Gateway, System, SystemLogging, SystemPaths

__all__ = [
    "Budget",
    "Consumer",
    "DocumentModels",
    "Documents",
    "Evolution",
    "EvolutionLogging",
    "EvolutionProducer",
    "Extraction",
    "Gateway",
    "Generation",
    "Generator",
    "GeneratorModel",
    "Judge",
    "Languages",
    "Learning",
    "Monitoring",
    "Production",
    "Queue",
    "QueuePaths",
    "Scoring",
    "Seconds",
    "Section",
    "Settings",
    "Share",
    "Steering",
    "Styles",
    "System",
    "SystemLogging",
    "SystemPaths",
    "Thresholds",
    "Topic",
    "Weight",
    "Weights",
]


class Settings(Section):
    """All files together, as one snapshot."""

    generator: Generator = Generator()
    queue: Queue = Queue()
    evolution: Evolution = Evolution()
    system: System = System()
    scoring: Scoring = Scoring()
