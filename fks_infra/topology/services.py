"""The containers of a server, with what `fks:services` changes of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.settings import ServiceOverride, Settings
from fks_infra.roles.edge import EDGE
from fks_infra.roles.role import Role, Service
from fks_infra.topology.sizing import headroom, memory_limits
from fks_infra.topology.tuning import tuning

Overrides = Mapping[str, ServiceOverride]


@dataclass(frozen=True, kw_only=True)
class ServiceSpec:
    """A container. `memory` is its limit in MiB, `smallest` what it may shrink to with
    `fks:lowMemory`; `tuning` has further variables of release.env.
    """

    name: str
    key: str
    image: str
    memory: int
    smallest: int
    port: int | None
    tuning: Mapping[str, str]


def services_of(roles: tuple[Role, ...], settings: Settings, plan: Plan) -> tuple[ServiceSpec, ...]:
    """The containers of a server with these roles on this plan, the edge last."""
    overrides = settings.services
    stacks = [tuple(_chosen(stack.services, overrides)) for stack in (*roles, EDGE)]
    services = [service for stack in stacks for service in stack]
    limits = _limits(services, overrides, plan, low_memory=settings.low_memory)
    return tuple(
        _spec(
            service,
            override_of(service, overrides),
            memory=limits[service.name],
            variables=tuning(service, stack, limits, plan),
        )
        for stack in stacks
        for service in stack
    )


def override_of(service: Service, overrides: Overrides) -> ServiceOverride:
    """What changes of it; a replica has the image, digest and memory of its original."""
    own = overrides.get(service.name, ServiceOverride())
    original = overrides.get(service.replica_of, ServiceOverride())
    return replace(
        own,
        image=own.image or original.image,
        digest=own.digest or original.digest,
        memory=own.memory or original.memory,
    )


def left_out(services: Sequence[Service], overrides: Overrides) -> list[str]:
    """The names of the optional services that have no image."""
    return [
        service.name
        for service in services
        if not (service.image or override_of(service, overrides).image)
    ]


def _chosen(services: Sequence[Service], overrides: Overrides) -> Iterator[Service]:
    missing = left_out(services, overrides)
    yield from (service for service in services if service.name not in missing)


def _limits(
    services: Sequence[Service], overrides: Overrides, plan: Plan, *, low_memory: bool
) -> dict[str, int]:
    """The memory limits: a limit of `fks:services` is exact, the others grow with the plan."""
    exact = {service.name: override_of(service, overrides).memory for service in services}
    smallest = {
        service.name: exact[service.name] or service.smallest_limit(low_memory=low_memory)
        for service in services
    }
    shares = {service.name: service.share for service in services if not exact[service.name]}
    return memory_limits(smallest, shares, plan.memory - headroom(plan))


def _spec(
    service: Service, override: ServiceOverride, *, memory: int, variables: Mapping[str, str]
) -> ServiceSpec:
    image = override.image or service.image
    return ServiceSpec(
        name=service.name,
        key=service.key,
        image=f"{image}@{override.digest}" if override.digest else image,
        memory=memory,
        smallest=override.memory or service.smallest_limit(low_memory=True),
        port=override.port or service.port,
        tuning=variables,
    )
