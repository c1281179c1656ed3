"""release.json: what the deploy on the server needs to know about a release."""

from typing import Any

from fks_infra.config.settings import Settings
from fks_infra.release.probes import api_probes, peer_probes, probes
from fks_infra.roles import ROLES, roles_named
from fks_infra.roles.role import Role
from fks_infra.topology.servers import ServerSpec, Topology
from fks_infra.topology.tailnet_policy import role_tag
from fks_infra.topology.thresholds import thresholds

# The project of Docker Compose; container names begin with it.
PROJECT = "fks"


def compose_file(server: str) -> str:
    """The archive name of the compose file that includes those of the server's stacks."""
    return f"compose/{server}.yaml"


def manifest(topology: Topology, settings: Settings, server: ServerSpec) -> dict[str, Any]:
    """The manifest of a server's release, as JSON types."""
    roles, limits = roles_named(server.roles), thresholds(server.roles)
    return {
        "project": PROJECT,
        "server": server.name,
        "mode": server.mode,
        "roles": list(server.roles),
        "compose_file": compose_file(server.name),
        "domains": dict(topology.domains),
        "authority": {
            "server": settings.acme_server,
            "email": settings.acme_email,
            "dns_propagation_seconds": settings.dns_propagation_seconds,
        },
        "builds": [
            {"name": build.name, "image": f"IMAGE_{build.key}", "root": build.root}
            for build in server.builds
        ],
        "certificates": [
            {
                "name": role.name,
                "domains": [name.fqdn for name in server.names if name.role == role.name],
            }
            for role in roles
        ],
        "services": {role.name: _services(role, server) for role in roles},
        "callers": {role.name: _callers(role, settings.tailnet_tag) for role in roles},
        "probes": [
            probe
            for role in roles
            for make in (probes, api_probes)
            for probe in make(role, topology.domains[role.name])
        ],
        "watch": {
            "cpu": limits.cpu,
            "memory": limits.memory,
            "probes": peer_probes(roles, topology),
        },
    }


def _services(role: Role, server: ServerSpec) -> list[str]:
    """The services of a role's stack that the server has."""
    own = {service.name for service in role.services}
    return [service.name for service in server.services if service.name in own]


def _callers(role: Role, tag: str) -> list[str]:
    """The tags of the servers whose edges pass requests on to the role."""
    targets = {other.name: [proxy.target for proxy in other.proxies] for other in ROLES}
    return [role_tag(tag, name) for name, called in targets.items() if role.name in called]
