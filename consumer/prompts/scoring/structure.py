"""Structure: the headings asked for, each once, in order, and no others."""

from __future__ import annotations

from itertools import combinations

from consumer.prompts.headings import Names, headings
from consumer.prompts.parsing import Parsed
from consumer.prompts.scoring.part import Material, Part
from syntx.wrappers import Field


def structure(material: Material) -> Part:
    """Score how exactly the headings are those asked for: weighted F1 times the order kept."""
    parsed, fields = material.parsed, material.wrapper.fields
    if not parsed.fields:
        return Part(0.0, "none of the headings asked for was found", {"headings": 0})
    recall = sum(material.weights[found.key] for found in parsed.fields)
    wrong = len(parsed.duplicates) + len(parsed.extras)
    precision = len(parsed.fields) / (len(parsed.fields) + wrong)
    f1 = 2 * recall * precision / (recall + precision)
    order = _order(parsed, fields)
    parts = _parts(material)
    measures = {"headings": len(parsed.fields), "order_kept": round(order, 3)}
    return Part(f1 * order * parts, _reason(parsed, fields, parts), measures)


def _order(parsed: Parsed, fields: tuple[Field, ...]) -> float:
    """Return the fifth power of the share of ordered pairs: one swap costs little, chaos a lot."""
    rank = {field.key: index for index, field in enumerate(fields)}
    pairs = list(combinations([rank[found.key] for found in parsed.fields], 2))
    if not pairs:
        return 1.0
    return float((sum(first < second for first, second in pairs) / len(pairs)) ** 5)


def _parts(material: Material) -> float:
    """Return the share of sub-headings kept, as a factor of at least a half."""
    asked = found = 0
    for field in material.wrapper.fields:
        if field.parts and field.key in material.texts:
            names = Names.of((field,))
            marks = headings(material.texts[field.key], names)
            asked += len(field.parts)
            found += min(len(field.parts), sum(mark.is_part for mark in marks))
    return 1.0 if not asked else 0.5 + 0.5 * found / asked


def _reason(parsed: Parsed, fields: tuple[Field, ...], parts: float) -> str:
    heading = {field.key: field.heading for field in fields}
    faults = []
    if parsed.missing:
        faults.append("missing: " + ", ".join(heading[key] for key in parsed.missing))
    if not parsed.order_ok:
        found = ", ".join(heading[field.key] for field in parsed.fields)
        faults.append(f"not in the order asked for, but {found}")
    if parsed.duplicates:
        faults.append("more than once: " + ", ".join(heading[key] for key in parsed.duplicates))
    if parsed.extras:
        faults.append("not asked for: " + ", ".join(name[:60] for name in parsed.extras[:8]))
    if parts < 1:
        faults.append("sub-headings are missing")
    return "; ".join(faults) or "every heading once and in order"
