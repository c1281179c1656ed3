"""What PostgreSQL stores of a password, so that a statement does not have the password itself.

https://www.postgresql.org/docs/current/catalog-pg-authid.html, RFC 5803
"""

import hashlib
import hmac
import secrets
from base64 import b64encode

ITERATIONS = 4096
_SALT_BYTES = 16


def verifier(password: str, salt: bytes | None = None) -> str:
    """SCRAM-SHA-256$ITERATIONS:SALT$STORED_KEY:SERVER_KEY of a password in ASCII."""
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(_mac(salted, b"Client Key")).digest()
    server = _mac(salted, b"Server Key")
    parts = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{parts[0]}${parts[1]}:{parts[2]}"


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, "sha256").digest()
