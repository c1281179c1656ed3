"""Deletes what deploys have put on this server: containers, volumes, networks, images, releases.

Certificates, backups, secrets and the host scripts stay. The database of the API is dumped first.
"""

import shutil
from typing import Any

from .. import containers, images, release, retention
from ..errors import DeployError
from ..paths import Paths
from ..shell import Shell
from .entry import recorded
from .session import Session, current
from .stop import mark, stop_containers

DATABASE = "api-postgres"
_TIMEOUT = 60.0
# Seconds; longer than BACKUP_TIMEOUT in compose/api/compose.yaml
_DUMP_TIMEOUT = 3900.0
_BACKUP = ("--profile", "backup", "run", "--rm", "--no-deps", "-T", "db-backup")


def found(paths: Paths, shell: Shell) -> dict[str, Any]:
    """What would be deleted: {"containers", "volumes", "networks", "images", "releases": [name],
    "dump": the service whose database is dumped first, or ""}. Error: DeployError before the first
    deploy."""
    loaded = release.load(current(paths))
    project = loaded.project
    return {
        "containers": sorted(one.name for one in containers.of_project(shell, project)),
        "volumes": _named(shell, "volume", project),
        "networks": _named(shell, "network", project),
        "images": sorted(_images(paths)),
        "releases": sorted(path.name for path in paths.releases.iterdir()),
        "dump": _dumped(loaded),
    }


def clean_up(session: Session, *, force: bool) -> None:
    """Stop all stacks, dump the database, which nobody writes to any more, and delete. The stacks
    stay marked as stopped, so that a deploy does not start them with an empty database. Error:
    DeployError; before the step `delete` nothing is deleted."""
    shell, project = session.compose.shell, session.compose.release.project
    with recorded(session, "cleanup", forced=force) as report:
        report.run("mark", lambda: mark(session))
        report.run("stop", lambda: stop_containers(session, force=force))
        report.run("dump", lambda: _dump(session))
        report.run("delete", lambda: _delete(shell, project))
        report.run("release", lambda: _delete_releases(session))


def _dumped(loaded: release.Release) -> str:
    return DATABASE if DATABASE in loaded.placement.services.get("api", ()) else ""


def _dump(session: Session) -> str:
    compose = session.compose
    if not _dumped(compose.release):
        return "no database has a backup here"
    compose.start_only([DATABASE], session.timeouts.healthy)
    line = compose.command_line(*_BACKUP)
    result = compose.shell.attempt(line, name="dump", timeout=_DUMP_TIMEOUT, env=compose.env())
    last = (result.out.strip() or result.err.strip() or "no output").splitlines()[-1]
    if not result.ok:
        stop_containers(session, force=False)
        text = f"the dump of {DATABASE} failed: {last}"
        raise DeployError(f"nothing was deleted, and the stacks are stopped: {text}")
    return last


def _delete(shell: Shell, project: str) -> str:
    """Containers first: they use the volumes and networks."""
    ids = [one.id for one in containers.of_project(shell, project)]
    volumes = _named(shell, "volume", project)
    networks = _named(shell, "network", project)
    for command in (
        ["docker", "rm", "--force", *ids] if ids else [],
        ["docker", "volume", "rm", *volumes] if volumes else [],
        ["docker", "network", "rm", *networks] if networks else [],
    ):
        if command:
            shell.run(command, timeout=_TIMEOUT)
    return f"{len(ids)} containers, {len(volumes)} volumes, {len(networks)} networks"


def _delete_releases(session: Session) -> str:
    """The link to the release in service first: without it nothing counts as deployed."""
    paths, recorded_images = session.paths, _images(session.paths)
    releases = list(paths.releases.iterdir())
    paths.current.unlink()
    for directory in (*releases, *(paths.web.iterdir() if paths.web.is_dir() else ())):
        shutil.rmtree(directory)
    retention.remove_uploads(paths, set())
    removed = images.remove(session.compose.shell, recorded_images)
    return f"{len(releases)} releases, {len(removed)} images"


def _named(shell: Shell, kind: str, project: str) -> list[str]:
    label = f"label=com.docker.compose.project={project}"
    command = ["docker", kind, "ls", "--format", "{{.Name}}", "--filter", label]
    return sorted(shell.run(command, timeout=_TIMEOUT).split())


def _images(paths: Paths) -> set[str]:
    """The images of all releases on this server."""
    return {image for one in paths.releases.iterdir() for image in images.recorded(one).values()}
