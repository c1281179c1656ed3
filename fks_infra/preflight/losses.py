"""What a run would do to servers whose disk holds data: delete, rebuild, shrink, move or unprotect
them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from fks_infra.config.plans import PLANS, SERVER_NAMES, SINGLE
from fks_infra.config.settings import Settings
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.state import StateSnapshot
from fks_infra.roles import ROLE_NAMES, data_sets
from fks_infra.topology.names import server_label
from fks_infra.topology.servers import ServerSpec, Topology


@dataclass(frozen=True, kw_only=True)
class Loss:
    """`cause` is what of the settings does it, as "fks:plan.api A -> B shrinks"; `sets` are the
    server's data sets. `successor` is the mode whose servers have none of the data yet, "" for
    none.
    """

    server: str
    cause: str
    sets: tuple[str, ...]
    successor: str = ""

    def __str__(self) -> str:
        return f"{self.cause} the server {self.server}, which holds the data of {self.what}."

    @property
    def what(self) -> str:
        """Its data sets, for people."""
        return " and ".join(self.sets)


def losses(
    topology: Topology,
    settings: Settings,
    state: StateSnapshot,
    missing: Collection[str],
    protected: Collection[str],
) -> Iterator[Loss]:
    """By server. `missing` and `protected` are labels: a server that does not exist has no data,
    and protection prevents deletion and rebuild by itself. `pulumi destroy` runs no program, so the
    run that ends the protection is the last one that can be refused.
    """
    declared = {server.name: server for server in topology.servers}
    for name in SERVER_NAMES:
        label = server_label(settings.stack, name)
        if label in missing or not (sets := held_sets(name, label, state)):
            continue
        server, safe = declared.get(name), label in protected
        if server:
            for cause in _causes(server, settings.region, state, protected=safe):
                yield Loss(server=name, cause=cause, sets=sets)
        elif not safe:
            cause, next_mode = (
                f"fks:mode {topology.mode} deletes",
                _successor(topology, sets, state),
            )
            yield Loss(server=name, cause=cause, sets=sets, successor=next_mode)


def held_sets(name: str, label: str, state: StateSnapshot) -> tuple[str, ...]:
    """The data sets on a server's disk; none before its first release is there."""
    if (INSTANCE, label) not in state.labels or not state.has_resource(f"{name}-stack-release"):
        return ()
    roles = ROLE_NAMES if name == SINGLE else (name,)
    return data_sets(roles)


def _successor(topology: Topology, sets: Collection[str], state: StateSnapshot) -> str:
    """The topology's mode, where a server of it that gets some of the data has no release yet."""
    new = [server.name for server in topology.servers if {*server.roles} & {*sets}]
    empty = not all(state.has_resource(f"{name}-stack-release") for name in new)
    return topology.mode if empty else ""


def _causes(
    server: ServerSpec, region: str, state: StateSnapshot, *, protected: bool
) -> Iterator[str]:
    resource = f"{server.name}-machine-instance"
    before = state.triggers.get(resource, server.generation)
    if protected and not server.protect:
        yield "fks:protect true -> false lets pulumi destroy delete"
    if not protected and before != server.generation:
        yield f"fks:generation.{server.name} {before} -> {server.generation} rebuilds"
    plan, place = state.machines.get(resource, (server.plan.id, region))
    if _is_smaller(server, plan):
        yield f"fks:plan.{server.name} {plan} -> {server.plan.id} shrinks"
    if place != region:
        yield f"fks:region {place} -> {region} moves"


def _is_smaller(server: ServerSpec, before: str) -> bool:
    """Whether the plan is smaller than the one before; than an unknown one it may be."""
    if before == server.plan.id:
        return False
    old = PLANS.get(before)
    return old is None or server.plan.disk < old.disk or server.plan.memory < old.memory
