"""What an HTTP answer other than 200 means, and how long it asks us to wait; no I/O."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from syntx.errors import (
    BadRequest,
    ContextExceeded,
    DeadlineExceeded,
    ModelUnavailable,
    NotAuthorised,
    RateLimited,
    SyntxError,
)
from syntx.llm.hiding import HIDDEN, without_pieces

_LONGEST_TEXT = 300
_LONGEST_READ = 10_000
_KEY_LIKE = re.compile(r"(?i)\b(?:(?:sk|pk|rk|key|gsk|xai)-|AIza|Bearer\s+)[\w*.\-/+=]{6,}")
_CONTEXT = re.compile(
    r"(?i)context[ _-]?(?:length|window|size)|maximum (?:context|input|prompt)|"
    r"prompt is too long|too many (?:input )?tokens|exceeds? .{0,40}\bcontext\b"
)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:quota|balance|credit|funds)")


def error_for(
    status: int, text: str, headers: Mapping[str, str], endpoint: str, code: str = ""
) -> SyntxError:
    """Return the error an HTTP status stands for; `text` is what the endpoint said, scrubbed."""
    said = f"{endpoint} answered {status}: {text}" if text else f"{endpoint} answered {status}"
    if status in (401, 402, 403) or _NO_CREDIT.search(code):
        return NotAuthorised(said, fix=_key_fix(status, code))
    if status == 429:
        return RateLimited(said, delay=retry_delay(headers))
    if status == 408:
        return DeadlineExceeded(said)
    if status >= 500 or status == 425:
        return _down(said, headers)
    if status == 413 or _CONTEXT.search(f"{code} {text}"):
        return ContextExceeded(said, fix="shorten the prompt or ask a model with a longer context")
    return BadRequest(said, fix=_request_fix(status, endpoint))


def _key_fix(status: int, code: str) -> str:
    if status == 402 or _NO_CREDIT.search(code):
        return "the account has no credit left; top it up"
    return "syntx doctor"


def _request_fix(status: int, endpoint: str) -> str:
    if status == 404 or 300 <= status < 400:
        return f"check base_url and the model's name in config/models ({endpoint})"
    return "correct the request; the same one will be refused again"


def _down(said: str, headers: Mapping[str, str]) -> ModelUnavailable:
    error = ModelUnavailable(said, fix="wait, or ask another model")
    error.delay = retry_delay(headers)
    return error


def retry_delay(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that `retry-after-ms` or `Retry-After` ask for, or None."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    asked = headers.get("retry-after")
    seconds = _number(asked)
    return seconds if seconds is not None or asked is None else _until(asked, now)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(date: str, now: datetime | None) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - (now or datetime.now(UTC))).total_seconds())


def said_in(body: Any) -> tuple[str, str]:
    """Return the text and the code of an error body, in the shapes that APIs use."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        if isinstance(inner, dict):
            text = inner.get("message") or inner.get("detail") or ""
            code = inner.get("code") or inner.get("type") or ""
            return _as_text(text), str(code)
        return _as_text(inner), ""
    return _as_text(body), ""


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def scrubbed(text: str, secret: str | None) -> str:
    """Return a provider's text on one short line, without our key or anything like a key."""
    clean = without_pieces(text[:_LONGEST_READ], secret)
    line = " ".join(_KEY_LIKE.sub(HIDDEN, clean).split())
    return line if len(line) <= _LONGEST_TEXT else line[:_LONGEST_TEXT] + " …"
