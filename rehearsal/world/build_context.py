"""An image and its build context as a tar."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

# Modification time (2020-01-01) of every file in a build context, for Docker's layer cache.
EPOCH = 1577836800


@dataclass(frozen=True)
class Image:
    """One image: its build context, and further files by their names in it (``dir/`` for trees)."""

    tag: str
    context: Path
    extra: dict[str, Path] = field(default_factory=dict)
    push: tuple[str, ...] = ()
    buildargs: dict[str, str] = field(default_factory=dict)


def write_context(image: Image, file: IO[bytes]) -> None:
    """Write the build context as a tar that depends only on file names, contents and modes."""
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, path in sorted([*_files_below(image.context), *_extras(image.extra)]):
            info = archive.gettarinfo(str(path), name)
            info.mtime, info.uid, info.gid, info.uname, info.gname = EPOCH, 0, 0, "", ""
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            if info.isfile():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)


def _extras(extra: dict[str, Path]) -> Iterable[tuple[str, Path]]:
    for name, path in extra.items():
        if name.endswith("/"):
            yield from ((name + inner, file) for inner, file in _files_below(path))
        else:
            yield name, path


def _files_below(directory: Path) -> Iterable[tuple[str, Path]]:
    for path in sorted(directory.rglob("*")):
        if "__pycache__" in path.parts or path.suffix == ".pyc":
            continue
        if path.is_file() or path.is_symlink():
            yield str(path.relative_to(directory)), path
