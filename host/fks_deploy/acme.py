"""What a release wants of certificates: from whom, and for which names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Authority:
    """Whom to ask, as whom, and how long a new record may take to be seen everywhere (seconds)."""

    server: str
    email: str
    dns_wait: int

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Authority":
        """From release.json. Error: KeyError for a missing key."""
        return cls(server=entry["server"], email=entry["email"], dns_wait=int(entry["dns_wait"]))


@dataclass(frozen=True)
class Certificate:
    """One certificate: what it is called on this server, and all its names."""

    name: str
    domains: tuple[str, ...]

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Certificate":
        """From release.json. Error: KeyError for a missing key."""
        return cls(name=entry["name"], domains=tuple(entry["domains"]))
