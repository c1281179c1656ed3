"""Content-addressed tar files: the same files give the same bytes on every machine."""

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

# Relative: the state holds this path, and laptop and workflow check out to different places.
BUNDLES = Path(".fks/bundles")

_LEFT_OUT = (".*", "*~", "*.pyc", "*.swp", "__pycache__")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A tar file below the working directory, named after the SHA-256 of its bytes."""

    digest: str
    path: Path


def tree(root: Path, *, prefix: str = "", leave_out: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files below `root` by archive name; caches, hidden and `leave_out` names are not in."""
    return {
        f"{prefix}{path.relative_to(root).as_posix()}": normalise(path.read_bytes())
        for path in _files(root, (*_LEFT_OUT, *leave_out))
    }


def _files(directory: Path, left_out: tuple[str, ...]) -> Iterator[Path]:
    for entry in directory.iterdir():
        if any(fnmatch(entry.name, pattern) for pattern in left_out):
            continue
        if entry.is_dir():
            yield from _files(entry, left_out)
        else:
            yield entry


def normalise(content: bytes) -> bytes:
    """Text with Unix line ends; anything with a NUL byte is left as it is."""
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")


def pack(files: Mapping[str, bytes]) -> bytes:
    """A tar of the files by order of name; scripts are executable, nothing else differs."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            entry.mode = 0o755 if files[name].startswith(b"#!") else 0o644
            entry.mtime = 0
            archive.addfile(entry, io.BytesIO(files[name]))
    return buffer.getvalue()


def write(files: Mapping[str, bytes], directory: Path = BUNDLES) -> Bundle:
    """Pack the files into `directory`/<digest>.tar; a present one is kept, it can only be equal."""
    content = pack(files)
    digest = hashlib.sha256(content).hexdigest()
    path = directory / f"{digest}.tar"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        # Two previews at once must not see each other's half-written file.
        unfinished = path.with_suffix(f".{id(content)}.part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return Bundle(digest=digest, path=path)
