"""Smaller variants beside the files of a static build: NAME.gz and NAME.webp.

A variant is never needed: a file whose variant fails, or takes too long, is served as it is.
"""

import gzip
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from .shell import CommandFailedError, Shell

_TEXT = (
    *(".css", ".htm", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm"),
    *(".webmanifest", ".xml"),
)
_SMALLEST_TEXT = 1024
_IMAGES = (".png", ".jpg", ".jpeg")
_MAKE_WEBP = Path(__file__).resolve().parents[1] / "bin/make-webp"
# Bytes of address space and seconds: a server with 1 GiB and one core serves meanwhile.
_MEMORY = 256 << 20
_FILE_SECONDS = 20.0
_TOTAL_SECONDS = 120.0
_NAMED = 5


def make(shell: Shell, directory: Path, files: Iterable[Path]) -> list[str]:
    """Make the variants, one at a time; returns the names of files that stay without one although
    they should have one."""
    chosen = [path for path in files if path.suffix.lower() in (*_TEXT, *_IMAGES)]
    deadline = time.monotonic() + _TOTAL_SECONDS
    # Texts first: they take milliseconds, and pages wait for them.
    ordered = sorted(chosen, key=lambda path: path.suffix.lower() in _IMAGES)
    return [
        str(path.relative_to(directory)) for path in ordered if not _made(shell, path, deadline)
    ]


def note(left: list[str]) -> list[str]:
    """The part of the step's note about files without a variant."""
    if not left:
        return []
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    return [f"no smaller variant of {', '.join(left[:_NAMED])}{more}"]


def _made(shell: Shell, path: Path, deadline: float) -> bool:
    if path.suffix.lower() in _TEXT:
        if path.stat().st_size <= _SMALLEST_TEXT:
            return True
        return _smaller(path, ".gz", lambda target: _compress(path, target))
    if _animated(path):
        return True
    seconds = min(_FILE_SECONDS, deadline - time.monotonic())
    return seconds > 0 and _smaller(
        path, ".webp", lambda target: _convert(shell, path, target, seconds)
    )


def _smaller(path: Path, suffix: str, write: Callable[[Path], bool]) -> bool:
    """Whether writing succeeded. A variant that is not smaller is removed; one that came with the
    image stays."""
    target = path.with_name(path.name + suffix)
    if target.exists():
        return True
    try:
        made = write(target)
        kept = made and target.stat().st_size < path.stat().st_size
    except (OSError, CommandFailedError):
        made = kept = False
    if kept:
        target.chmod(0o644)
        os.utime(target, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    else:
        target.unlink(missing_ok=True)
    return made


def _compress(path: Path, target: Path) -> bool:
    # Without name and time: the same file gives the same bytes.
    with (
        path.open("rb") as source,
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed)
    return True


def _convert(shell: Shell, path: Path, target: Path, seconds: float) -> bool:
    limits = ("nice", "-n", "19", "prlimit", f"--as={_MEMORY}")
    command = [*limits, str(_MAKE_WEBP), str(path), str(target)]
    return shell.attempt(command, name="make-webp", timeout=seconds).ok and target.exists()


def _animated(path: Path) -> bool:
    """Whether it is an animated PNG, of which Pillow would keep one picture."""
    with path.open("rb") as file:
        return b"acTL" in file.read(1 << 16)
