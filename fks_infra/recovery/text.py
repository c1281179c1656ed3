"""How the recovery sheet writes keys, addresses of backends and the place of the passphrase."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import yaml

_SECRET = re.compile("key|secret|token|password|sig|credential", re.IGNORECASE)


def fingerprint(line: str) -> str:
    """SHA256:... of a public key's line, as ssh-keygen prints it, or "no key"."""
    try:
        blob = base64.b64decode(line.split()[1], validate=True)
    except (IndexError, binascii.Error):
        return "no key"
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


def without_credentials(url: str) -> str:
    """The URL without user, password, and parameters that may hold a secret."""
    parts = urlsplit(url)
    if not parts.scheme:
        return url
    query = [(name, text) for name, text in parse_qsl(parts.query) if not _SECRET.search(name)]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(query, safe="/:"), ""))


def passphrase_place(settings: Path, environ: Mapping[str, str]) -> str:
    """Where pulumi finds what decrypts the stack's secrets."""
    document = yaml.safe_load(settings.read_text()) if settings.is_file() else None
    if provider := (document or {}).get("secretsprovider"):
        return f"none: {without_credentials(provider)} decrypts"
    if not (document or {}).get("encryptionsalt"):
        return "none: Pulumi Cloud decrypts"
    if environ.get("PULUMI_CONFIG_PASSPHRASE"):
        return "read from the variable PULUMI_CONFIG_PASSPHRASE"
    if file := environ.get("PULUMI_CONFIG_PASSPHRASE_FILE"):
        return f"read from the file {file} (PULUMI_CONFIG_PASSPHRASE_FILE)"
    return "empty: anyone with the state reads its secrets"
