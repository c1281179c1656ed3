"""The containers of a server, with what `fks:services` changes of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.settings import ServiceOverride, Settings
from fks_infra.roles.edge import EDGE
from fks_infra.roles.role import Role, Service
from fks_infra.topology.sizing import headroom, memory_limits
from fks_infra.topology.tuning import tuning


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
    stacks = [tuple(_chosen(stack.services, settings)) for stack in (*roles, EDGE)]
    limits = _limits([service for stack in stacks for service in stack], settings, plan)
    return tuple(
        _spec(
            service,
            _override(service, settings.services),
            memory=limits[service.name],
            variables=tuning(service, stack, limits, plan),
        )
        for stack in stacks
        for service in stack
    )


def left_out_notices(roles: tuple[Role, ...], settings: Settings) -> Iterator[str]:
    """A sentence for each service that has no image."""
    for service in (service for role in roles for service in role.services):
        if _is_enabled(service, settings) and not _image(service, settings):
            yield f"fks:services.{service.name}.image is not set: {service.name} is left out."


def _chosen(services: Sequence[Service], settings: Settings) -> Iterator[Service]:
    for service in services:
        if _is_enabled(service, settings) and _image(service, settings):
            yield service


def _is_enabled(service: Service, settings: Settings) -> bool:
    return (settings.gpu or not service.gpu) and (settings.pitr or not service.pitr)


def _image(service: Service, settings: Settings) -> str:
    return _override(service, settings.services).image or service.image


def _override(service: Service, overrides: Mapping[str, ServiceOverride]) -> ServiceOverride:
    """A replica has its own port, and everything else from the service it is a replica of; with
    `image_of` only the image is another service's."""
    own = overrides.get(service.name, ServiceOverride())
    if service.image_of is not None:
        other = overrides.get(service.image_of, ServiceOverride())
        return replace(own, image=other.image, digest=other.digest)
    if service.replica_of is None:
        return own
    return replace(overrides.get(service.replica_of, ServiceOverride()), port=own.port)


def _limits(services: Sequence[Service], settings: Settings, plan: Plan) -> dict[str, int]:
    """The memory limits: a limit of `fks:services` is exact, the others grow with the plan."""
    exact = {service.name: _override(service, settings.services).memory for service in services}
    smallest = {
        service.name: exact[service.name] or service.smallest_limit(low_memory=settings.low_memory)
        for service in services
    }
    shares = {service.name: service.share for service in services if not exact[service.name]}
    return memory_limits(smallest, shares, plan.memory - headroom(plan))


def _spec(
    service: Service, override: ServiceOverride, *, memory: int, variables: Mapping[str, str]
) -> ServiceSpec:
    return ServiceSpec(
        name=service.name,
        key=service.key,
        image=override.image_or(service.image),
        memory=memory,
        smallest=override.memory or service.smallest_limit(low_memory=True),
        port=override.port or service.port,
        tuning={**variables, **_volume(service, override)},
    )


def _volume(service: Service, override: ServiceOverride) -> dict[str, str]:
    """The variable of compose.yaml with the volume's name; empty for the first volume."""
    if not override.volume:
        return {}
    return {f"{service.key}_VOLUME": f"{service.name}-data-{override.volume}"}
