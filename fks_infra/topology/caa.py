"""CAA records: which authority may issue for a name, and by which proof (RFC 8659, RFC 8657)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fks_infra.config.acme import LETS_ENCRYPT, is_lets_encrypt

# The proof the servers give.
METHOD = "dns-01"
ISSUE = "issue"
_TAGS = frozenset({ISSUE, "issuewild", "iodef"})


def data(issuer: str) -> dict[str, Any]:
    """The record that lets this authority issue by our proof, as Cloudflare's provider takes it."""
    return {"flags": 0, "tag": ISSUE, "value": f"{issuer}; validationmethods={METHOD}"}


def content(issuer: str) -> str:
    """The same record as Cloudflare shows it."""
    return '{flags} {tag} "{value}"'.format(**data(issuer))


def caa_warnings(issuer: str, acme_server: str) -> Iterator[str]:
    """What may be wrong: an authority of one's own may not look at CAA records at all."""
    if issuer == LETS_ENCRYPT and not is_lets_encrypt(acme_server):
        yield (
            f"fks:caaIssuer is {issuer!r}, and fks:acmeServer is {acme_server!r}, another "
            f"authority: one that honours CAA records will not issue. Write into fks:caaIssuer the "
            f"name it goes by in CAA records, or nothing for no record."
        )


@dataclass(frozen=True, kw_only=True)
class Property:
    """What a record says. `issuer` is empty where it names none; `methods` are the proofs it asks
    for, None if any will do. An account it asks for is left out: it may be the servers' own.
    """

    flags: int
    tag: str
    issuer: str
    methods: frozenset[str] | None

    @classmethod
    def parse(cls, shown: str) -> "Property":
        """From a record's content as Cloudflare shows it; ValueError if it is none of a CAA."""
        flags, tag, value = shown.split(maxsplit=2)
        issuer, *parameters = value.strip('"').split(";")
        named = {name.strip(): said for name, _, said in (p.partition("=") for p in parameters)}
        methods = named.get("validationmethods")
        return cls(
            flags=int(flags),
            tag=tag.lower(),
            issuer=issuer.strip().lower(),
            methods=None if methods is None else frozenset(methods.strip().split(",")),
        )

    @property
    def stops_everybody(self) -> bool:
        """Whether an authority must know what it does not: it is critical, and not of a known tag.

        Many write 1 for critical where 128 is meant, and Let's Encrypt takes both for it.
        """
        return self.tag not in _TAGS and bool(self.flags & (128 | 1))

    def allows(self, issuer: str) -> bool:
        """Whether it lets this authority, by its name, issue by the servers' proof."""
        proven = self.methods is None or METHOD in self.methods
        return self.tag == ISSUE and bool(issuer) and self.issuer == issuer and proven

    def loosens(self, issuer: str) -> bool:
        """Whether it lets this authority issue by other proofs."""
        return self.tag == ISSUE and self.issuer == issuer and self.methods != frozenset({METHOD})
