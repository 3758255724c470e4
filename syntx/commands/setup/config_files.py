"""Which file of a home is meant, and whether a new version of it would be right."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from syntx.doctor.reading import Problem, read, wrapper_name, wrappers_folder
from syntx.errors import ConfigError, SyntxError
from syntx.home import Home
from syntx.settings.folder import FILES
from syntx.wrapper_reading import parse_wrapper


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file of settings, of models, or a wrapper; `shipped` is its name among the shipped ones."""

    path: Path
    shipped: str

    @property
    def is_wrapper(self) -> bool:
        """Whether it frames prompts."""
        return self.path.suffix == ".txt"


def config_file(home: Home, name: str) -> ConfigFile:
    """Return the file that `queue.yaml`, `models/x.yaml`, `wrappers/x.txt` or a path means.

    It need not be there. Raises ConfigError for what is none of them.
    """
    wrappers = wrappers_folder(home, read(home).settings)
    found = _classified(home, wrappers, _meant(home, wrappers, Path(name).expanduser()))
    if found is None:
        raise ConfigError(
            f"{name} is no file of settings, of models, and no wrapper of {home.root}",
            fix=f"name one of {', '.join(FILES)}, models/NAME.yaml or wrappers/NAME.txt",
        )
    return found


def new_problems(home: Home, file: ConfigFile, content: bytes) -> list[ConfigError]:
    """Return what would be wrong with the file, or come to be wrong because of it."""
    if file.is_wrapper:
        return _problem_of_wrapper(file.path, content)
    before = {_told(problem, home, home) for problem in read(home).problems}
    try:
        return _compared(home, file, content, before)
    except OSError as error:
        raise SyntxError(
            f"{home.config} cannot be read as a whole, so nothing was checked",
            fix="syntx doctor --only permissions",
        ) from error


def _compared(home: Home, file: ConfigFile, content: bytes, before: set[str]) -> list[ConfigError]:
    with tempfile.TemporaryDirectory(prefix="syntx-check-") as folder:
        copy = _copy(home, Path(folder), file, content)
        after = read(copy).problems
        return [
            ConfigError(_told(problem, copy, home), fix=_placed(problem.error, copy, home))
            for problem in after
            if home.root / problem.file.relative_to(copy.root) == file.path
            or _told(problem, copy, home) not in before
        ]


def _meant(home: Home, wrappers: Path, given: Path) -> Path:
    if given.is_absolute():
        return given
    inner = Path(*given.parts[1:])
    match given.parts[:1]:
        case ("config",):
            return home.config / inner
        case ("models",):
            return home.models / inner
        case ("wrappers",):
            return wrappers / inner
    if given.suffix == ".txt":
        return wrappers / given
    return (home.config if given.name in FILES else home.models) / given


def _classified(home: Home, wrappers: Path, path: Path) -> ConfigFile | None:
    if path.name.startswith("."):
        return None
    folder = path.parent.resolve()
    if folder == home.config.resolve() and path.name in FILES:
        return ConfigFile(home.config / path.name, f"config/{path.name}")
    if folder == home.models.resolve() and path.suffix in (".yaml", ".yml"):
        return ConfigFile(home.models / path.name, f"config/models/{path.name}")
    if folder == wrappers.resolve() and path.suffix == ".txt":
        return ConfigFile(wrappers / path.name, f"wrappers/{path.name}")
    return None


def _problem_of_wrapper(path: Path, content: bytes) -> list[ConfigError]:
    try:
        parse_wrapper(content, path, wrapper_name(path))
    except ConfigError as error:
        return [error]
    return []


def _copy(home: Home, folder: Path, file: ConfigFile, content: bytes) -> Home:
    """Lay out a home with the new version in it; all but its config is a link to the real one."""
    copy = Home(folder.resolve() / "home")
    shutil.copytree(home.config, copy.config, ignore=_hidden, ignore_dangling_symlinks=True)
    for entry in home.root.iterdir():
        if entry.name != "config":
            (copy.root / entry.name).symlink_to(entry)
    target = copy.config / file.path.relative_to(home.config)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return copy


def _hidden(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or name == "examples"]


def _told(problem: Problem, seen: Home, home: Home) -> str:
    return problem.error.message.replace(str(seen.root), str(home.root))


def _placed(error: SyntxError, seen: Home, home: Home) -> str | None:
    return None if error.fix is None else error.fix.replace(str(seen.root), str(home.root))
