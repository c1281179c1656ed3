"""Which servers use a GPU (`fks:gpu`), and whether they have one."""

from collections.abc import Iterable, Iterator

from fks_infra.config.plans import Plans, gpu_plans
from fks_infra.config.settings import Settings
from fks_infra.roles import roles_named
from fks_infra.topology.servers import ServerSpec


def nvidia_key(settings: Settings, role_names: tuple[str, ...]) -> str:
    """The fingerprint of the key that signs NVIDIA's packages; empty if a server with these roles
    needs none of them.
    """
    return settings.nvidia_key_fingerprint if settings.gpu and _has_service(role_names) else ""


def gpu_errors(servers: Iterable[ServerSpec], plans: Plans) -> Iterator[str]:
    """A paragraph for each server whose role has a service for a GPU, and whose plan has none."""
    for server in servers:
        if _has_service(server.roles) and not server.plan.gpus:
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


def _has_service(role_names: tuple[str, ...]) -> bool:
    """Whether a role has a service for a GPU."""
    return any(service.gpu for role in roles_named(role_names) for service in role.services)
