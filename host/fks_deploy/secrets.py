"""Secret values as files that only containers can read.

The directory belongs to root (0700). The files in it are 0444, because a bind mount gives a
container the file without the directory, and the container may run as any user.
"""

from collections.abc import Mapping
from pathlib import Path

from . import atomic_file

Secrets = Mapping[str, Mapping[str, str]]


def write(directory: Path, secrets: Secrets, *, replace: bool = True) -> list[str]:
    """Write new and, with `replace`, changed values; returns their names as `role/NAME`. Unchanged
    files are not touched, so a file's modification time is that of its last change."""
    _create_private(directory)
    written = []
    for role, values in secrets.items():
        _create_private(directory / role)
        for name, value in values.items():
            file = directory / role / name
            if not file.exists() or (replace and file.read_text(encoding="utf-8") != value):
                atomic_file.write(file, value.encode(), 0o444)
                written.append(f"{role}/{name}")
    return written


def remove_others(directory: Path, secrets: Secrets) -> list[str]:
    """Delete the files of values that are not in `secrets`; returns their names as `role/NAME`."""
    used = {directory / role / name for role, values in secrets.items() for name in values}
    removed = [file for file in directory.glob("*/*") if file not in used]
    for file in removed:
        file.unlink()
    return [str(file.relative_to(directory)) for file in removed]


def _create_private(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
