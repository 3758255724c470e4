"""E-mail: headers, text, and every attachment and inner mail as a document of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any

from consumer.documents.extraction.decoding import decode
from consumer.documents.extraction.finding import Finding, Found, Inner, Source, Trouble, fit, text
from consumer.documents.extraction.models import TypeGroup
from consumer.documents.extraction.webwords import words
from consumer.documents.needing import need

_HEADERS = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject")
_WORD = re.compile(r"\w+")
_PEOPLE = frozenset({"From", "Sender", "Reply-To", "To", "Cc", "Bcc"})


def extract(source: Source) -> Iterator[Finding]:
    """Yield the headers, then the bodies and attachments in their order."""
    try:
        message = message_from_bytes(source.data, policy=policy.default)
    except RecursionError:
        yield from _flat(source.data)
        return
    assert isinstance(message, EmailMessage)
    yield _headers(message)
    yield from _walk(message)


def _flat(data: bytes) -> Iterator[Finding]:
    """Yield the headers of a mail nested without end, and all below them as it stands."""
    message = BytesHeaderParser(policy=policy.default).parsebytes(data)
    yield _headers(message)
    yield from text(
        "body", decode(str(message.get_payload()).encode("utf-8", "surrogateescape"))[0]
    )
    yield Trouble("deep", "its parts are nested too deeply: given as they stand")


def _headers(message: EmailMessage) -> Found:
    told = {name: value for name in _HEADERS if (value := _header(message, name))}
    people: dict[str, Any] = {name.lower(): _people(told[name]) for name in told if name in _PEOPLE}
    other = {name.lower(): value for name, value in told.items() if name not in _PEOPLE}
    lines = "\n".join(f"{name}: {value}" for name, value in told.items())
    return Found("mail headers", TypeGroup.STRUCTURE, lines, "text/plain", {**people, **other})


def _people(told: str) -> list[list[str]]:
    """Names and addresses of a header; one nested without end is given as a name."""
    try:
        return [[fit(who), fit(where)] for who, where in getaddresses([told])]
    except RecursionError:
        return [[fit(told), ""]]


def _header(message: EmailMessage, name: str) -> str:
    """All headers of a name, decoded where they can be."""
    try:
        values = [str(value) for value in message.get_all(name, [])]
    except Exception:  # the header parser fails in many ways on what it does not know
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        values = [str(value) for value in raw]
    return fit(", ".join(" ".join(value.split()) for value in values))


def _walk(message: EmailMessage) -> Iterator[Finding]:
    """Go through the parts; the stack is ours, as nesting may be deep."""
    waiting = [message]
    number = 0
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            number += 1
            yield from _inner_mails(part, number)
        elif part.is_multipart():
            waiting.extend(reversed(_chosen(part)))
        else:
            number += 1
            yield from _leaf(part, number)


def _chosen(part: EmailMessage) -> list[EmailMessage]:
    """The parts of a multipart; of alternatives, HTML only where it says more than plain text."""
    inner = [one for one in part.get_payload() if isinstance(one, EmailMessage)]
    if part.get_content_type() != "multipart/alternative":
        return inner
    plain = [_text(one, _payload(one)) for one in inner if one.get_content_type() == "text/plain"]
    return [one for one in inner if one.get_content_type() != "text/html" or _adds(one, plain)]


def _adds(html: EmailMessage, plain: list[str]) -> bool:
    """Whether HTML has a word that the plain text has not."""
    if not any(said.strip() for said in plain):
        return True
    parser = need("selectolax.lexbor", "reading HTML mail").LexborHTMLParser
    tree = parser(_text(html, _payload(html)))
    said = words(tree.body) if tree.body else ""
    return not set(_WORD.findall(said)) <= set(_WORD.findall(" ".join(plain)))


def _inner_mails(part: EmailMessage, number: int) -> Iterator[Finding]:
    for mail in part.get_payload():
        if isinstance(mail, EmailMessage):
            yield Inner(f"mail {number}", f"mail {number}.eml", _as_bytes(mail))


def _leaf(part: EmailMessage, number: int) -> Iterator[Finding]:
    name = _filename(part)
    kind = part.get_content_type()
    payload = _payload(part)
    if name is None and kind == "text/plain":
        yield from text("body", _text(part, payload))
    elif name is None and kind == "text/html":
        yield Inner("body", "body.html", _text(part, payload).encode())
    elif payload or name:
        yield Inner(f"attachment {number}", name or _made_up(kind, number), payload)


def _text(part: EmailMessage, payload: bytes) -> str:
    charset = part.get_content_charset()
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return decode(payload)[0]


def _payload(part: EmailMessage) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except Exception:  # broken transfer encodings fail in many ways
        found = str(part.get_payload()).encode("utf-8", "replace")
    return found if isinstance(found, bytes) else b""


def _filename(part: EmailMessage) -> str | None:
    try:
        name = part.get_filename()
    except Exception:  # a parameter nobody can parse
        return "attachment"
    return fit(name).replace("/", "_") if name else None


def _made_up(kind: str, number: int) -> str:
    return f"attachment {number}.{kind.rpartition('/')[2].replace('calendar', 'ics')}"


def _as_bytes(mail: EmailMessage) -> bytes:
    """The mail as it stood; one that cannot be written strictly is written leniently."""
    try:
        return mail.as_bytes(policy=policy.compat32)
    except Exception:  # the generator refuses some mails that the parser took
        return mail.as_string(policy=policy.compat32).encode("utf-8", "surrogateescape")
