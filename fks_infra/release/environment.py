"""The plain variables of a release: what compose files and virtual hosts may name."""

from fks_infra.config.settings import Settings
from fks_infra.roles import roles_named
from fks_infra.roles.role import Role
from fks_infra.topology.servers import ServerSpec, Topology


def release_environment(
    topology: Topology, settings: Settings, server: ServerSpec
) -> dict[str, str]:
    """NAME to value, as release.env has them."""
    values = {"FKS_MODE": topology.mode, "TZ": settings.timezone}
    values |= {f"{role.upper()}_DOMAIN": domain for role, domain in topology.domains.items()}
    for role in roles_named(server.roles):
        values |= _role_variables(role, server, low_memory=settings.low_memory)
    for service in server.services:
        values[f"IMAGE_{service.key}"] = service.image
        values[f"MEMORY_{service.key}"] = f"{service.memory}m"
    return values


def _role_variables(role: Role, server: ServerSpec, *, low_memory: bool) -> dict[str, str]:
    (entry,) = (service for service in server.services if service.name == role.entry)
    prefix = role.name.upper()
    replicas = {service.name for service in role.services if service.replica_of}
    return {
        f"{prefix}_PORT": str(entry.port),
        **{f"{one.key}_PORT": str(one.port) for one in server.services if one.name in replicas},
        f"{prefix}_NAMES": " ".join(name.fqdn for name in server.names if name.role == role.name),
        **dict(role.variables),
        **(dict(role.low_memory_variables) if low_memory else {}),
    }
