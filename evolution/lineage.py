"""Lineage: which prompts a prompt came from, and which came from it."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evolution.summing import Read
from syntx.ids import is_job_id
from syntx.job import Job

_OF = "IN (SELECT value FROM json_each(?))"
# UNION drops what was met before, so that prompts which claim to be their own ancestors end.
_WALK = """
WITH RECURSIVE met (id) AS (
    SELECT value FROM json_each(?) UNION SELECT {next} FROM lineage JOIN met ON {last} = met.id)
SELECT child, parent FROM lineage JOIN met ON {last} = met.id
"""
_UP, _DOWN = (
    _WALK.format(last=last, next=other)
    for last, other in (("child", "parent"), ("parent", "child"))
)
_ENDED = f"""
SELECT e.job_id, e.generation, s.arm, s.operator, s.category, s.topic, s.style, s.pattern,
    s.wrapper, COALESCE(NULLIF(s.outcome, ''), 'scored'), e.score
FROM evidence AS e JOIN strata AS s ON s.id = e.stratum WHERE e.latest = 1 AND e.job_id {_OF}
"""  # noqa: S608
_UNENDED = """
SELECT i.job_id, i.parents FROM items AS i WHERE i.parents != '[]' AND NOT EXISTS
    (SELECT 1 FROM evidence AS e WHERE e.job_id = i.job_id)
"""
_PLANNED = f"SELECT job_id, number, arm, operator, recipe, state FROM items WHERE job_id {_OF}"  # noqa: S608
_NAMED = """
SELECT job_id FROM evidence WHERE job_id >= ?1 AND job_id < ?1 || char(1114111)
UNION SELECT job_id FROM items WHERE job_id >= ?1 AND job_id < ?1 || char(1114111)
UNION SELECT parent FROM lineage WHERE parent >= ?1 AND parent < ?1 || char(1114111)
ORDER BY job_id LIMIT ?2
"""


@dataclass(frozen=True, slots=True)
class Kin:
    """One prompt of a lineage; None or an empty text is unknown.

    `distance` is how many steps it stands before (negative) or after the prompt asked for;
    `outcome` is `scored`, or what happened instead; None as long as it has not ended. `planned` is
    how far its draft came, None for a prompt that no plan tells of.
    """

    id: str
    distance: int = 0
    generation: int | None = None
    arm: str | None = None
    operator: str | None = None
    category: str | None = None
    topic: str | None = None
    style: str | None = None
    pattern: str | None = None
    wrapper: str | None = None
    outcome: str | None = None
    score: int | None = None
    planned: str | None = None
    parents: tuple[str, ...] = ()


def lineage(read: Read, job_id: str, waiting: Iterable[Job] = ()) -> tuple[Kin, ...]:
    """Return a prompt with its ancestors and descendants, the farthest ancestor first.

    `read` asks an evidence store; `waiting` are jobs it cannot know of, because they have not
    ended. Each prompt stands there once, at its least distance.
    """
    own = {job.id: job for job in waiting}
    parents = _parents(read, job_id, own)
    children: dict[str, list[str]] = defaultdict(list)
    for child in parents:
        for parent in parents[child]:
            children[parent].append(child)
    above = _distances(job_id, parents)
    below = _distances(job_id, children)
    distances = below | {name: -steps for name, steps in above.items()}
    facts = _facts(read, distances, own)
    found = (
        Kin(**{**facts.get(name, {}), "id": name, "distance": at, "parents": parents.get(name, ())})
        for name, at in distances.items()
    )
    return tuple(sorted(found, key=lambda kin: (kin.distance, kin.id)))


def named(read: Read, beginning: str, most: int) -> list[str]:
    """Return at most so many prompts the store tells of whose ID begins so, in order."""
    return [name for (name,) in read(_NAMED, beginning, most)]


def _parents(read: Read, job_id: str, own: Mapping[str, Job]) -> dict[str, tuple[str, ...]]:
    """Return the parents of every prompt that may belong to the lineage."""
    known = {child: tuple(json.loads(parents)) for child, parents in read(_UNENDED)}
    own_parents = {job.id: tuple(filter(is_job_id, job.parents)) for job in own.values()}
    known |= {child: parents for child, parents in own_parents.items() if parents}
    # What waits may lead to prompts that ended, on both sides.
    starts = json.dumps([job_id, *known, *(name for line in known.values() for name in line)])
    edges: dict[str, set[str]] = defaultdict(set)
    for query, begin in ((_UP, starts), (_DOWN, json.dumps([job_id]))):
        for child, parent in read(query, begin):
            edges[child].add(parent)
    return {child: tuple(sorted(parents)) for child, parents in edges.items()} | known


def _distances(start: str, near: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return how many steps away each is that can be reached, the start among them."""
    found, line = {start: 0}, deque([start])
    while line:
        name = line.popleft()
        for other in near.get(name, ()):
            if other not in found:
                found[other] = found[name] + 1
                line.append(other)
    return found


def _facts(read: Read, names: Iterable[str], own: Mapping[str, Job]) -> dict[str, dict[str, Any]]:
    wanted = json.dumps([*names])
    found: dict[str, dict[str, Any]] = {}
    for name, number, arm, operator, recipe, state in read(_PLANNED, wanted):
        made = {"generation": number, "arm": arm, "operator": operator, "planned": state}
        found[name] = {**_tasted(json.loads(recipe)), **made}
    for name in names:
        if name in own:
            job = own[name]
            made = {"generation": job.generation, "arm": job.arm, "operator": job.operator}
            found[name] = {**_tasted(job.recipe.model_dump()), **made}
    columns = ("generation", "arm", "operator", *_TASTE, "outcome", "score")
    for name, *values in read(_ENDED, wanted):
        found[name] = found.get(name, {}) | dict(zip(columns, values, strict=True))
    return found


_TASTE = ("category", "topic", "style", "pattern", "wrapper")


def _tasted(recipe: Mapping[str, Any]) -> dict[str, Any]:
    return {name: recipe.get(name) for name in _TASTE}
