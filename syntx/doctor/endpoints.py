"""Whether the models' endpoints can be reached and take our keys."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from urllib.parse import urlsplit

from syntx.doctor.keys import secret_problem, set_key
from syntx.doctor.reading import Api
from syntx.doctor.report import Found, failed, ok, skipped, warning
from syntx.doctor.subject import Subject
from syntx.errors import ConfigError
from syntx.llm.catalogue import ModelEntry
from syntx.llm.contact import Contact
from syntx.llm.reaching import Reach, contact_of, reach_all
from syntx.secrets import Secrets


def look(subject: Subject) -> Iterator[Found]:
    """Ask every endpoint at once; one that no setting asks for can only be a warning."""
    if subject.offline:
        yield skipped("nobody is asked (--offline)")
        return
    contacts: list[Contact] = []
    asked: list[Api] = []
    for api in subject.found.apis:
        contact = _contact(subject, api)
        if contact is None:
            yield skipped(f"{api.endpoint.name}: not asked without its key {api.endpoint.key}")
        else:
            contacts.append(contact)
            asked.append(api)
    wanted = {id(subject.found.api_of(model)) for model in subject.found.asked().values()}
    for api, reach in zip(asked, reach_all(contacts), strict=True):
        found = judge(subject, api, reach)
        if found.mark == "failed" and id(api) not in wanted:
            found = warning(f"{found.text}; no setting asks for its models", found.fix)
        yield found
    if not subject.found.apis:
        yield skipped("there is no file of models that can be read")


def judge(subject: Subject, api: Api, reach: Reach) -> Found:
    """Say what an endpoint's answer means, and what mends it."""
    name, text = api.endpoint.name, f"{api.endpoint.name}: {reach.text}"
    match reach.state:
        case "reached":
            return _listing(subject, api, reach) or ok(f"{name} answers at {_where(api)}")
        case "key_refused" | "no_credit":
            key = api.endpoint.key
            line = _edit(subject, api) if key is None else set_key(subject, key)
            return failed(f"{text}{_key_hint(reach, key)}", line)
        case "throttled":
            return warning(f"{text}; it asks for fewer calls: lower `rate`", _edit(subject, api))
        case "refused" if api.endpoint.kind == "simulator":
            told = f"{name} is not running; syntx run starts its own, services need this one"
            return warning(told, _start_simulator(subject, api))
        case "down" | "timeout":
            told = f"{text}; wait, or ask another model"
            return failed(told, subject.calling.line("config", "edit", _asking(subject, api)))
        case _:
            return failed(f"{text}; {_hint(reach)}", _edit(subject, api))


def _contact(subject: Subject, api: Api) -> Contact | None:
    """Return how to reach an endpoint; None while it lacks the key it needs."""
    if api.endpoint.key is None:
        return contact_of(api.endpoint, None)
    try:
        key = Secrets(subject.home.env_file).get(api.endpoint.key)
    except (ConfigError, OSError, UnicodeDecodeError):
        return None
    if key is None or secret_problem(key.get_secret_value()) is not None:
        return None
    return contact_of(api.endpoint, key)


def _listing(subject: Subject, api: Api, reach: Reach) -> Found | None:
    """Return a finding when the API lists its models and one that is asked for is not there."""
    asked = set(subject.found.asked().values())
    for entry in api.endpoint.models:
        if entry.name in asked and reach.models and not _is_listed(entry, reach.models):
            told = f"{api.endpoint.name} lists no model {entry.id or entry.name!r}"
            return warning(f"{told} at {_where(api)}", _edit(subject, api))
    return None


def _is_listed(entry: ModelEntry, listed: tuple[str, ...]) -> bool:
    wanted = entry.id or entry.name
    return any(
        each == wanted or each.startswith(f"{wanted}:") or each.endswith(f"/{wanted}")
        for each in listed
    )


def _key_hint(reach: Reach, key: str | None) -> str:
    if reach.state == "no_credit":
        return "; the account has no credit left: top it up, or set another key"
    return "; it wants a key, name one under `key`" if key is None else f"; {key} is not accepted"


def _hint(reach: Reach) -> str:
    return {
        "wrong_path": "base_url has to end where the API begins, mostly with /v1",
        "refused": "start it, or correct host and port of base_url",
        "unknown_host": "base_url is mistyped, or this machine finds no names",
        "bad_certificate": "base_url has to name the host its certificate is for",
        "no_tls": "base_url has to begin with http://",
    }.get(reach.state, "correct base_url")


def _edit(subject: Subject, api: Api) -> str:
    return subject.calling.line("config", "edit", f"models/{api.file.name}")


def _asking(subject: Subject, api: Api) -> str:
    """Return the settings file that asks for one of an API's models, else the API's own."""
    for key, model in subject.found.asked().items():
        if api.entry(model) is not None:
            return key.split()[0]
    return f"models/{api.file.name}"


def _start_simulator(subject: Subject, api: Api) -> str:
    parts = urlsplit(contact_of(api.endpoint, None).base_url)
    words = ["simulator", "--host", parts.hostname or "127.0.0.1", "--port", str(parts.port or 80)]
    return f"nohup {subject.calling.own_line(*words)} >/dev/null 2>&1 &"


def _where(api: Api) -> str:
    return shlex.quote(contact_of(api.endpoint, None).base_url)
