"""Keeps a directory that containers have mounted equal to what a release wants in it."""

from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, bytes]


def read(directory: Path) -> dict[str, bytes]:
    """Every file below a directory by its relative name; none when there is no directory."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def sync(directory: Path, wanted: Files, mode: int = 0o644) -> list[str]:
    """Make `directory` hold exactly `wanted`; returns the names that changed. The directory itself
    stays the same one, because a mount follows the directory and not its name."""
    directory.mkdir(parents=True, exist_ok=True)
    present = read(directory)
    changed = [name for name, content in wanted.items() if present.get(name) != content]
    for name in changed:
        _replace(directory / name, wanted[name], mode)
    gone = [name for name in present if name not in wanted]
    for name in gone:
        (directory / name).unlink()
    return changed + gone


def _replace(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.new")
    scratch.write_bytes(content)
    scratch.chmod(mode)
    scratch.replace(path)
