"""The containers of a server, with what `fks:services` changes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fks_infra.config.settings import ServiceOverride
from fks_infra.roles.edge import EDGE
from fks_infra.roles.role import Role, Service


@dataclass(frozen=True, kw_only=True)
class ServiceSpec:
    """A container. `memory` is its limit in MiB, `smallest` the limit with `fks:lowMemory`."""

    name: str
    key: str
    image: str
    memory: int
    smallest: int
    port: int | None


def services_of(
    roles: tuple[Role, ...], overrides: Mapping[str, ServiceOverride], *, low_memory: bool
) -> tuple[ServiceSpec, ...]:
    """The containers of a server with these roles, the edge last."""
    return tuple(
        _service(service, _override(service, overrides), low_memory=low_memory)
        for stack in (*roles, EDGE)
        for service in stack.services
    )


def _override(service: Service, overrides: Mapping[str, ServiceOverride]) -> ServiceOverride:
    """A replica has its own port, and everything else from the service it is a replica of."""
    own = overrides.get(service.name, ServiceOverride())
    if service.replica_of is None:
        return own
    return replace(overrides.get(service.replica_of, ServiceOverride()), port=own.port)


def _service(service: Service, override: ServiceOverride, *, low_memory: bool) -> ServiceSpec:
    image = override.image or service.image
    memory = override.memory or service.memory_limit(low_memory=low_memory)
    return ServiceSpec(
        name=service.name,
        key=service.key,
        image=f"{image}@{override.digest}" if override.digest else image,
        memory=memory,
        smallest=min(memory, service.memory_limit(low_memory=True)),
        port=override.port or service.port,
    )
