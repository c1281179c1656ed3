"""The uploaded tar: is it what its name says, and where its content goes."""

import hashlib
import re
import shutil
import tarfile
import tempfile
from pathlib import Path

from .errors import DeployError, InputError
from .paths import Paths

_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_name(digest: str) -> str:
    """A digest as given on the command line. Error: InputError."""
    if not _DIGEST.fullmatch(digest):
        raise InputError(f"--digest is {digest!r}: the 64 hex digits of a sha256 are needed")
    return digest


def verify(paths: Paths, digest: str) -> str:
    """Check the tar, or find the release already unpacked. Error: DeployError."""
    tar = paths.incoming / f"{digest}.tar"
    if not tar.exists():
        if (paths.releases / digest).is_dir():
            return "already here"
        raise DeployError(
            f"{tar} is missing and release {digest[:12]} was never unpacked: upload it"
        )
    with tar.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != digest:
        raise DeployError(f"{tar} has the digest {found}: the upload is damaged, upload it again")
    return ""


def unpack(paths: Paths, digest: str) -> str:
    """Unpack beside the goal and rename, so that a release is there whole or not at all."""
    release = paths.releases / digest
    if release.is_dir():
        return "already here"
    paths.releases.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".unpack-", dir=paths.releases))
    try:
        with tarfile.open(paths.incoming / f"{digest}.tar") as tar:
            tar.extractall(scratch, filter="data")
        scratch.chmod(0o755)
        scratch.rename(release)
    except tarfile.TarError as error:
        raise DeployError(f"release {digest[:12]} does not unpack: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return ""
