"""The certificates of a release: their names, and the ACME server that issues them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Authority:
    """`server` is the ACME directory URL, `email` the account's address ("" for none).
    certbot waits `dns_propagation_seconds` between creating the TXT records and the validation."""

    server: str
    email: str
    dns_propagation_seconds: int

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Authority":
        """From release.json. Error: KeyError for a missing key."""
        # The key's old name; remove once no server keeps a release with it.
        old = entry.get("dns_wait")
        return cls(
            server=entry["server"],
            email=entry["email"],
            dns_propagation_seconds=int(entry["dns_propagation_seconds"] if old is None else old),
        )


@dataclass(frozen=True)
class ExternalAccount:
    """The customer's account at the authority that an ACME account is bound to (RFC 8555, section
    7.3.4); `hmac_key` is base64url."""

    key_id: str
    hmac_key: str = field(repr=False)


@dataclass(frozen=True)
class Certificate:
    """One certificate: `name` is certbot's name for it (the role), `domains` are all DNS names."""

    name: str
    domains: tuple[str, ...]

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Certificate":
        """From release.json. Error: KeyError for a missing key."""
        return cls(name=entry["name"], domains=tuple(entry["domains"]))
