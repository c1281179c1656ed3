"""Replaces a file in one step."""

import os
from pathlib import Path


def write(path: Path, content: bytes, mode: int = 0o644, owner: int | None = None) -> None:
    """Write `content` to a temporary file beside `path`, then rename it: after an error `path` has
    its old content, and no temporary file uses space. `owner` is a user and group id."""
    # The suffix keeps it out of what nginx and certbot read (*.conf).
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        temporary.chmod(mode)
        if owner is not None:
            os.chown(temporary, owner, owner)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
