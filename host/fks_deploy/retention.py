"""Retention: the last deployed releases stay with their images, older ones are removed."""

import os
import shutil
from pathlib import Path

from . import images, served_builds
from .paths import Paths
from .shell import Shell

KEEP = 5
MARKER = "deployed"


def mark_deployed(release: Path) -> None:
    """Record that the release went into service now."""
    (release / MARKER).touch()
    os.utime(release / MARKER)


def by_deploy(releases: Path) -> list[Path]:
    """The directories of the releases that were in service, by the time of their last deploy."""
    deployed = sorted(releases.glob(f"*/{MARKER}"), key=lambda file: file.stat().st_mtime_ns)
    return [file.parent for file in deployed]


def deployed_at(release: Path) -> float:
    """When the release went into service, in seconds since 1970."""
    return (release / MARKER).stat().st_mtime


def kept(releases: Path) -> set[str]:
    """The names of the releases that stay."""
    return {release.name for release in by_deploy(releases)[-KEEP:]}


def prune(shell: Shell, paths: Paths) -> str:
    """Remove older releases, images that only they used, and their uploads; returns a note."""
    stay = kept(paths.releases)
    old = [path for path in paths.releases.iterdir() if path.is_dir() and path.name not in stay]
    needed = {image for name in stay for image in images.recorded(paths.releases / name).values()}
    unneeded = {image for path in old for image in images.recorded(path).values()} - needed
    for path in old:
        shutil.rmtree(path)
    removed = images.remove(shell, unneeded)
    remove_uploads(paths, stay)
    builds = served_builds.prune(paths, (paths.releases / name for name in stay))
    if not old and not builds:
        return "nothing to remove"
    return f"{len(old)} releases, {len(removed)} images, {builds} static builds removed"


def remove_uploads(paths: Paths, stay: set[str]) -> None:
    """Remove the tars of removed releases, and of host scripts that are not current."""
    host_bundle = (paths.host_bundles / "current").resolve().name
    needed = {f"{name}.tar" for name in stay} | {f"host-{host_bundle}.tar"}
    for tar in paths.incoming.glob("*.tar"):
        if tar.name not in needed:
            tar.unlink()
