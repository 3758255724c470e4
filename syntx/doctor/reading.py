"""Reading a home's configuration file by file, so that one broken file hides no other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syntx.errors import ConfigError
from syntx.ground import named_models
from syntx.home import Home
from syntx.llm.catalogue import Catalogue, Endpoint, ModelEntry, model_files
from syntx.settings.folder import load
from syntx.settings.loading import read_section
from syntx.settings.models import Evolution, Generator, Queue, Scoring, Section, Settings, System
from syntx.wrapper_reading import read_wrapper

SHAPES: dict[str, type[Section]] = {
    "generator.yaml": Generator,
    "queue.yaml": Queue,
    "evolution.yaml": Evolution,
    "system.yaml": System,
    "scoring.yaml": Scoring,
}

_YAML_NAME = re.compile(r"\b(?:generator|queue|evolution|system|scoring)\.yaml\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the file (or folder) to be changed."""

    file: Path
    error: ConfigError


@dataclass(frozen=True, slots=True)
class Api:
    """One file of config/models, read."""

    file: Path
    endpoint: Endpoint

    def entry(self, model: str) -> ModelEntry | None:
        """Return the model of that name, None when it is not one of this API's."""
        return next((entry for entry in self.endpoint.models if entry.name == model), None)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What could be read; a broken settings file counts as its defaults."""

    settings: Settings
    apis: tuple[Api, ...]
    problems: tuple[Problem, ...]

    def asked(self) -> dict[str, str]:
        """Return the models that the settings ask for, by the key that names each."""
        return named_models(self.settings)

    def api_of(self, model: str) -> Api | None:
        """Return the API that offers a model."""
        return next((api for api in self.apis if api.entry(model) is not None), None)


def read(home: Home) -> Configuration:
    """Read all settings and models; what is wrong is returned, never raised."""
    settings, problems = _settings(home)
    apis, broken = _apis(home)
    problems += broken
    found = Configuration(settings, tuple(apis), ())
    if not broken:
        problems += _unknown_models(home, found)
    problems += _alert_command(home, settings)
    return Configuration(settings, tuple(apis), tuple(problems))


def wrappers_folder(home: Home, settings: Settings) -> Path:
    """Return where the wrappers lie."""
    return home.path(settings.system.paths.wrappers, "wrappers")


def wrapper_problems(folder: Path) -> Iterator[Problem]:
    """Give what is wrong with which wrapper."""
    for path in wrapper_files(folder):
        try:
            read_wrapper(path, wrapper_name(path))
        except ConfigError as error:
            yield Problem(path, error)


def wrapper_files(folder: Path) -> list[Path]:
    """Return the files that count as wrappers; none where the folder cannot be read."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in paths
        if path.suffix == ".txt" and not path.name.startswith(".") and path.is_file()
    ]


def wrapper_name(path: Path) -> str:
    """Return what a wrapper's file is called by."""
    return path.stem.removeprefix("syntex_wrapper_")


def _settings(home: Home) -> tuple[Settings, list[Problem]]:
    try:
        return load(home), []
    except ConfigError as error:
        together = error
    parts: dict[str, Any] = {}
    problems = []
    for name, shape in SHAPES.items():
        path = home.config / name
        try:
            parts[path.stem] = read_section(path, shape)
        except ConfigError as error:
            problems.append(Problem(path, error))
    return Settings(**parts), problems or [Problem(_file_named(home, together), together)]


def _file_named(home: Home, error: ConfigError) -> Path:
    found = _YAML_NAME.search(error.message)
    return home.config / (found[0] if found else "system.yaml")


def _apis(home: Home) -> tuple[list[Api], list[Problem]]:
    try:
        paths = model_files(home.models)
    except ConfigError as error:
        return [], [Problem(home.models, error)]
    apis, problems = [], []
    for path in paths:
        try:
            endpoint = read_section(path, Endpoint)
        except ConfigError as error:
            problems.append(Problem(path, error))
        else:
            named = endpoint.name or path.stem
            apis.append(Api(path, endpoint.model_copy(update={"name": named})))
    return apis, problems or _twins(home, apis)


def _twins(home: Home, apis: list[Api]) -> list[Problem]:
    """Return what the files say against each other, as two models of one name."""
    try:
        Catalogue.load(home.models)
    except ConfigError as error:
        named = [api.file for api in apis if error.message.startswith(f"{api.file}:")]
        return [Problem(named[0] if named else home.models, error)]
    return []


def _unknown_models(home: Home, found: Configuration) -> Iterator[Problem]:
    names = sorted(entry.name for api in found.apis for entry in api.endpoint.models)
    for key, model in found.asked().items():
        if model not in names:
            error = ConfigError(
                f"{home.config / key.split()[0]}: {key.split()[1]}: no file in {home.models} "
                f"offers a model named {model!r}",
                fix=f"use one of: {', '.join(names) or 'none'}; or add a file that offers it",
            )
            yield Problem(home.config / key.split()[0], error)


def _alert_command(home: Home, settings: Settings) -> Iterator[Problem]:
    command = settings.system.monitoring.alert_command
    # A path with a slash is relative to the home, where the command is run.
    program = str(home.root / command[0]) if command and "/" in command[0] else "".join(command[:1])
    if command and shutil.which(program) is None:
        path = home.config / "system.yaml"
        error = ConfigError(
            f"{path}: monitoring.alert_command: there is no program {command[0]!r}",
            fix="name a program by its whole path, or none",
        )
        yield Problem(path, error)
