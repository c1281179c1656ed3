"""The static builds that a release serves, recorded at its deploy for a rollback."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import atomic_file
from .paths import Paths
from .static_builds import StaticBuild

RECORD = "builds.json"
# Where compose/edge/compose.yaml mounts Paths.web.
MOUNT = "/srv/fks/web"


@dataclass(frozen=True)
class Served:
    """The ids of the build in service and of the one before; the same id when there is none."""

    current: str
    previous: str


def served(paths: Paths, current: Path | None, name: str, new: str) -> Served:
    """What a release with the build `new` serves after the release in the directory `current`."""
    before = recorded(current).get(name) if current else None
    candidates = (before.current, before.previous) if before else ()
    different = (one for one in candidates if one != new and (paths.web / one).is_dir())
    return Served(new, next(different, new))


def recorded(release: Path) -> dict[str, Served]:
    """Name of a build -> what the release serves; empty before its first deploy."""
    file = release / RECORD
    entries = json.loads(file.read_text()) if file.exists() else {}
    return {name: Served(**entry) for name, entry in entries.items()}


def record(release: Path, builds: Mapping[str, Served]) -> None:
    """Write builds.json into the release's directory."""
    entries = {name: vars(one) for name, one in builds.items()}
    text = json.dumps(entries, indent=2, sort_keys=True) + "\n"
    atomic_file.write(release / RECORD, text.encode())


def values(release: Path, builds: Iterable[StaticBuild]) -> dict[str, str]:
    """<NAME>_ROOT and <NAME>_PREVIOUS_ROOT for the edge's templates. Before the first deploy the
    directories are not known, and the check of the templates needs only the names."""
    known = recorded(release)
    found = {build.name: known.get(build.name, Served("", "")) for build in builds}
    roots = {name.upper(): one for name, one in found.items()}
    return {
        **{f"{name}_ROOT": f"{MOUNT}/{one.current}" for name, one in roots.items()},
        **{f"{name}_PREVIOUS_ROOT": f"{MOUNT}/{one.previous}" for name, one in roots.items()},
    }


def prune(paths: Paths, releases: Iterable[Path]) -> int:
    """Remove the builds that none of these releases serves, and unfinished ones; returns their
    number."""
    used = [one for path in releases for one in recorded(path).values()]
    needed = {name for one in used for name in (one.current, one.previous)}
    present = paths.web.iterdir() if paths.web.is_dir() else ()
    unneeded = [path for path in present if path.name not in needed]
    for path in unneeded:
        shutil.rmtree(path)
    return len(unneeded)
