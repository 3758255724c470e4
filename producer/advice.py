"""Advice for the generator model: what is decided about a recipe's parts, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from evolution.claims import Claim
from evolution.learner import topic_level
from syntx.job import Recipe

_FORMS: Mapping[str, str] = {
    "question": "in Form einer Frage",
    "scenario": "in Form eines Szenarios",
    "comparison": "in Form eines Vergleichs",
    "instruction": "in Form eines Auftrags",
    "thesis": "in Form einer These",
    "dialogue": "in Form eines Dialogs",
}
_VERDICTS: Mapping[str, str] = {
    "best": "gelingen Prompts {what} am besten; arbeite das deutlich heraus.",
    "better": "gelingen Prompts {what} besser als die meisten; bleib dabei.",
    "worse": "gelingen Prompts {what} seltener; achte hier besonders auf klare Anforderungen.",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """Sentences for one recipe; `id` is the same for the same statements, None without any."""

    sentences: tuple[str, ...] = ()
    id: str | None = None


def advice(claims: Iterable[Claim], recipe: Recipe) -> Advice:
    """Return what is decided about this recipe's style, form, topic and category, in words.

    Advice about other styles or forms would lead away from the recipe, so there is none.
    """
    levels = _levels(recipe)
    own = {claim for claim in claims if claim.kind in _VERDICTS and _level(claim) in levels}
    told = sorted(own, key=lambda claim: claim.id)
    if not told:
        return Advice()
    marks = "\n".join(claim.id for claim in told)
    name = blake2b(marks.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return Advice(tuple(dict.fromkeys(_sentence(claim, recipe) for claim in told)), name)


def _level(claim: Claim) -> tuple[str, str | None]:
    return claim.factor, claim.level


def _levels(recipe: Recipe) -> set[tuple[str, str | None]]:
    return {
        ("style", recipe.style),
        ("pattern", recipe.pattern),
        ("category", recipe.category),
        ("topic", topic_level(recipe.category or "", recipe.topic or "")),
    }


def _sentence(claim: Claim, recipe: Recipe) -> str:
    what = {
        "style": f"im Stil „{claim.level}“",
        "pattern": _FORMS.get(claim.level, f"in der Form „{claim.level}“"),
        "category": f"aus dem Umfeld von „{recipe.topic}“",
        "topic": f"zum Thema „{recipe.topic}“",
    }[claim.factor]
    return "Bisher " + _VERDICTS[claim.kind].format(what=what)
