"""What the inventory has of one server, as JSON types."""

from collections.abc import Mapping
from typing import Any

from fks_infra.config.settings import ServiceOverride, Settings
from fks_infra.impact.definitions import Definition, definitions
from fks_infra.impact.digests import digest, digest_of, digests
from fks_infra.impact.host_parts import HostParts
from fks_infra.release.bundle import pack
from fks_infra.release.cloud_init import user_data
from fks_infra.release.commands import bootstrap
from fks_infra.release.environment import release_environment
from fks_infra.release.files import release_files
from fks_infra.roles import roles_named
from fks_infra.topology.builds import BuildSpec
from fks_infra.topology.servers import ServerSpec, Topology
from fks_infra.topology.services import ServiceSpec

Parts = dict[str, Any]

_FILES = {"nginx": "nginx/", "scripts": "compose/lib/", "compose": "compose/"}


def server_parts(
    topology: Topology, settings: Settings, server: ServerSpec, host: HostParts
) -> Parts:
    """Machine, bootstrap, release, services, builds and secrets of one server."""
    files = release_files(topology, settings, server)
    environment = release_environment(topology, settings, server)
    defined = definitions(files, environment)
    return {
        "machine": _machine(settings, server),
        # The same arguments run the same steps; the digest of the host scripts is apart.
        "bootstrap": digest_of(bootstrap("", server)),
        "host": host.archive,
        "release": digest(pack(files)),
        "pin": vars(pin) if (pin := settings.pin.get(server.name)) else None,
        "files": _by_kind(files),
        "certificates": {
            role: sorted(name.fqdn for name in server.names if name.role == role)
            for role in server.roles
        },
        "services": {
            one.name: _service(one, settings.services, defined[one.name])
            for one in server.services
            if one.name in defined
        },
        "builds": {one.name: _build(one, settings.services) for one in server.builds},
        "secrets": _secret_files(server, settings.rotation),
    }


def _machine(settings: Settings, server: ServerSpec) -> Parts:
    return {
        "roles": list(server.roles),
        "plan": server.plan.id,
        "disk": server.plan.disk,
        "dollars": server.plan.monthly_price(settings.region),
        "region": settings.region,
        "image": settings.image,
        "generation": server.generation,
        "protected": server.protect,
        "firewall": list(settings.ssh_from),
        "first_boot": digest(user_data(settings, server, "").encode()),
    }


def _by_kind(files: Mapping[str, bytes]) -> Parts:
    """Kind to file to digest; a file is of the first kind whose folder it is in."""
    found: Parts = {kind: {} for kind in (*_FILES, "settings")}
    for name, value in digests(files).items():
        kinds = (kind for kind, folder in _FILES.items() if name.startswith(folder))
        found[next(kinds, "settings")][name] = value
    return found


def _service(
    service: ServiceSpec, overrides: Mapping[str, ServiceOverride], definition: Definition
) -> Parts:
    return {**vars(definition), "image": service.image, "refresh": _refresh(service, overrides)}


def _build(build: BuildSpec, overrides: Mapping[str, ServiceOverride]) -> Parts:
    return {"image": build.image, "root": build.root, "refresh": _refresh(build, overrides)}


def _refresh(
    part: ServiceSpec | BuildSpec, overrides: Mapping[str, ServiceOverride]
) -> str | int | None:
    return overrides.get(part.name, ServiceOverride()).refresh


def _secret_files(server: ServerSpec, rotation: Mapping[str, int]) -> Parts:
    """Secret file to a digest of the generated secret's name, of the text around its value, and of
    the number of its rotation."""
    return {
        file.name: digest_of([secret.name, file.text, *_number(rotation.get(secret.name))])
        for role in roles_named(server.roles)
        for secret in role.secrets
        for file in secret.files
    }


def _number(number: int | None) -> list[int]:
    return [] if number is None else [number]
