"""Reading YAML files into sections; every error names file, line, key and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from syntx.errors import ConfigError, in_plain_words

M = TypeVar("M", bound=BaseModel)

_MAX_BYTES = 1_000_000


def _named(path: Path) -> str:
    return f"models/{path.name}" if path.parent.name == "models" else path.name


def read_section(path: Path, model: type[M]) -> M:
    """Read one YAML file into `model`; an absent file gives the defaults.

    Raises ConfigError naming file, line, key and remedy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read: {error}", fix=f"make {path} UTF-8 text"
        ) from error
    return parse_section(text, path, model)


def parse_section(text: str, path: Path, model: type[M]) -> M:
    """Turn YAML text into `model`; `path` is named in errors."""
    if len(text) > _MAX_BYTES:
        raise ConfigError(f"{path}: larger than {_MAX_BYTES} bytes", fix="keep settings small")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f":{mark.line + 1}"
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(
            f"{path}{line}: not valid YAML: {problem}", fix=f"syntx config edit {_named(path)}"
        ) from error
    _refuse_twins(root, path)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: must hold keys and values", fix="write `key: value` lines")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _explain(error, path, root, model) from error


def _refuse_twins(node: yaml.Node | None, path: Path) -> None:
    """Raise ConfigError for a key that stands twice; YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConfigError(
                    f"{path}:{key.start_mark.line + 1}: {key.value}: stands here a second time",
                    fix=f"keep one of the two {key.value!r}",
                )
            seen.add(key.value)
            _refuse_twins(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twins(item, path)


def _explain(
    error: ValidationError, path: Path, root: yaml.Node | None, model: type[BaseModel]
) -> ConfigError:
    lines, fixes = [], []
    for problem in _first_causes(error):
        keys = _written_keys(problem["loc"], root)
        name = ".".join(str(key) for key in keys) or "(the file)"
        line = _line_of(keys, root)
        if problem["type"] == "extra_forbidden":
            known = _known_keys(model, keys[:-1])
            lines.append(f"{path}:{line}: {name}: no such key")
            fixes.append(_suggest(str(keys[-1]), known))
        elif problem["type"] == "missing":
            lines.append(f"{path}:{line}: {name}: is missing")
            fixes.append(f"add {name}")
        else:
            given = repr(problem["input"])[:60]
            lines.append(f"{path}:{line}: {name}: {in_plain_words(problem['msg'])} (found {given})")
            fixes.append(f"correct {name} in {path.name} line {line}")
    return ConfigError("\n".join(lines), fix="; ".join(dict.fromkeys(fixes)))


def _first_causes(error: ValidationError) -> list[ErrorDetails]:
    """Return the problems without those that only follow from one further inside."""
    found = error.errors()
    inner = {item["loc"][:end] for item in found for end in range(len(item["loc"]))}
    return [item for item in found if item["loc"] not in inner]


def _suggest(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, 1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"remove {key!r}; known here: {', '.join(known)}" if known else f"remove {key!r}"


def _known_keys(model: type[BaseModel], keys: Sequence[str | int]) -> list[str]:
    current: Any = model
    for key in keys:
        field = getattr(current, "model_fields", {}).get(key)
        current = None if field is None else field.annotation
    return sorted(getattr(current, "model_fields", {}))


def _written_keys(loc: Sequence[Any], root: yaml.Node | None) -> list[str | int]:
    """Drop the parts of a pydantic location that stand in no YAML (union tags, short forms)."""
    keys: list[str | int] = []
    node = root
    for part in loc:
        child = _child(node, part)
        if child is None and keys and part != loc[-1]:
            continue
        keys.append(part)
        node = child
    return keys


def _child(node: yaml.Node | None, key: Any) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return item if isinstance(item, yaml.Node) else None
    return None


def _line_of(keys: Sequence[str | int], root: yaml.Node | None) -> int:
    node, line = root, 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            for name, _ in node.value:
                if name.value == str(key):
                    line = name.start_mark.line + 1
        node = _child(node, key)
        if node is None:
            break
        if not isinstance(node, yaml.MappingNode | yaml.SequenceNode) or isinstance(key, int):
            line = node.start_mark.line + 1
    return line
