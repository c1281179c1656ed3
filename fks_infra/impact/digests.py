"""Short digests of files and of JSON values."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def digest_of(value: Any) -> str:
    """The digest of a JSON value; the order of keys does not matter."""
    return digest(json.dumps(value, sort_keys=True).encode())


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Name to digest."""
    return {name: digest(content) for name, content in sorted(files.items())}
