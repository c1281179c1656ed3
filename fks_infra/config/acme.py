"""Certificate authorities by their ACME server."""

from urllib.parse import urlsplit

LETS_ENCRYPT = "letsencrypt.org"


def is_lets_encrypt(acme_server: str) -> bool:
    """Whether the ACME server is Let's Encrypt's, production or staging."""
    host = urlsplit(acme_server).hostname or ""
    return host == LETS_ENCRYPT or host.endswith(f".{LETS_ENCRYPT}")
