"""``syntx wrappers``: which frames a prompt can be put in."""

from __future__ import annotations

import click
from typing_extensions import TypedDict

from syntx.commands.telling import home_of, print_json, table, visible
from syntx.ground import Ground
from syntx.wrappers import Wrapper


class FieldRow(TypedDict):
    """One part an answer has to have; `weight` is its share of the score, in points."""

    key: str
    heading: str
    weight: float


class WrapperRow(TypedDict):
    """One wrapper; `hash` tells its text."""

    name: str
    terminology: str
    language: str
    version: str
    hash: str
    fields: list[FieldRow]


class Wrappers(TypedDict):
    """The wrappers that can be used, by name."""

    wrappers: list[WrapperRow]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def wrappers(ctx: click.Context, as_json: bool) -> None:
    """List the wrappers found in the wrappers folder.

    Example: syntx wrappers --json
    """
    folder = Ground(home_of(ctx), "wrappers").wrappers
    broken = folder.problems()
    found = [folder.get(name) for name in folder.names() if name not in broken]
    for problem in broken.values():
        told = f"unusable: {problem.message}\n  fix: {problem.fix}"
        click.echo(visible(told), err=True)
    if as_json:
        listed: Wrappers = {"wrappers": [_row(wrapper) for wrapper in found]}
        print_json(listed)
        return
    head = ("WRAPPER", "TERMINOLOGY", "LANGUAGE", "VERSION", "HASH", "FIELDS")
    click.echo(visible(table([_line(wrapper) for wrapper in found], head)))


def _row(wrapper: Wrapper) -> WrapperRow:
    return {
        "name": wrapper.name,
        "terminology": wrapper.terminology,
        "language": wrapper.language,
        "version": wrapper.version,
        "hash": wrapper.digest,
        "fields": [
            {"key": field.key, "heading": field.heading, "weight": field.weight}
            for field in wrapper.fields
        ],
    }


def _line(wrapper: Wrapper) -> tuple[str, ...]:
    fields = ", ".join(field.heading for field in wrapper.fields)
    named = wrapper.name, wrapper.terminology, wrapper.language
    return (*named, wrapper.version, wrapper.digest, fields)
