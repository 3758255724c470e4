"""What the producer leaves in gpt_prompts.jsonl, under the names older readers know."""

from __future__ import annotations

from collections.abc import Sequence

from producer.judging import Draft
from producer.quality import draft_quality
from syntx.errors import SyntxError
from syntx.job import Recipe
from syntx.journal.records import DraftAsked, DraftMade, DraftSampling, DraftTries
from syntx.llm.contract import Answer, Message, Request, Try
from syntx.llm.recording import cost_record


def answered(request: Request, recipe: Recipe, answer: Answer, draft: Draft) -> DraftMade:
    """Return the line for a call that was answered; `draft.flaw` says why it is not used."""
    likeness = draft.likeness
    return {
        **_asked(request.messages, recipe),
        "success": draft.flaw is None,
        "outcome": draft.flaw or "drafted",
        "error": draft.flaw,
        "reason": None,
        "prompt_generated": draft.text,
        "prompt_out": answer.text,
        "candidates": draft.candidates,
        "similarity": None if likeness is None else likeness.similarity,
        "model": answer.model,
        "duration_ms": round(answer.duration * 1000),
        "finish_reason": answer.finish_reason,
        "refusal_attempts": int(answer.refused),
        "quality_score": draft_quality(draft.text) if draft.flaw is None else None,
        "cost": cost_record(answer),
        "model_params": _sampling(request),
        "simulated": answer.simulated,
        **_retries(answer.tries),
    }


def failed(request: Request, recipe: Recipe, error: SyntxError) -> DraftMade:
    """Return the line for a call that brought no answer."""
    return {
        **_asked(request.messages, recipe),
        "success": False,
        "outcome": "failed",
        "error": error.message,
        "reason": error.reason,
        "prompt_generated": None,
        "prompt_out": None,
        "candidates": 0,
        "similarity": None,
        "model": request.model,
        "duration_ms": None,
        "finish_reason": None,
        "refusal_attempts": 0,
        "quality_score": None,
        "cost": None,
        "model_params": _sampling(request),
        "simulated": None,
        **_retries(getattr(error, "tries", ())),
    }


def _asked(messages: tuple[Message, ...], recipe: Recipe) -> DraftAsked:
    return {
        "prompt_sent": recipe.topic,
        "prompt_in": messages[-1].content,
        "style": recipe.style,
        "category": recipe.category,
        "pattern": recipe.pattern,
        "language": recipe.language,
    }


def _sampling(request: Request) -> DraftSampling:
    limits = request.limits
    return {
        "max_tokens": limits.max_tokens,
        "temperature": limits.temperature,
        "top_p": limits.top_p,
    }


def _retries(tries: Sequence[Try]) -> DraftTries:
    return {
        "retries": len(tries),
        "retry_count": len(tries),
        "tries": [{"reason": t.reason, "pause": round(t.pause, 3)} for t in tries],
    }
