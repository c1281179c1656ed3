"""Certificate authorities by their ACME server."""

from urllib.parse import urlsplit

LETS_ENCRYPT = "letsencrypt.org"
# Authorities that create ACME accounts for their customers only, by the domain of the server:
# https://zerossl.com/documentation/acme/, https://cloud.google.com/certificate-manager/docs/public-ca,
# https://www.ssl.com/guide/ssl-tls-certificate-issuance-and-revocation-with-acme/
_CUSTOMERS_ONLY = ("zerossl.com", "pki.goog", "ssl.com", "sectigo.com", "digicert.com")


def is_lets_encrypt(acme_server: str) -> bool:
    """Whether the ACME server is Let's Encrypt's, production or staging."""
    return _is_below(acme_server, LETS_ENCRYPT)


def needs_external_account(acme_server: str) -> bool:
    """Whether the authority is known to require an external account (RFC 8555, section 7.3.4)."""
    return any(_is_below(acme_server, domain) for domain in _CUSTOMERS_ONLY)


def _is_below(acme_server: str, domain: str) -> bool:
    host = urlsplit(acme_server).hostname or ""
    return host == domain or host.endswith(f".{domain}")
