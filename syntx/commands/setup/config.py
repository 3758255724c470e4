"""``syntx config``: is the configuration right, what does it say, and how it is changed."""

from __future__ import annotations

from collections.abc import Iterator

import click
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from syntx.commands.setup.config_editing import edit
from syntx.commands.setup.config_keys import key
from syntx.commands.setup.config_restoring import restore
from syntx.commands.telling import home_of, print_json, visible
from syntx.doctor.reading import Configuration, read, wrapper_problems, wrappers_folder
from syntx.errors import ConfigError, WrapperNotFound
from syntx.ground import Ground
from syntx.home import Home
from syntx.secrets import Secrets
from syntx.settings import reference as settings_reference
from syntx.settings.models import Evolution, Generator, Queue, Scoring, System
from syntx.wrapper_folder import WrapperFolder


class Checked(TypedDict):
    """A configuration that was found right; `models` are those asked for, by the key that does."""

    home: str
    models: dict[str, str]
    wrappers: list[str]
    topics: int
    categories: int
    styles: list[str]


class ShownEndpoint(TypedDict):
    """One file of models; `key_value` is stars, `not set`, or nothing where no key is needed."""

    endpoint: str
    kind: str
    base_url: str
    key: str | None
    key_value: str | None
    models: list[str]


class Shown(TypedDict):
    """All settings with the defaults filled in, and the endpoints."""

    generator: Generator
    queue: Queue
    evolution: Evolution
    system: System
    scoring: Scoring
    models: list[ShownEndpoint]


@click.group()
def config() -> None:
    """Check, show or change the configuration.

    Example: syntx config check
    """


config.add_command(edit)
config.add_command(key)
config.add_command(restore)


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Read every file; exit 78 and name file, line, key and remedy of all that is wrong.

    Example: syntx config check
    """
    home = home_of(ctx)
    found = read(home)
    _raise_all(list({error.message: error for error in _errors(home, found)}.values()))
    checked = _checked(home, found)
    if as_json:
        print_json(checked)
        return
    click.echo(f"{home.root}: configuration is fine.")
    click.echo(f"  {checked['topics']} topics in {checked['categories']} categories")
    click.echo(f"  wrappers: {', '.join(checked['wrappers'])}")
    for setting, model in checked["models"].items():
        click.echo(f"  {setting}: {model}")


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, as it is anyway.")
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """Print all settings with the defaults filled in, as JSON; secrets are masked.

    Example: syntx config show
    """
    ground = Ground(home_of(ctx), "config")
    settings = ground.settings()
    shown: Shown = {
        "generator": settings.generator,
        "queue": settings.queue,
        "evolution": settings.evolution,
        "system": settings.system,
        "scoring": settings.scoring,
        "models": [
            {
                "endpoint": endpoint.name,
                "kind": endpoint.kind,
                "base_url": endpoint.base_url,
                "key": endpoint.key,
                "key_value": _masked(ground, endpoint.key),
                "models": [entry.name for entry in endpoint.models],
            }
            for endpoint in ground.catalogue.current().endpoints
        ],
    }
    print_json(TypeAdapter(Shown).dump_python(shown, mode="json"))


@config.command()
def reference() -> None:
    """Print every setting with its default, as Markdown.

    Example: syntx config reference
    """
    click.echo(settings_reference.reference(), nl=False)


def _raise_all(errors: list[ConfigError]) -> None:
    """Tell all errors but the last, and raise that one; nothing happens without any."""
    for error in errors[:-1]:
        click.echo(f"error: {visible(error.message)}\nfix: {visible(error.fix or '')}", err=True)
    if errors:
        raise errors[-1]


def _errors(home: Home, found: Configuration) -> Iterator[ConfigError]:
    yield from (problem.error for problem in found.problems)
    folder = wrappers_folder(home, found.settings)
    yield from (problem.error for problem in wrapper_problems(folder))
    yield from _wrapper_errors(WrapperFolder(folder), found.settings.system.consumer.wrapper)
    yield from _key_errors(home, found)


def _wrapper_errors(folder: WrapperFolder, wanted: str) -> Iterator[ConfigError]:
    try:
        folder.get(wanted, trusted=True)
    except WrapperNotFound as error:
        yield ConfigError(f"system.yaml consumer.wrapper: {error.message}", fix=error.fix)
    except ConfigError as error:
        yield error


def _key_errors(home: Home, found: Configuration) -> Iterator[ConfigError]:
    """Give an error for each model that is asked for and needs a key that is set nowhere."""
    secrets = Secrets(home.env_file)
    for setting, model in found.asked().items():
        api = found.api_of(model)
        name = None if api is None else api.endpoint.key
        try:
            missing = name is not None and secrets.get(name) is None
        except ConfigError as error:
            yield error
            return
        if missing:
            yield ConfigError(
                f"{setting}: {model} needs the key {name}, which is set nowhere",
                fix=f"syntx config key {name}",
            )


def _checked(home: Home, found: Configuration) -> Checked:
    generator = found.settings.generator
    return {
        "home": str(home.root),
        "models": found.asked(),
        "wrappers": list(WrapperFolder(wrappers_folder(home, found.settings)).names()),
        "topics": sum(len(topics) for topics in generator.topics.values()),
        "categories": len(generator.topics),
        "styles": list(generator.styles.available),
    }


def _masked(ground: Ground, name: str | None) -> str | None:
    if name is None:
        return None
    return "********" if ground.secrets.get(name) else "not set"
