"""CAA records: which authority may issue for a name, by which method (RFC 8659, RFC 8657)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fks_infra.config.acme import LETS_ENCRYPT, is_lets_encrypt

# The challenge that the servers answer.
METHOD = "dns-01"
ISSUE = "issue"
_TAGS = frozenset({ISSUE, "issuewild", "iodef"})


def data(issuer: str) -> dict[str, Any]:
    """The record that allows this authority our method, as Cloudflare's provider takes it."""
    return {"flags": 0, "tag": ISSUE, "value": f"{issuer}; validationmethods={METHOD}"}


def content(issuer: str) -> str:
    """The same record as Cloudflare's API returns it."""
    return '{flags} {tag} "{value}"'.format(**data(issuer))


def caa_warnings(issuer: str, acme_server: str) -> Iterator[str]:
    """A paragraph where the record and the ACME server may not fit together."""
    if issuer == LETS_ENCRYPT and not is_lets_encrypt(acme_server):
        yield (
            f"fks:caaIssuer is {issuer!r}, and fks:acmeServer is {acme_server!r}, another "
            f"authority: if it checks CAA records, it will not issue. Write into fks:caaIssuer the "
            f"authority's name in CAA records, or nothing for no record."
        )


@dataclass(frozen=True, kw_only=True)
class Property:
    """A parsed record. `issuer` is empty if it names none; `methods` are the allowed validation
    methods, None for all. A parameter `accounturi` is ignored: it may be the servers' account.
    """

    flags: int
    tag: str
    issuer: str
    methods: frozenset[str] | None

    @classmethod
    def parse(cls, content: str) -> "Property":
        """From a record's content as Cloudflare returns it; ValueError if it is malformed."""
        flags, tag, value = content.split(maxsplit=2)
        issuer, *parameters = value.strip('"').split(";")
        pairs = (parameter.partition("=") for parameter in parameters)
        values = {name.strip(): value for name, _, value in pairs}
        methods = values.get("validationmethods")
        return cls(
            flags=int(flags),
            tag=tag.lower(),
            issuer=issuer.strip().lower(),
            methods=None if methods is None else frozenset(methods.strip().split(",")),
        )

    @property
    def blocks_all(self) -> bool:
        """Whether no authority may issue: the record is critical and its tag unknown.

        Let's Encrypt treats the flag 1, a common mistake, like 128 (critical).
        """
        return self.tag not in _TAGS and bool(self.flags & (128 | 1))

    def allows(self, issuer: str) -> bool:
        """Whether it allows this authority to issue by the servers' method."""
        allowed = self.methods is None or METHOD in self.methods
        return self.tag == ISSUE and bool(issuer) and self.issuer == issuer and allowed

    def loosens(self, issuer: str) -> bool:
        """Whether it allows this authority other methods."""
        return self.tag == ISSUE and self.issuer == issuer and self.methods != frozenset({METHOD})
