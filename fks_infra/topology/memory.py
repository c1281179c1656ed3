"""Whether the containers' memory limits fit the plans."""

from collections.abc import Iterable, Iterator

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import Plans, smallest_shared
from fks_infra.roles import roles_named
from fks_infra.topology.servers import ServerSpec
from fks_infra.topology.sizing import headroom


def zram_size(roles: tuple[str, ...], plan: Plan) -> int:
    """MiB of zram: the plan's memory, where its only role needs more than the plan has, else 0.

    The idle part of such an application compresses well. On a server with several roles zram is
    not counted, because the sum of their busy parts has to fit.
    """
    (first, *others) = roles_named(roles)
    return 0 if others or plan.memory >= first.documented_memory else plan.memory


def available_memory(server: ServerSpec) -> int:
    """MiB that its containers may use together."""
    return server.plan.memory + server.zram - headroom(server.plan)


def memory_errors(servers: Iterable[ServerSpec], plans: Plans) -> Iterator[str]:
    """A paragraph for each server whose containers do not fit its plan."""
    for server in servers:
        if server.memory_limit > available_memory(server):
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r}: its services may use "
                f"{server.memory_limit} MiB, and {available_memory(server)} of the plan's "
                f"{server.plan.memory} MiB are available to them. Write {_remedy(server, plans)}."
            )


def _remedy(server: ServerSpec, plans: Plans) -> str:
    fitting = smallest_shared(
        plans, lambda plan: plan.memory - headroom(plan) >= server.memory_limit
    )
    larger = f"fks:plan.{server.name}: {fitting.id}" if fitting else "smaller fks:services limits"
    smallest = sum(service.smallest for service in server.services)
    fits = smallest <= available_memory(server)
    return f"{larger}, or set fks:lowMemory: true" if fits else larger


def memory_notices(servers: Iterable[ServerSpec], plans: Plans) -> Iterator[str]:
    """A paragraph for each server that needs zram to fit."""
    for server in servers:
        if server.zram:
            (role,) = roles_named(server.roles)
            larger = _next_larger(server.plan, plans)
            yield (
                f"fks:plan.{server.name} is {server.plan.id!r} with {server.plan.memory} MiB, and "
                f"{role.application} is documented to need {role.documented_memory} MiB: it gets "
                f"one worker and {server.zram} MiB of zram, and its administration pages are slow. "
                f"Recommended: fks:plan.{server.name}: {(larger or server.plan).id}."
            )


def _next_larger(plan: Plan, plans: Plans) -> Plan | None:
    return smallest_shared(plans, lambda other: other.memory > plan.memory)
