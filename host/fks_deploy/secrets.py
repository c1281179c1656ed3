"""Secret values as files that only containers can read.

The directory is root's alone (0700); the files inside are 0444, because a bind mount shows a
container the file without the directory and the container may run as any user.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

Secrets = Mapping[str, Mapping[str, str]]


def write(directory: Path, secrets: Secrets) -> list[str]:
    """Write what is new or different; returns the names written. Unchanged files stay as they are,
    so that a file's time tells when its value last changed."""
    _private(directory)
    written = []
    for role, values in secrets.items():
        _private(directory / role)
        for name, value in values.items():
            file = directory / role / name
            if not file.exists() or file.read_text(encoding="utf-8") != value:
                _replace(file, value)
                written.append(f"{role}/{name}")
    return written


def remove_others(directory: Path, secrets: Secrets) -> list[str]:
    """Delete the values that no release needs any more; returns their names."""
    wanted = {directory / role / name for role, values in secrets.items() for name in values}
    gone = [file for file in directory.glob("*/*") if file not in wanted]
    for file in gone:
        file.unlink()
    return [str(file.relative_to(directory)) for file in gone]


def _private(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)


def _replace(file: Path, value: str) -> None:
    descriptor, scratch = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(value)
    Path(scratch).chmod(0o444)
    Path(scratch).replace(file)
