"""The containers of a server, with what `fks:services` changes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

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
        _service(service, overrides.get(service.name, ServiceOverride()), low_memory=low_memory)
        for stack in (*roles, EDGE)
        for service in stack.services
    )


def _service(service: Service, override: ServiceOverride, *, low_memory: bool) -> ServiceSpec:
    memory = override.memory or service.memory_limit(low_memory=low_memory)
    return ServiceSpec(
        name=service.name,
        key=service.key,
        image=override.image_or(service.image),
        memory=memory,
        smallest=min(memory, service.memory_limit(low_memory=True)),
        port=override.port or service.port,
    )
