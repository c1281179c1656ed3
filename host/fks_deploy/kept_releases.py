"""The releases that are kept on this server, and what differs between neighbours."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import env_file, image_versions, release_changes, retention, rollback, stack_lock
from .output import now
from .paths import Paths
from .shell import Shell
from .watch.utc import iso


def document(paths: Paths, shell: Shell) -> dict[str, Any]:
    """{"server", "time", "lock": as bin/stack-lock, "releases": [RELEASE] by time of deploy, newest
    first}.

    RELEASE: {"digest", "deployed": time in UTC, "in_service", "bytes" of its files, "versions":
    as image_versions, "changes": as release_changes since the next older one, None for the
    oldest}."""
    role = env_file.parse(paths.role.read_text()) if paths.role.exists() else {}
    kept = retention.by_deploy(paths.releases)[-retention.KEEP :][::-1]
    current = rollback.current(paths)
    return {
        "server": role.get("SERVER", ""),
        "time": now(),
        "lock": asdict(lock) if (lock := stack_lock.read(paths)) else None,
        "releases": [
            {
                "digest": release.name,
                "deployed": iso(retention.deployed_at(release)),
                "in_service": release == current,
                "bytes": _bytes(release),
                "versions": image_versions.versions(shell, release),
                "changes": release_changes.changes(older, release) if older else None,
            }
            for release, older in zip(kept, [*kept[1:], None], strict=False)
        ],
    }


def _bytes(release: Path) -> int:
    return sum(file.stat().st_size for file in release.rglob("*") if file.is_file())
