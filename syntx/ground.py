"""What every service stands on: the settings, logs, wrappers, models and spool of a home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.journal.logs import Logs
from syntx.secrets import Secrets
from syntx.settings.folder import SettingsFolder, queue_root
from syntx.settings.models import Settings
from syntx.wrapper_folder import WrapperFolder

if TYPE_CHECKING:
    from syntx.llm.contract import Answer, Request
    from syntx.llm.folder import CatalogueFolder
    from syntx.llm.gateway import ModelGateway
    from syntx.spool.files import FileSpool

log = structlog.get_logger()


class Ground:
    """A home, read and checked; raises ConfigError when it is not fit to start."""

    def __init__(self, home: Home, service: str) -> None:
        self.home = home
        self._settings = SettingsFolder(home)
        settings = self._settings.current()
        self.secrets = Secrets(home.env_file)
        self.logs = Logs(
            home.path(settings.system.logging.base_dir, "logs"),
            service,
            evolution_log=home.path(
                settings.evolution.logging.evolution_log, "logs/evolution.jsonl"
            ),
            daily=settings.system.logging.rotate == "daily",
        )
        self.wrappers = WrapperFolder(home.path(settings.system.paths.wrappers, "wrappers"))
        self._told: str | None = None

    @property
    def queue(self) -> Path:
        """The queue's folder."""
        return queue_root(self.home, self._settings.current())

    def settings(self) -> Settings:
        """Return the settings as they are now; a bad edit is told once and changes nothing."""
        settings = self._settings.current()
        complaint = self._settings.complaint
        told = None if complaint is None else complaint.message
        if complaint is not None and told != self._told:
            _tell_kept(complaint)
        self._told = told
        return settings

    @cached_property
    def catalogue(self) -> CatalogueFolder:
        """The model catalogue; raises ConfigError naming the file at fault."""
        from syntx.llm.folder import CatalogueFolder

        return CatalogueFolder(self.home.models, on_complaint=_tell_kept)

    def check_models(self, settings: Settings) -> None:
        """Raise ConfigError when the settings name a model that no file offers."""
        for key, model in named_models(settings).items():
            try:
                self.catalogue.current().model(model)
            except ConfigError as error:
                raise ConfigError(f"{key}: {error.message}", fix=error.fix) from error

    @asynccontextmanager
    async def open_spool(self) -> AsyncIterator[FileSpool]:
        """Open the queue of this home as one more worker."""
        from syntx.service import configure_logging
        from syntx.spool.files import FileSpool
        from syntx.spool.opening import SpoolOptions
        from syntx.spool.space import Watermarks

        queue = self.settings().queue
        options = SpoolOptions(
            durability=queue.durability,
            max_rescues=queue.max_rescues,
            max_retry_delay=queue.max_retry_delay,
            settle_seconds=queue.settle_seconds,
            poll_seconds=queue.poll_seconds,
            watch=queue.watch,
            max_entry_bytes=queue.max_entry_bytes,
            max_folder_bytes=queue.max_folder_bytes,
            watermarks=Watermarks(queue.min_free_bytes, queue.min_free_inodes, queue.reserve_bytes),
            notice=_tell_notice,
        )
        if not structlog.is_configured():
            # What a spool notices is talk; a command's stdout is data.
            configure_logging("warning")
        spool = FileSpool.open(self.queue, options)
        try:
            yield spool
        finally:
            await spool.close()

    @asynccontextmanager
    async def open_gateway(self) -> AsyncIterator[ModelGateway]:
        """Open the models of this home; every answered call is one line of costs.jsonl."""
        from syntx.llm.gateway import Hooks, ModelGateway
        from syntx.llm.lines import import_clients

        # An SDK takes a second or more to import, in which a running service would stand still.
        await asyncio.to_thread(import_clients, self.catalogue.current().endpoints)
        gateway = ModelGateway(
            self.catalogue,
            self.secrets,
            self.settings().system.gateway,
            Hooks(on_call=self._log_cost),
        )
        try:
            yield gateway
        finally:
            await gateway.close()

    def _log_cost(self, request: Request, answer: Answer) -> None:
        from syntx.journal.records import CallCost
        from syntx.llm.recording import cost_record

        record: CallCost = {
            "operation": request.operation,
            "model": answer.model,
            **cost_record(answer),
            "simulated": answer.simulated,
            "duration_ms": round(answer.duration * 1000),
        }
        self.logs.write("costs", record, job_id=request.trace_id, trace_id=request.trace_id)


def _tell_notice(event: str, details: Mapping[str, object]) -> None:
    log.warning(event, **details)


def named_models(settings: Settings) -> dict[str, str]:
    """Return the models the settings ask for, by the key that names each."""
    consumer = settings.system.consumer
    wrappers = {
        f"system.yaml consumer.models_by_wrapper.{wrapper}": model
        for wrapper, model in consumer.models_by_wrapper.items()
    }
    judge = settings.scoring.judge
    chains = {
        f"system.yaml documents.models.{purpose}[{place}]": name
        for purpose, names in settings.system.documents.models
        for place, name in enumerate(names)
    }
    judges = {"scoring.yaml judge.model": judge.model} if judge.enabled and judge.model else {}
    return {
        "generator.yaml openai.model": settings.generator.openai.model,
        "system.yaml consumer.model": consumer.model,
        **wrappers,
        **chains,
        **judges,
    }


def _tell_kept(complaint: ConfigError) -> None:
    log.error("last_good_settings_kept", message=complaint.message, fix=complaint.fix)
