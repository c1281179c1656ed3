"""The plain variables of a release: what compose files and virtual hosts may name."""

from fks_infra.config.settings import Settings
from fks_infra.release.images import image_variables
from fks_infra.roles import SERVICES, roles_named
from fks_infra.roles.role import Role
from fks_infra.topology.servers import ServerSpec, Topology


def release_environment(
    topology: Topology, settings: Settings, server: ServerSpec
) -> dict[str, str]:
    """NAME to value, as release.env has them."""
    values = {"FKS_MODE": server.mode, "SERVER_TYPE": server.name, "TZ": settings.timezone}
    values |= {f"{role.upper()}_DOMAIN": domain for role, domain in topology.domains.items()}
    for role in roles_named(server.roles):
        values |= _role_variables(role, server)
    optional = {one.name: one for one in SERVICES if one.optional}
    chosen = [optional[one.name] for one in server.services if one.name in optional]
    values["COMPOSE_PROFILES"] = ",".join(service.name for service in chosen)
    values |= {name: value for service in chosen for name, value in service.variables}
    for service in server.services:
        values[f"MEMORY_{service.key}"] = f"{service.memory}m"
        values |= service.tuning
        if service.port:
            values[f"{service.key}_PORT"] = str(service.port)
    return values | image_variables(server, settings.services)


def _role_variables(role: Role, server: ServerSpec) -> dict[str, str]:
    prefix = role.name.upper()
    keys = {service.name: service.key for service in role.services if service.replica_of}
    keys |= {role.entry: prefix}
    ports = {keys[one.name]: one.port for one in server.services if one.name in keys}
    return {
        **{f"{key}_PORT": str(port) for key, port in ports.items()},
        f"{prefix}_NAMES": " ".join(name.fqdn for name in server.names if name.role == role.name),
        **dict(role.variables),
    }
