"""Prompts and answers as files, for whoever looks into a job; without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from consumer.documents.calls.folder import PrivateFolder

_HIDDEN = "***"
_SHORTEST_SECRET = 6
_KEY_LIKE = re.compile(
    r"\b(?:sk|pk|rk|key|gsk|xai|pat|glpat)[-_][\w*.\-/+=]{8,}"
    r"|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bAKIA[0-9A-Z]{12,}|\bAIza[\w-]{16,}"
    r"|\bxox[abprs]-[\w-]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_NAMED = re.compile(
    r"(?i)(\bbearer\s+|\b(?:api[-_ ]?key|access[-_ ]?token|auth[-_ ]?token|client[-_ ]?secret|"
    r"password|passwd|passwort|kennwort)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;]{4,}"
)
_IN_URL = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)")
_NUMBER = re.compile(r"(\d+)-")


class DebugFiles:
    """Numbered files of one job; `secrets` gives the values of the keys in use."""

    def __init__(self, folder: Path, secrets: Callable[[], Iterable[str]]) -> None:
        self._folder = PrivateFolder(folder)
        self._secrets = secrets
        self._number: int | None = None

    def write(self, purpose: str, prompt: str, answer: str) -> None:
        """Write the prompt and the answer of one call; raises SpoolError when it cannot."""
        number = self._next()
        for kind, text in (("prompt", prompt), ("answer", answer)):
            clean = without_secrets(text, self._secrets())
            data = clean.encode("utf-8", "backslashreplace")
            self._folder.write(f"{number:04d}-{purpose}-{kind}.txt", data)

    def _next(self) -> int:
        if self._number is None:
            found = [_NUMBER.match(name) for name in self._folder.names()]
            self._number = max((int(one[1]) for one in found if one), default=0)
        self._number += 1
        return self._number


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return the text with the secrets, and all that looks like one, hidden."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, _HIDDEN)
    text = _NAMED.sub(rf"\1{_HIDDEN}", _KEY_LIKE.sub(_HIDDEN, text))
    return _IN_URL.sub(rf"\1{_HIDDEN}", text)
