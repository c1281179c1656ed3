"""Reads a stored state; decrypted secrets are marked `{"__secret__": v}` as in the recordings."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rehearsal.plugins.values import SECRET_SIGNATURE, SIGNATURE_KEY

PASSPHRASE = "rehearsal"
ROUNDS = 1_000_000


@functools.cache
def _cipher(salt: str) -> AESGCM:
    key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), base64.b64decode(salt), ROUNDS, 32)
    return AESGCM(key)


def resources(checkpoint: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources of a checkpoint file, in its order, with decrypted secrets."""
    latest = checkpoint["checkpoint"]["latest"] or {}
    if not latest.get("resources"):
        return []
    salt = latest["secrets_providers"]["state"]["salt"].split(":")[1]
    opened: list[dict[str, Any]] = _open(latest["resources"], _cipher(salt))
    return opened


def _open(value: Any, cipher: AESGCM) -> Any:
    if isinstance(value, list):
        return [_open(item, cipher) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
        return {"__secret__": _open(json.loads(_clear(value["ciphertext"], cipher)), cipher)}
    return {name: _open(item, cipher) for name, item in value.items()}


def _clear(text: str, cipher: AESGCM) -> bytes | str:
    if not text.startswith("v1:"):
        # A secret within a secret is encrypted together with it.
        return text
    _, nonce, encrypted = text.split(":")
    return cipher.decrypt(base64.b64decode(nonce), base64.b64decode(encrypted), None)
