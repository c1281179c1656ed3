"""The key for signatures, which replaces Authentik's self-signed certificate."""

from typing import Any

import jwt  # type: ignore[import-not-found,unused-ignore]
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_ID = "standin"


def new_key() -> str:
    """Return a new RSA key (PEM)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def load(pem: str) -> Any:
    """Return the private key of a PEM text."""
    return serialization.load_pem_private_key(pem.encode(), None)


def key_set(private: Any) -> dict[str, Any]:
    """Return the public key as a JSON Web Key Set."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
