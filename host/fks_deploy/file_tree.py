"""Reads and synchronises directories that containers have mounted."""

from collections.abc import Mapping
from pathlib import Path

from . import atomic_file

Files = Mapping[str, bytes]


def read(directory: Path) -> dict[str, bytes]:
    """Relative name -> content of every file below `directory`; empty when it does not exist."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def sync(directory: Path, files: Files, mode: int = 0o644) -> list[str]:
    """Make `directory` contain exactly `files`; returns the changed and deleted names. The
    directory itself is not replaced: a bind mount keeps the inode, not the path."""
    directory.mkdir(parents=True, exist_ok=True)
    present = read(directory)
    changed = [name for name, content in files.items() if present.get(name) != content]
    for name in changed:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(directory / name, files[name], mode)
    deleted = [name for name in present if name not in files]
    for name in deleted:
        (directory / name).unlink()
    return changed + deleted
