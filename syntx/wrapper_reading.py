"""Reading one wrapper file: an optional YAML header, then the text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Rule

from syntx.errors import ConfigError
from syntx.settings.loading import parse_section
from syntx.terminologies import TERMINOLOGIES, recognised
from syntx.wrappers import Field, Wrapper, fold, heading_key

_MAX_BYTES = 256_000
_HEADER_LINE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HASHED = re.compile(r"^\s{0,3}###\s+(.+?)\s*#*\s*$", re.MULTILINE)
_NUMBERED = re.compile(r"^\s{0,3}\d{1,2}[.)]\s+(.+?)\s*$", re.MULTILINE)
_SUB_HEADING = re.compile(r"^\s{0,3}#{4,6}\s+", re.MULTILINE)
_ABBREVIATION = re.compile(r"\s*\([^()]{1,12}\)\s*$")
_FORM = re.compile(r"[*_`:]+")
_NOT_KEY = re.compile(r"[^a-z0-9]+")


class HeaderField(BaseModel):
    """One section the wrapper asks for; weights are relative to each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Rule(min_length=1)
    heading: str = Rule(min_length=1)
    aliases: tuple[str, ...] = ()
    weight: float = Rule(default=1.0, gt=0)
    min_words: int = Rule(default=5, ge=0)
    parts: tuple[str, ...] = ()


class Header(BaseModel):
    """The YAML header of a wrapper file; without `fields` they are read from its headings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = None
    version: str | int | float = "1"
    terminology: str | None = None
    language: str = Rule(default="de", min_length=2)
    fields: tuple[HeaderField, ...] = ()

    @model_validator(mode="after")
    def _one_field_per_heading(self) -> Self:
        keys = [field.key for field in self.fields]
        names = [
            name
            for field in self.fields
            for name in {heading_key(text) for text in (field.heading, *field.aliases)}
        ]
        if len(set(keys)) < len(keys) or len(set(names)) < len(names):
            raise ValueError("fields: each key, heading and alias must belong to one field only")
        if "" in names:
            raise ValueError("fields: a heading or alias needs at least one letter or digit")
        return self


def read_wrapper(path: Path, name: str) -> Wrapper:
    """Read the wrapper file at `path`; raises ConfigError naming file, line and remedy."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        problem = f"{path}: cannot be read: {error.strerror}"
        raise ConfigError(problem, fix=f"make {path} a readable text file") from error
    return parse_wrapper(raw, path, name)


def parse_wrapper(raw: bytes, path: Path, name: str) -> Wrapper:
    """Turn a wrapper file's bytes into a Wrapper; raises ConfigError (`path` is only named)."""
    header, text = _split(_decoded(raw, path), path)
    section = parse_section(header, path, Header)
    fields = _fields(section, text)
    if not fields:
        raise ConfigError(
            f"{path}: no fields: neither a header with `fields` nor numbered or ### headings",
            fix="write headings such as `1. DRIFT` or `### Kalibrierung`, or a header",
        )
    return Wrapper(
        name=name,
        text=text,
        fields=fields,
        digest=hashlib.sha256(raw).hexdigest()[:16],
        version=str(section.version),
        terminology=section.terminology or _terminology(text),
        language=section.language,
        marker="###" if _HASHED.search(text) else "1.",
    )


def _decoded(raw: bytes, path: Path) -> str:
    if len(raw) > _MAX_BYTES:
        raise ConfigError(f"{path}: larger than {_MAX_BYTES} bytes", fix="keep wrappers short")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8: {error}", fix=f"save {path} as UTF-8") from error
    return text.replace("\r\n", "\n")


def _split(text: str, path: Path) -> tuple[str, str]:
    """Part header and text; the newline in front keeps the header's line numbers right."""
    start = _HEADER_LINE.match(text)
    if start is None:
        return "", text
    end = _HEADER_LINE.search(text, start.end())
    if end is None:
        raise ConfigError(f"{path}:1: the header has no end", fix="close it with a line `---`")
    return text[start.end() : end.start()], text[end.end() :].lstrip("\n")


def _fields(section: Header, text: str) -> tuple[Field, ...]:
    if section.fields:
        scale = 100 / sum(field.weight for field in section.fields)
        return tuple(
            Field(f.key, f.heading, f.aliases, f.weight * scale, f.min_words, f.parts)
            for f in section.fields
        )
    known = TERMINOLOGIES.get(section.terminology or _terminology(text))
    return known if known is not None else _equal_fields(_headings(text))


def _terminology(text: str) -> str:
    has_parts = _SUB_HEADING.search(text) is not None
    return recognised(_headings(text), has_parts=has_parts) or "custom"


def _headings(text: str) -> tuple[str, ...]:
    """Return the text's `###` headings, else its numbered ones."""
    found = _HASHED.findall(text) or _NUMBERED.findall(text)
    return tuple(_ABBREVIATION.sub("", _FORM.sub("", heading)).strip() for heading in found)


def _equal_fields(headings: tuple[str, ...]) -> tuple[Field, ...]:
    keyed: dict[str, str] = {}
    for heading in headings:
        key = _NOT_KEY.sub("_", fold(heading)).strip("_") or heading_key(heading)
        if key:
            keyed.setdefault(key, heading)
    return tuple(Field(key, heading, (), 100 / len(keyed)) for key, heading in keyed.items())
