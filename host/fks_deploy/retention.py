"""Old releases: the last five that served are kept with their images, the rest goes."""

import os
import shutil
from pathlib import Path

from . import images
from .paths import Paths
from .shell import Shell

KEEP = 5
_MARK = "deployed"


def mark(release: Path) -> None:
    """Note that a release served, now."""
    (release / _MARK).touch()
    os.utime(release / _MARK)


def kept(releases: Path) -> set[str]:
    """The names of the releases that stay."""
    served = sorted(releases.glob(f"*/{_MARK}"), key=lambda file: file.stat().st_mtime_ns)
    return {file.parent.name for file in served[-KEEP:]}


def prune(shell: Shell, paths: Paths) -> str:
    """Remove older releases, the images only they used, and uploads that are of no more use."""
    stay = kept(paths.releases)
    gone = [path for path in paths.releases.iterdir() if path.is_dir() and path.name not in stay]
    needed = {image for name in stay for image in images.recorded(paths.releases / name).values()}
    unneeded = {image for path in gone for image in images.recorded(path).values()} - needed
    for path in gone:
        shutil.rmtree(path)
    removed = images.remove(shell, unneeded)
    _remove_uploads(paths, stay)
    return f"{len(gone)} releases, {len(removed)} images removed" if gone else "nothing to remove"


def _remove_uploads(paths: Paths, stay: set[str]) -> None:
    """Tars of releases that are gone, and host bundles other than the one in use."""
    host_bundle = (paths.host_bundles / "current").resolve().name
    wanted = {f"{name}.tar" for name in stay} | {f"host-{host_bundle}.tar"}
    for tar in paths.incoming.glob("*.tar"):
        if tar.name not in wanted:
            tar.unlink()
