"""How somebody is reached: mail addresses, network addresses, URLs that hold credentials."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from consumer.documents.neutralization.findings import Finding, Kind

_AT = re.compile(
    r"[ \t]{0,2}\n?[ \t]{0,2}(?:@|[(\[{<][ \t]?(?:at|ät|a|@)[ \t]?[)\]}>])\s{0,2}"
    r"|[ \t]at[ \t](?=[\w-]{1,63}[ \t](?:dot|punkt)[ \t])",
    re.IGNORECASE,
)
_SPELLED_DOT = r"(?:[ \t]?[(\[{][ \t]?(?:dot|punkt|\.)[ \t]?[)\]}][ \t]?|[ \t](?:dot|punkt)[ \t])"
_DOMAIN_DOT = rf"(?:\.|[ \t]?\.[ \t\n](?=(?-i:de|at|ch|com|org|net|eu|info|uk)\b)|{_SPELLED_DOT})"
_UNIT_OF_SYSTEMD = r"(?:service|timer|socket|target|mount|path|slice)\b"
_DOMAIN = re.compile(
    rf"(?:[^\W_][\w-]{{0,62}}+{_DOMAIN_DOT}){{1,8}}(?!{_UNIT_OF_SYSTEMD})[^\W\d_]{{2,24}}(?![^\W_])",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?:[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}+(?:{_SPELLED_DOT}\w{{1,30}}+){{0,3}}"
    r"|\"[^\"\n]{1,64}\")\Z",
    re.IGNORECASE,
)
_EDGE = "'*`|=/&?!#{}^$.~"
_IPV4 = re.compile(r"(?<![\w.,-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d|,\d)")
_VERSION = re.compile(
    r"(?:\bv|version|ver\.|release|build|kapitel|abschnitt|section|ziffer|nummer|nr\.|punkt|§|rev\."
    r"|update|patch|firmware|clause|chapter|art\.|artikel)[ \t:]{0,3}\Z",
    re.IGNORECASE,
)
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:.]{0,38}:[0-9A-Fa-f:.]{0,38}:)[0-9A-Fa-f:.]{4,45}")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s<>\"']{1,2000}")
_CREDENTIALS = re.compile(
    r"://[^\s/@?#]{1,200}@|[?&#;](?:access_?|auth_?|api_?|refresh_?|id_?|session_?)?"
    r"(?:token|key|secret|passwor[dt]|passwd|pwd|pass|sig|signature|sid|session|auth|credential)s?="
    r"[^&\s]",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Finding]:
    """Find mail addresses, those written `name (at) example (dot) org` too."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        window = text[max(0, at.start() - 100) : at.start()]
        local = _LOCAL.search(window)
        if local is None:
            continue
        name = local[0].lstrip(_EDGE) or local[0]
        yield Finding(at.start() - len(name), domain.end(), Kind.EMAIL)


def network_addresses(text: str) -> Iterator[Finding]:
    """Find IP addresses of both versions; version and section numbers are none."""
    for match in _IPV4.finditer(text):
        octets = [int(number) for number in match[0].split(".")]
        if max(octets) > 255 or _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        if max(octets) >= 20 or octets[0] == 10:
            yield Finding(match.start(), match.end(), Kind.IP)
    for match in _IPV6.finditer(text):
        address = match[0].rstrip(".:") if not match[0].endswith("::") else match[0]
        if _is_ipv6(address):
            yield Finding(match.start(), match.start() + len(address), Kind.IP)


def urls_with_credentials(text: str) -> Iterator[Finding]:
    """Find URLs that hold a user, a password or a token, whole."""
    for match in _URL.finditer(text):
        if _CREDENTIALS.search(match[0]):
            yield Finding(match.start(), match.start() + len(match[0].rstrip(".,;:!)]}")), Kind.URL)


def _is_ipv6(address: str) -> bool:
    groups = [group for group in address.split(":") if group]
    if len(groups) < 2 or not any(one.isdigit() for one in address):
        return False
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return False
    return True
