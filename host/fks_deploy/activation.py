"""Activates one release; the same for a new release and for a rollback."""

from . import (
    container_repair,
    containers,
    file_tree,
    marker,
    nginx,
    resolvers,
    rolling,
    served_builds,
    stops,
    tailnet,
    tls,
)
from .compose import Compose
from .errors import DeployError
from .timeouts import Timeouts


def configuration(compose: Compose) -> dict[str, bytes]:
    """The edge's rendered files. Error: DeployError for a template with an unknown name, and for a
    server without name servers."""
    values = {
        **compose.release.env,
        "LISTEN_ADDRESS": compose.address,
        "RESOLVERS": " ".join(resolvers.read(compose.paths.resolv_conf)),
        **_callers(compose),
        **served_builds.values(compose.release.directory, compose.release.builds),
    }
    return nginx.render_all(compose.release.directory / "nginx", values)


def _callers(compose: Compose) -> dict[str, str]:
    """ROLE_CALLERS: the directives by which nginx trusts the edges that pass requests on to a role.
    Without tailscaled it trusts none, and fks-edge adds them later."""
    callers = compose.release.callers
    try:
        found = tailnet.read(compose.shell).addresses if any(callers.values()) else None
    except DeployError as error:
        compose.shell.output.log(f"no callers of this server are known: {error}")
        found = None
    return {
        f"{role.upper()}_CALLERS": nginx.trusted(found(tags) if found else ())
        for role, tags in callers.items()
    }


def install(compose: Compose) -> str:
    """Write the files that containers have mounted; returns a note with the number of changes."""
    scripts = file_tree.read(compose.release.directory / "compose/lib")
    changed = file_tree.sync(compose.paths.lib, scripts, mode=0o755)
    changed += install_edge(compose)
    return f"{len(changed)} changed" if changed else "unchanged"


def install_edge(compose: Compose) -> list[str]:
    """Write the files that nginx reads; returns the names of the changed ones. The marker
    `reload-needed` is created before a change and stays until nginx has reloaded."""
    files = configuration(compose)
    if file_tree.read(compose.paths.nginx) != files:
        marker.create(compose.paths.reload_needed)
    changed = file_tree.sync(compose.paths.nginx, files)
    return changed + tls.install(compose.shell, compose.paths, compose.release.certificates)


def start(compose: Compose, timeouts: Timeouts) -> str:
    """Replace changed containers in turn, start new ones, remove those of disabled services,
    replace those with a stale secret, and wait until all are healthy; returns a note. Stopped
    stacks stay as they are."""
    stopped = stops.load(compose.paths)
    if compose.release.placement.all_stopped(stopped):
        return f"not started: {stops.sentence(stopped)}"
    shell, project = compose.shell, compose.release.project
    removed = container_repair.repair(shell, project)
    replaced = rolling.replace(compose, timeouts.healthy)
    compose.up(timeouts.healthy)
    services = compose.services()
    names = [one.name for one in compose.all_services()]
    disabled = container_repair.remove_disabled(shell, project, names)
    present = containers.of_project(shell, project)
    stale = containers.with_stale_secrets(present, services)
    if stale:
        compose.recreate(stale, timeouts.healthy)
    notes = [f"{len(present)} containers healthy"]
    notes += [f"replaced in turn: {', '.join(replaced)}"] if replaced else []
    notes += [f"unusable ones removed: {', '.join(removed)}"] if removed else []
    notes += [f"disabled ones removed: {', '.join(disabled)}"] if disabled else []
    notes += [f"new secrets in {', '.join(stale)}"] if stale else []
    return ", ".join(notes)


def reload(compose: Compose) -> str:
    """Make nginx load its files; returns a note. An edge that is stopped reads them when it is
    started."""
    if compose.release.placement.all_stopped(stops.load(compose.paths)):
        return "not started"
    nginx.reload(compose)
    return "tested and reloaded"
