"""Every published schema: its name, what it is of, and the types in the code it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syntx.journal.records import RECORDS

Kind = Literal["file", "log", "output"]
KINDS: dict[Kind, str] = {
    "file": "Files that people write or programs exchange",
    "log": "One line of a log",
    "output": "What a command prints with --json",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One schema. `types` are alternatives; the parts of one, `module:Type`, make one object."""

    name: str
    kind: Kind
    what: str
    types: tuple[tuple[str, ...], ...]
    version: int = 1

    @property
    def id(self) -> str:
        """The schema's own name, which never leads to any host."""
        return f"syntx:schema/{self.name}/{self.version}"


def _file(name: str, target: str, what: str) -> Published:
    return Published(name, "file", what, ((target,),))


def _log(name: str, own: type) -> Published:
    types = ((f"{own.__module__}:{own.__name__}", "syntx.journal.records:Shared"),)
    return Published(f"log-{name.replace('_', '-')}", "log", f"{name}.jsonl", types)


def _output(command: str, *types: str) -> Published:
    parts = tuple(tuple(one.split(" + ")) for one in types)
    return Published(command.replace(" ", "-"), "output", f"syntx {command} --json", parts)


_FILES = (
    _file("job", "syntx.job:Job", "a job's envelope, as it lies in the queue"),
    _file("job-options", "syntx.job_options:JobOptions", "job.yaml in a document job's folder"),
    _file("wrapper-header", "syntx.wrapper_reading:Header", "the header of a wrapper file"),
    _file("generator", "syntx.settings.models:Generator", "config/generator.yaml"),
    _file("queue", "syntx.settings.models:Queue", "config/queue.yaml"),
    _file("evolution", "syntx.settings.models:Evolution", "config/evolution.yaml"),
    _file("system", "syntx.settings.models:System", "config/system.yaml"),
    _file("scoring", "syntx.settings.models:Scoring", "config/scoring.yaml"),
    _file("endpoint", "syntx.llm.catalogue:Endpoint", "one file of config/models/"),
    _file(
        "validation-result",
        "consumer.documents.validation.models:ValidationResult",
        "the verdict about the documents of a job",
    ),
    _file(
        "workflow-state",
        "consumer.documents.workflow.models:ChatWorkflow",
        "workflow/state.json of a document job",
    ),
)
_SUMMARY = "producer.summary:Summary"
_OUTPUTS = (
    _output("run", _SUMMARY, "syntx.commands.working.run:Stopped"),
    _output("batch", _SUMMARY, "syntx.commands.working.run:Stopped"),
    _output("producer", _SUMMARY, "syntx.commands.working.run:Stopped"),
    _output("consumer", "consumer.commands:Done"),
    _output("status", "syntx.observing.snapshot:Snapshot"),
    _output("top", "syntx.top.view:View"),
    _output("doctor", "syntx.doctor.report:Report"),
    _output(
        "failures",
        "syntx.observing.failures:Failures",
        "syntx.observing.failures_spread:Spread",
    ),
    _output("jobs", "syntx.commands.seeing.jobs:Listing"),
    _output(
        "show",
        "syntx.job:Job + syntx.commands.seeing.show:Beside",
        "syntx.commands.seeing.show:Refusal",
    ),
    _output("explain", "syntx.commands.seeing.explaining:Explanation"),
    _output("retry", "syntx.commands.mending.operating:Told"),
    _output("discard", "syntx.commands.mending.operating:Told"),
    _output("generations", "evolution.commands.generations:Curve"),
    _output("analyze", "evolution.reporting:Report + evolution.commands.analyze:Beside"),
    _output("lineage", "evolution.commands.lineage:Family"),
    _output("costs", "syntx.commands.seeing.costs:Costs"),
    _output("logs list", "syntx.commands.keeping.logs:LogFiles"),
    _output("logs load", "syntx.commands.keeping.logs:Loading"),
    _output("metrics", "syntx.monitoring.metrics:Figures"),
    _output("config check", "syntx.commands.setup.config:Checked"),
    _output("config show", "syntx.commands.setup.config:Shown"),
    _output("models", "syntx.commands.setup.models:Models"),
    _output("wrappers", "syntx.commands.setup.wrappers:Wrappers"),
    _output("import", "syntx.commands.keeping.importing:Imported"),
    _output("export", "syntx.commands.keeping.exporting:Exported"),
    _output("schema", "syntx.commands.shell.schema:Listing"),
)

SCHEMAS: dict[str, Published] = {
    each.name: each for each in (*_FILES, *(_log(*log) for log in RECORDS.items()), *_OUTPUTS)
}
"""All of them by name, in the order they are listed in."""
