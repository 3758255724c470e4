"""``syntx config check|show``: is the configuration right, and what does it say?"""

from __future__ import annotations

import json

import click

from syntx.commands.telling import home_of, print_json
from syntx.errors import ConfigError, WrapperNotFound
from syntx.ground import Ground, named_models
from syntx.settings import reference as settings_reference


@click.group()
def config() -> None:
    """Check or show the configuration."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Read every file; exit 78 and name file, line, key and remedy if one is wrong.

    Example: syntx config check
    """
    ground = Ground(home_of(ctx), "config")
    settings = ground.settings()
    ground.check_models(settings)
    wanted = named_models(settings)
    for problem in ground.wrappers.problems().values():
        raise problem
    wrappers = ground.wrappers.names()
    _check_wrapper(ground)
    _check_keys(ground)
    topics = sum(len(topics) for topics in settings.generator.topics.values())
    found = {
        "home": str(ground.home.root),
        "models": wanted,
        "wrappers": list(wrappers),
        "topics": topics,
        "categories": len(settings.generator.topics),
        "styles": list(settings.generator.styles.available),
    }
    if as_json:
        print_json(found)
    else:
        click.echo(f"{ground.home.root}: configuration is fine.")
        click.echo(f"  {topics} topics in {found['categories']} categories")
        click.echo(f"  wrappers: {', '.join(wrappers)}")
        for key, model in wanted.items():
            click.echo(f"  {key}: {model}")


@config.command()
@click.pass_context
def show(ctx: click.Context) -> None:
    """Print all settings with the defaults filled in, as JSON; secrets are masked.

    Example: syntx config show
    """
    ground = Ground(home_of(ctx), "config")
    shown = json.loads(ground.settings().model_dump_json())
    shown["models"] = [
        {
            "endpoint": endpoint.name,
            "kind": endpoint.kind,
            "base_url": endpoint.base_url,
            "key": endpoint.key,
            "key_value": _masked(ground, endpoint.key),
            "models": [entry.name for entry in endpoint.models],
        }
        for endpoint in ground.catalogue.current().endpoints
    ]
    print_json(shown)


@config.command()
def reference() -> None:
    """Print every setting with its default, as Markdown.

    Example: syntx config reference
    """
    click.echo(settings_reference.reference(), nl=False)


def _check_wrapper(ground: Ground) -> None:
    wrapper = ground.settings().system.consumer.wrapper
    try:
        ground.wrappers.get(wrapper, trusted=True)
    except WrapperNotFound as error:
        message = f"system.yaml consumer.wrapper: {error.message}"
        raise ConfigError(message, fix=error.fix) from error


def _check_keys(ground: Ground) -> None:
    """Raise ConfigError when a model that is asked for needs a key that is set nowhere."""
    catalogue = ground.catalogue.current()
    for key, model in named_models(ground.settings()).items():
        endpoint, _ = catalogue.model(model)
        if endpoint.key is not None and ground.secrets.get(endpoint.key) is None:
            raise ConfigError(
                f"{key}: {model} needs the key {endpoint.key}, which is set nowhere",
                fix=f"put {endpoint.key}=… into {ground.home.env_file} and chmod 600 it",
            )


def _masked(ground: Ground, name: str | None) -> str | None:
    if name is None:
        return None
    return "********" if ground.secrets.get(name) else "not set"
