"""Whether a server that should use a GPU has one (`fks:gpu`)."""

from collections.abc import Iterable, Iterator

from fks_infra.config.plans import Plans, gpu_plans
from fks_infra.roles import roles_named
from fks_infra.topology.servers import ServerSpec


def gpu_errors(servers: Iterable[ServerSpec], plans: Plans) -> Iterator[str]:
    """A paragraph for each server whose role has a service for a GPU, and whose plan has none."""
    for server in servers:
        services = (service for role in roles_named(server.roles) for service in role.services)
        if any(service.gpu for service in services) and not server.plan.gpus:
            yield (
                f"fks:gpu is true, and fks:plan.{server.name} is {server.plan.id!r}, which has no "
                f"GPU. Write one of {', '.join(gpu_plans(plans))} into fks:plan.{server.name}, or "
                f"set fks:gpu: false."
            )


def gpu_notices(servers: Iterable[ServerSpec]) -> Iterator[str]:
    """A paragraph for each server whose GPU no service uses."""
    for server in servers:
        if server.plan.gpus:
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r}, and no service uses its GPU. Set "
                f"fks:gpu: true, or choose a plan without a GPU."
            )
