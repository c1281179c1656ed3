"""A stream of unknown size that proves itself: its last bytes are the SHA-256 of those before."""

import hashlib
from collections.abc import Callable
from typing import IO

from ..errors import DeployError

# What `--sha256` has instead of a checksum.
AT_THE_END = "end"
# Hexadecimal digits
_LENGTH = 64
_CHUNK = 1 << 20


def copy(source: IO[bytes], write: Callable[[bytes], object], what: str) -> int:
    """Hand on all but the trailer; returns the bytes. Error: DeployError for a stream that was cut
    or changed, after all of it was written."""
    digest, held, size = hashlib.sha256(), b"", 0
    while chunk := source.read(_CHUNK):
        held += chunk
        body, held = held[:-_LENGTH], held[-_LENGTH:]
        digest.update(body)
        write(body)
        size += len(body)
    if held != digest.hexdigest().encode():
        raise DeployError(f"{what} did not arrive whole: {size} bytes came without their checksum")
    return size
