"""The settings a monitor goes by: the last good ones, and what is wrong with them now."""

from __future__ import annotations

from collections.abc import Mapping

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.llm.folder import CatalogueFolder
from syntx.observing.basics import Basics, basics_of
from syntx.settings.folder import SettingsFolder
from syntx.settings.monitoring import Monitoring


class Config:
    """Reads a home's configuration whenever it changed; raises ConfigError if it begins wrong."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._settings = SettingsFolder(home)
        self._models: CatalogueFolder | None = None
        self.complaint: ConfigError | None = None
        """What is wrong with the files as they are now; of several things, one."""

    def look(self) -> tuple[Basics, Monitoring]:
        """Return what a look at the home needs, as it is now or was last right."""
        settings = self._settings.current()
        self.complaint = self._settings.complaint or self._models_complaint()
        return basics_of(self.home, settings), settings.system.monitoring

    @property
    def packs_logs(self) -> bool:
        """Whether the logs of months that are over are packed."""
        return self._settings.current().system.logging.compress

    @property
    def log_level(self) -> str:
        """Return how much is told."""
        return self._settings.current().system.logging.level

    def providers(self) -> Mapping[str, str]:
        """Return the kind of API each model is asked through, by the model's name."""
        if self._models is None:
            return {}
        endpoints = self._models.current().endpoints
        return {model.name: endpoint.kind for endpoint in endpoints for model in endpoint.models}

    def _models_complaint(self) -> ConfigError | None:
        try:
            if self._models is None:
                self._models = CatalogueFolder(self.home.models)
            self._models.current()
        except ConfigError as error:
            return error
        return self._models.complaint
