"""The uploaded tar of a release: verifies its digest and unpacks it."""

import hashlib
import re
import shutil
import tarfile
import tempfile
from pathlib import Path

from .errors import DeployError, InputError
from .paths import Paths

# Pulumi uploads a release once, so an upload that was cut short has to be requested.
_UPLOAD = "upload it with `pulumi up --replace '**-stack-release'`"
_PINNED = "if fks:pin names it, end the pin: `fks rollback SERVER --unpin`; otherwise"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_digest(digest: str) -> str:
    """The digest, unchanged. Error: InputError when it is not the hex form of a SHA-256."""
    if not _DIGEST.fullmatch(digest):
        raise InputError(f"--digest is {digest!r}: pass the 64 hex digits of a SHA-256")
    return digest


def verify(paths: Paths, digest: str) -> str:
    """Check the tar's digest; without a tar, the release must be unpacked already. Returns a note.
    Error: DeployError."""
    tar = paths.incoming / f"{digest}.tar"
    if not tar.exists():
        if (paths.releases / digest).is_dir():
            return "already unpacked"
        raise DeployError(
            f"{tar} is missing and release {digest[:12]} is not unpacked: {_PINNED} {_UPLOAD}"
        )
    with tar.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != digest:
        raise DeployError(f"{tar} is damaged, its digest is {found}: {_UPLOAD}")
    return ""


def size(paths: Paths, digest: str) -> int:
    """The bytes of the uploaded tar; 0 without one, and for a release that is unpacked already."""
    tar = paths.incoming / f"{digest}.tar"
    unpacked = (paths.releases / digest).is_dir()
    return tar.stat().st_size if tar.exists() and not unpacked else 0


def unpack(paths: Paths, digest: str) -> str:
    """Unpack into a temporary directory and rename it, so that a release is complete or absent.
    Returns a note. Error: DeployError."""
    release = paths.releases / digest
    if release.is_dir():
        return "already unpacked"
    paths.releases.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".unpack-", dir=paths.releases))
    try:
        with tarfile.open(paths.incoming / f"{digest}.tar") as tar:
            tar.extractall(temporary, filter="data")
        temporary.chmod(0o755)
        temporary.rename(release)
    except tarfile.TarError as error:
        raise DeployError(f"release {digest[:12]} cannot be unpacked: {error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return ""
