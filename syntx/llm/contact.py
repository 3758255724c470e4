"""How an endpoint is reached."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr

from syntx.llm.catalogue import Endpoint


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an endpoint: its file, where it really is, the key, timeouts in seconds."""

    endpoint: Endpoint
    base_url: str
    key: SecretStr | None
    connect_timeout: float
    read_timeout: float

    @property
    def key_text(self) -> str | None:
        """The key in clear, for the one header it belongs in."""
        return None if self.key is None else self.key.get_secret_value()

    @property
    def local(self) -> bool:
        """Whether it is this machine, which is never reached through a proxy."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False
