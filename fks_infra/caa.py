"""CAA records: which authority may issue for a name, and by which proof (RFC 8659, RFC 8657)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

LETS_ENCRYPT = "letsencrypt.org"
# The proof the servers give.
METHOD = "dns-01"


def data(issuer: str) -> dict[str, Any]:
    """The record that lets this authority issue by our proof, as Cloudflare's provider takes it."""
    return {"flags": 0, "tag": "issue", "value": f"{issuer}; validationmethods={METHOD}"}


def content(issuer: str) -> str:
    """The same record as Cloudflare shows it."""
    return '{flags} {tag} "{value}"'.format(**data(issuer))


def is_lets_encrypt(acme_server: str) -> bool:
    """Whether certificates come from Let's Encrypt, be it from its staging server."""
    host = urlsplit(acme_server).hostname or ""
    return host == LETS_ENCRYPT or host.endswith(f".{LETS_ENCRYPT}")


def doubts(issuer: str, acme_server: str) -> Iterator[str]:
    """What may be wrong: an authority of one's own may not look at CAA records at all."""
    if issuer == LETS_ENCRYPT and not is_lets_encrypt(acme_server):
        yield (
            f"fks:caaIssuer is {issuer!r}, and fks:acmeServer is {acme_server!r}, another "
            f"authority: one that honours CAA records will not issue. Write into fks:caaIssuer the "
            f"name it goes by in CAA records, or nothing for no record."
        )
