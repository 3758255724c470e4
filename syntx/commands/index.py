"""Every command: its heading in the help, where its code lies, and what it does in one line."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One command. `target` is `module:name`; `line` fits a line of 80 columns in the help."""

    target: str
    line: str


HEADINGS: dict[str, dict[str, Entry]] = {
    "Begin": {
        "init": Entry(
            "syntx.commands.setup.init:init", "Lay out a home: config, wrappers, folders."
        ),
        "demo": Entry(
            "syntx.commands.working.demo:demo", "See the whole loop turn, with simulated models."
        ),
    },
    "Work": {
        "run": Entry("syntx.commands.working.run:run", "Run producer and consumer until stopped."),
        "batch": Entry(
            "syntx.commands.working.run:batch", "Run one batch of prompts from draft to score."
        ),
        "submit": Entry(
            "syntx.commands.working.submit:submit", "Submit prompts, files or document jobs."
        ),
        "producer": Entry("producer.commands:producer", "Write prompts, by demand or by hand."),
        "consumer": Entry("consumer.commands:consumer", "Answer and score jobs until stopped."),
    },
    "See": {
        "status": Entry(
            "syntx.commands.seeing.status:status", "How full, who works, what is not well."
        ),
        "top": Entry("syntx.commands.seeing.top:top", "Watch everything live."),
        "jobs": Entry(
            "syntx.commands.seeing.jobs:jobs", "List jobs, the newest first, with filters."
        ),
        "show": Entry("syntx.commands.seeing.show:show", "All about one job."),
        "explain": Entry(
            "syntx.commands.seeing.explaining:explain", "Why a job has the score it has."
        ),
        "tail": Entry(
            "syntx.commands.seeing.tail:tail", "The last records of a log, or all to come."
        ),
        "costs": Entry(
            "syntx.commands.seeing.costs:costs", "What the calls cost, by day and model."
        ),
    },
    "Mend": {
        "doctor": Entry(
            "syntx.commands.mending.doctor:doctor",
            "What is wrong, and the one command that mends it.",
        ),
        "failures": Entry(
            "syntx.commands.mending.failures:failures", "What failed, grouped by cause."
        ),
        "retry": Entry("syntx.commands.mending.retrying:retry", "Let jobs that failed wait again."),
        "discard": Entry(
            "syntx.commands.mending.discarding:discard", "Put failures aside, or back."
        ),
    },
    "Learn": {
        "generations": Entry(
            "evolution.commands.generations:generations", "Mean scores by generation; the lift."
        ),
        "analyze": Entry("evolution.commands.analyze:analyze", "What scored well, what is proven."),
        "lineage": Entry("evolution.commands.lineage:lineage_", "A prompt's ancestors and heirs."),
        "evolution": Entry(
            "evolution.commands.rebuilding:evolution", "Look after what was learned."
        ),
    },
    "Look after": {
        "monitor": Entry(
            "syntx.commands.keeping.monitor:monitor", "Write metrics, and raise alerts."
        ),
        "metrics": Entry(
            "syntx.commands.keeping.metrics:metrics", "Print the figures for Prometheus."
        ),
        "logs": Entry(
            "syntx.commands.keeping.logs:logs", "The log files: list, pack, load into SQL."
        ),
        "import": Entry(
            "syntx.commands.keeping.importing:import_", "Take over the jobs of the older system."
        ),
        "export": Entry(
            "syntx.commands.keeping.exporting:export", "Write finished jobs out for others."
        ),
    },
    "Set up": {
        "config": Entry(
            "syntx.commands.setup.config:config", "Check, show or change the configuration."
        ),
        "models": Entry(
            "syntx.commands.setup.models:models", "The models, and whether keys are set."
        ),
        "wrappers": Entry("syntx.commands.setup.wrappers:wrappers", "The wrappers found."),
        "simulator": Entry("syntx.commands.setup.simulator:simulator", "Serve simulated models."),
        "systemd": Entry("syntx.commands.setup.systemd:systemd", "Install as services of systemd."),
        "schema": Entry("syntx.commands.shell.schema:schema", "The schemas of all JSON we print."),
        "completion": Entry("syntx.commands.shell.completion:completion", "Complete with Tab."),
    },
}
"""The headings, and the commands below each, in the order of a user's way."""

COMMANDS: dict[str, Entry] = {
    name: entry for commands in HEADINGS.values() for name, entry in commands.items()
}
