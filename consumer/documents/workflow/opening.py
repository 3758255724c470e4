"""Everything one workflow needs, put together from its job, the settings and its folder."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from consumer.documents.calls.asking import Bounds, Caller
from consumer.documents.calls.choosing import chains
from consumer.documents.calls.debugging import DebugFiles
from consumer.documents.calls.journal import AnswerJournal
from consumer.documents.calls.models import OperationType, Priority
from consumer.documents.generation.kpis import check_path
from consumer.documents.generation.models import GenerationKind, KpiDefinition
from consumer.documents.neutralization.neutralizer import Neutralizer
from consumer.documents.validation.languages import language_of_request
from consumer.documents.workflow.desk import Wishes
from consumer.documents.workflow.folder import ATTACHMENTS, WORKFLOW, readable_name
from consumer.documents.workflow.formats import named_formats
from consumer.documents.workflow.keeping import Keeper
from consumer.documents.workflow.models import ChatDocument, ChatWorkflow, RequestContext
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.progress import Progress
from consumer.documents.workflow.registry import find_actions
from consumer.documents.workflow.timing import Stopwatch
from syntx.errors import BadRequest, ConfigError
from syntx.job import Job
from syntx.job_options import BadOptions, JobModels, JobOptions
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Gateway
from syntx.settings.models import DocumentModels, Documents

_TABLES = frozenset({"xlsx", "csv"})


@dataclass(frozen=True, slots=True)
class Models:
    """The way to models: `secrets` gives the values of the keys in use."""

    gateway: Gateway
    catalogue: Callable[[], Catalogue]
    secrets: Callable[[], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Order:
    """A job with its options and the settings it is worked under; `home` holds the names file."""

    job: Job
    options: JobOptions
    settings: Documents
    home: Path

    @property
    def deadline(self) -> float:
        """Seconds for the whole job, all its runs together."""
        return self.job.limits.deadline or self.options.deadline or self.settings.deadline

    @property
    def cost(self) -> float | None:
        """What all calls may cost together, in USD."""
        bounds = (self.job.limits.cost, self.options.max_cost)
        return min((bound for bound in bounds if bound is not None), default=None)

    @property
    def neutralize(self) -> bool:
        """Whether personal data is replaced before remote calls."""
        asked = self.options.neutralize
        return self.settings.neutralize if asked is None else asked

    @property
    def models(self) -> DocumentModels:
        """The chains of models: those of job.yaml, else the job's own, else the settings'."""
        own = self.job.models
        chain = JobModels(plan=own, analyse=own, write=own) if own else JobModels()
        return self.options.models.over(chain.over(self.settings.models))

    @property
    def language(self) -> str:
        """The language of the result: as asked for, else that of the request, else the usual."""
        told = self.options.language or language_of_request(self.job.prompt)
        return told or self.settings.language

    @property
    def wishes(self) -> Wishes:
        """How the result should be."""
        settled = bool(self.options.format or self.options.formats)
        named = () if settled else named_formats(self.job.prompt)
        formats = named or self.options.asked_formats(self.settings.format)
        kind: GenerationKind = "data" if _TABLES.issuperset(formats) else "report"
        return Wishes(
            formats=formats,
            settled=settled,
            title=self.options.title,
            language=self.language,
            kind=self.options.kind or kind,
            neutralize=self.neutralize,
            max_steps=self.options.max_steps or self.settings.max_steps,
            accept=self.settings.accept_quality,
        )

    def names(self) -> tuple[str, ...]:
        """Return the names to replace: the job's own and the operator's.

        Raises ConfigError when the operator's file cannot be read: nothing is sent then.
        """
        return (*self.options.names, *_names_in(self.home, self.settings.names))


def open_office(
    order: Order, keeper: Keeper, workflow: ChatWorkflow, models: Models, progress: Progress
) -> Office:
    """Return the means of a workflow; raises BadOptions where a job names an unknown model."""
    _check_models(order, models.catalogue())
    _check_measures(order.options)
    watch = Stopwatch(order.deadline, workflow.seconds)
    folder = keeper.folder.root / WORKFLOW
    neutralizer = _neutralizer(order, folder)
    debug = DebugFiles(folder / "debug", models.secrets) if order.settings.debug_files else None
    caller = Caller(
        models.gateway,
        chains(models.catalogue, order.models),
        AnswerJournal(folder / "answers"),
        trace_id=order.job.id,
        guard=neutralizer,
        debug=debug,
        bounds=Bounds(order.cost, watch.left),
    )
    attached = attachments_of(keeper, neutralizer)
    request = workflow.request or request_of(order, attached, neutralizer)
    return Office(
        workflow=workflow,
        request=request,
        attachments=attached,
        wishes=replace(order.wishes, title=request.title),
        keeper=keeper,
        caller=caller,
        progress=progress,
        registry=find_actions(),
        settings=order.settings.model_copy(update={"models": order.models}),
        neutralizer=neutralizer,
        able=lambda operation: _able(models.catalogue, operation),
        watch=watch,
    )


def _check_measures(options: JobOptions) -> None:
    for kpi in options.kpis:
        try:
            check_path(kpi.json_path)
        except BadRequest as error:
            raise BadOptions(f"job.yaml: {error.message}", fix=error.fix) from error


def request_of(
    order: Order, attached: tuple[ChatDocument, ...], neutralizer: Neutralizer | None
) -> RequestContext:
    """Return what was asked for, without personal data where that is asked for."""
    clean = neutralizer.source if neutralizer else str
    wishes = order.wishes
    kpis = tuple(
        KpiDefinition.model_validate(kpi.model_dump(by_alias=True)) for kpi in order.options.kpis
    )
    return RequestContext(
        prompt=clean(order.job.prompt),
        format=wishes.formats[0],
        title=None if wishes.title is None else clean(wishes.title),
        language=wishes.language,
        neutralize=wishes.neutralize,
        attachments=tuple(one.file_name for one in attached),
        kpis=kpis,
    )


def attachments_of(keeper: Keeper, neutralizer: Neutralizer | None) -> tuple[ChatDocument, ...]:
    """Return what came with the request, in the order of the paths."""
    clean = neutralizer.source if neutralizer else str
    return tuple(
        ChatDocument(
            id=f"att_{number}",
            file_name=clean(readable_name(found.file.removeprefix(f"{ATTACHMENTS}/"))),
            mime_type=mimetypes.guess_type(found.file)[0] or "application/octet-stream",
            size=found.size,
            file=found.file,
        )
        for number, found in enumerate(keeper.folder.files(ATTACHMENTS), 1)
    )


def _neutralizer(order: Order, folder: Path) -> Neutralizer | None:
    if not order.neutralize:
        return None
    mapping, said = folder / "mapping.json", [order.job.prompt, order.options.title or ""]
    return Neutralizer.open(mapping, names=order.names(), sources=said)


def _names_in(home: Path, file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    path = home / file
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: the names to replace cannot be read",
            fix="correct `documents.names` in system.yaml, or write the file as UTF-8",
        ) from error
    plain = (line.partition("#")[0].strip() for line in lines)
    return tuple(name for name in plain if name)


def _check_models(order: Order, catalogue: Catalogue) -> None:
    named = [name for _, chain in order.options.models for name in chain]
    unknown = sorted({*named, *order.job.models} - set(catalogue.names))
    if unknown:
        raise BadOptions(
            f"job.yaml: there is no model named {', '.join(unknown)}",
            fix=f"use some of: {', '.join(catalogue.names)}",
        )


def _able(catalogue: Callable[[], Catalogue], operation: OperationType) -> bool:
    try:
        return bool(catalogue().chain(operation.value, Priority.BALANCED.value))
    except ConfigError:
        return False
